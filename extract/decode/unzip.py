"""Zip packages that documents come in, opened with a limit to what they unpack to."""

from __future__ import annotations

import io
import zipfile
import zlib
from lzma import LZMAError

from extract.decode.errors import DamagedDocument, EncryptedDocument

MOST_BYTES = 200_000_000
_MOST_RATIO = 300  # markup of a large table packs to a hundredth; a bomb comes near the format's limit of 1032
_SMALL = 1_000_000
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    KeyError,
    ValueError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    OSError,
)
"""What zipfile raises on packages that are not whole, are under a password, or are packed in a way it does not know."""


def open_zip(data: bytes, most_bytes: int = MOST_BYTES) -> zipfile.ZipFile:
    """The package, for ``read_member``.

    Raises:
        DamagedDocument: it is no whole zip, or its members say that they unpack to more than ``most_bytes`` together.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except FAULTS as error:
        raise _damaged(str(error)) from error
    size = sum(member.file_size for member in package.infolist())
    if size > most_bytes:
        raise _damaged(f"it unpacks to {size // 1_000_000} MB")
    return package


def read_member(package: zipfile.ZipFile, name: str) -> bytes:
    """A member's bytes; never more than the package's directory says, whatever is in it.

    Raises:
        DamagedDocument: there is none of that name, it is not whole, or it unpacks to more than 300 times its size
            (and a megabyte).
        EncryptedDocument: the zip itself has a password.
    """
    try:
        member = package.getinfo(name)
        if member.flag_bits & 1:
            raise EncryptedDocument("a document protected by a password; ask for a copy without one")
        if member.file_size > max(_SMALL, _MOST_RATIO * member.compress_size):
            raise _damaged(f"{name} unpacks to {member.file_size // 1_000_000} MB")
        with package.open(member) as file:
            return file.read(member.file_size)  # a size that is named bounds what is inflated, reading all does not
    except FAULTS as error:
        raise _damaged(str(error)) from error


def _damaged(reason: str) -> DamagedDocument:
    reason = " ".join(reason.split())  # a member's name may hold a line feed
    return DamagedDocument(f"a package that cannot be opened ({reason}); open and save it again in an editor")
