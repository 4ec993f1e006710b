"""What decoding raises: each message is one line for a person, with what to do next."""

from lxml import etree


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


def is_out_of_memory(error: Exception) -> bool:
    """Whether libxml2 had no memory left, which it tells as an error of the syntax. Then MemoryError is due."""
    return isinstance(error, etree.XMLSyntaxError) and error.code == etree.ErrorTypes.ERR_NO_MEMORY
