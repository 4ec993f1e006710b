"""What a decoder raises: one clear line for a person, saying what the file is and what to do next."""

from __future__ import annotations


class DecodeError(Exception):
    """The root: these bytes gave no Document. Raised by every decoder; the message is shown to people as it stands."""


class EmptyDocument(DecodeError):
    """Raised when there are no bytes, or nothing but blanks."""


class EncryptedDocument(DecodeError):
    """Raised when a password is needed to open the file."""


class DamagedDocument(DecodeError):
    """Raised when the bytes break the rules of their own format, or stop before its end."""


class UnsupportedFormat(DecodeError):
    """Raised when the bytes are whole, but of a kind that no decoder reads."""
