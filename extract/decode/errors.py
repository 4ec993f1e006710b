"""What decoding raises: each message is one line for a person, with what to do next."""


class DecodeError(Exception):
    """The bytes cannot be made a Document. Root of the others; raised by every decoder."""


class EmptyDocument(DecodeError):  # noqa: N818  # reads as what it is
    """There are no bytes."""


class EncryptedDocument(DecodeError):  # noqa: N818
    """The document opens only with a password."""


class DamagedDocument(DecodeError):  # noqa: N818
    """The format is known, the bytes are not whole."""


class UnsupportedFormat(DecodeError):  # noqa: N818
    """The format is known or unknown, and not read yet."""
