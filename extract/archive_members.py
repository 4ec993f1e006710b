"""ZIP -> the files in it, each a document of its own; nothing is written to disk.

Chinese Windows packs names in GBK without saying so, where the format says code page 437 (APPNOTE 4.4.4, bit 11).
It stands outside ``decode``: a page that shows a member loads no decoder.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.sniff import EMPTY, UNKNOWN, ZIP, media_type

if TYPE_CHECKING:
    from collections.abc import Iterator

WITHIN = "!/"
"""Between the name of a ZIP in a ZIP and the name of a file in it."""

_MOST_MEMBERS = 200
_MOST_BYTES = 64 << 20
_MOST_BYTES_TOGETHER = 256 << 20
_MOST_RATIO, _RATIO_MATTERS = 200, 1 << 20
_DEEPEST = 2
_LONGEST_NAME = 300
_CLUTTER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
_PARTS_OF_PAGES = (".css", ".js", ".ini", ".url")
_OFFICE_PACKAGE = frozenset({"[Content_Types].xml", "mimetype"})
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1


class ZipError(Exception):
    """The ZIP, or a member of it, cannot be unpacked; one line for a person, with what to do next."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a ZIP. ``name``: its path, of one in a ZIP within ``inner.zip!/a.doc``; never twice the same.

    ``error``: why it cannot be unpacked. ``left``: it is no document, and what it is instead. Else ``data`` is one.
    """

    name: str
    data: bytes = b""
    error: str = ""
    left: str = ""


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked."""

    members: int = _MOST_MEMBERS
    size: int = _MOST_BYTES_TOGETHER
    names: set[str] = field(default_factory=set)

    def refusal(self, info: zipfile.ZipInfo) -> str:
        """Why a member is not unpacked; empty where it is, and then it is counted."""
        if self.members <= 0:
            return f"more than {_MOST_MEMBERS} files"
        if info.file_size > min(_MOST_BYTES, self.size):
            return f"too large ({info.file_size >> 20} MB)"
        if info.file_size > max(_RATIO_MATTERS, info.compress_size * _MOST_RATIO):
            return f"it would unpack to {info.file_size // max(1, info.compress_size)} times its size"
        self.members -= 1
        self.size -= info.file_size
        return ""


def members(data: bytes) -> Iterator[Member]:
    """The files of a ZIP and of the ZIPs in it, in their order, one in memory at a time.

    Folders and what systems leave behind (``__MACOSX``, ``Thumbs.db``, Office's ``~$`` locks) are passed over.

    Raises:
        ZipError: it cannot be opened, or is an Office package of a kind that is not read.
    """
    return _walk(data, "", 0, _Budget(), None)


def take(data: bytes, name: str) -> bytes | None:
    """The bytes of the document that ``members`` gives that name; None where there is none.

    Raises:
        ZipError: as ``members``, or that member cannot be unpacked.
    """
    for member in _walk(data, "", 0, _Budget(), name):
        if member.name == name:
            if member.error:
                raise ZipError(member.error)
            return None if member.left else member.data
    return None


def _walk(data: bytes, prefix: str, depth: int, budget: _Budget, wanted: str | None) -> Iterator[Member]:
    with _opened(data) as package:
        for info in package.infolist():
            path = _path(info)
            if info.is_dir() or not path or _is_clutter(path):
                continue
            name = _unique(prefix + path, budget.names)
            refusal = budget.refusal(info)
            if wanted not in (None, name) and not str(wanted).startswith(name + WITHIN):
                continue
            if refusal:
                yield Member(name, left=refusal)
                continue
            yield from _unpacked(package, info, name, depth, budget, wanted)


def _unpacked(
    package: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, depth: int, budget: _Budget, wanted: str | None
) -> Iterator[Member]:
    try:
        content = _read(package, info)
        kind = media_type(content)
        if kind == ZIP and depth < _DEEPEST:
            yield from _walk(content, name + WITHIN, depth + 1, budget, wanted)
            return
    except ZipError as error:
        yield Member(name, error=str(error))
        return
    yield Member(name, content, left=_no_document(kind, name))


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise ZipError(f"a ZIP that cannot be opened ({error}); fetch it again") from error
    if not _OFFICE_PACKAGE.isdisjoint(package.namelist()):
        raise ZipError("a package of an office program, of a kind that is not read; save it as DOCX or PDF")
    return package


def _read(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise ZipError("packed with a password; ask for a copy without one")
    try:
        return package.read(info)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        EOFError,
        OSError,
    ) as error:
        raise ZipError(f"cannot be unpacked ({error or type(error).__name__}); fetch the ZIP again") from error


def _path(info: zipfile.ZipInfo) -> str:
    """A member's path as it was meant.

    >>> packed = zipfile.ZipInfo("报告.doc".encode("gbk").decode("cp437"))
    >>> _path(packed)
    '报告.doc'
    """
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:  # no name of that code page: it was read otherwise
            raw = name.encode("utf-8", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030", "replace")
    name = name.replace("\\", "/").encode("utf-8", "replace").decode("utf-8")
    return "/".join(part for part in name.split("/") if part not in ("", ".", ".."))[-_LONGEST_NAME:]


def _is_clutter(path: str) -> bool:
    lowered = path.lower()
    return (
        lowered.startswith(_CLUTTER)
        or lowered.rpartition("/")[2] in _CLUTTER
        or any(start in f"/{lowered}" for start in ("/._", "/~$"))
    )


def _unique(name: str, names: set[str]) -> str:
    count, unique = 1, name
    while unique in names:
        count += 1
        unique = f"{name} ({count})"
    names.add(unique)
    return unique


def _no_document(kind: str, path: str = "") -> str:
    """What a file is that is no document; empty for one that is, or may be."""
    if path.lower().endswith(_PARTS_OF_PAGES):
        return "a part of a web page"
    if kind.startswith("image/"):
        return "a picture"
    if kind == EMPTY:
        return "empty"
    if kind == UNKNOWN:
        return "no document of a known format"
    return f"{kind}, which is not unpacked" if kind in (ZIP, "application/vnd.rar", "application/gzip") else ""
