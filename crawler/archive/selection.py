"""Which files of a folder are documents that we know, and why the others are left."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.sniff import (
    DOC,
    DOCX,
    ENCRYPTED_OFFICE,
    HTML,
    MHTML,
    ODS,
    ODT,
    OFD,
    OLE,
    PDF,
    RTF,
    TEXT,
    XLS,
    XLSX,
    XML,
    ZIP,
    media_type,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENTS = frozenset(
    {HTML, XML, MHTML, PDF, DOCX, DOC, TEXT, OLE, ENCRYPTED_OFFICE, RTF, ODT, ODS, XLSX, XLS, OFD, ZIP}
)
"""Media types of what may be a report."""

_WEB = (".html", ".htm", ".shtml", ".xhtml", ".mht", ".mhtml")
_OFFICE = (
    *(".pdf", ".docx", ".doc", ".wps", ".rtf", ".odt", ".fodt", ".ods", ".xls", ".xlsx", ".et"),
    *(".ofd", ".txt", ".zip"),
)
_ARCHIVES = (".warc", ".warc.gz", ".wacz")
_DATA = (".json", ".jsonl", ".csv", ".tsv", ".md", ".yml", ".yaml", ".toml", ".py", ".log")
_HEAD = 65536


def is_archive(path: Path) -> bool:
    """Is it, by its ending, a WARC or WACZ file?"""
    return path.name.lower().endswith(_ARCHIVES)


def files_under(folder: Path) -> Iterator[tuple[Path, str]]:
    """Everything under a folder but folders, sorted, and why it is left; empty where it is taken.

    A folder that cannot be opened stands for what is in it.
    """
    closed: dict[Path, str] = {}
    found: list[Path] = []

    def note_closed(error: OSError) -> None:
        closed[Path(error.filename)] = str(error.strerror)

    for where, _, names in os.walk(folder, onerror=note_closed):
        found += [Path(where) / name for name in names]
    for path in sorted([*found, *closed]):
        if path in closed:
            yield path, f"a folder that cannot be opened ({closed[path]}): nothing of it was taken"
        elif not path.is_file():
            yield path, "a link that leads nowhere" if path.is_symlink() else "no file"
        elif any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path, "a hidden file"
        elif path.name.startswith("~$"):
            yield path, "an office program's lock file"
        elif not path.suffix:
            yield path, "" if _is_document(path) else "no ending, and its content is no document we know"
        else:
            yield path, "" if _has_ending(path) else f"no kind of document we know ({path.suffix.lower()})"


def why_left(path: Path) -> str:
    """Why a file that was named is left; empty where it is taken: also one that only its content shows to be one."""
    suffix = path.suffix.lower()
    if suffix in _DATA or not (_has_ending(path) or _is_document(path)):
        return f"no kind of document we know ({suffix or 'no ending'})"
    return ""


def _has_ending(path: Path) -> bool:
    return path.name.lower().endswith((*_WEB, *_OFFICE, *_ARCHIVES))


def _is_document(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return media_type(file.read(_HEAD)) in DOCUMENTS
    except OSError:
        return True  # taking it says why it cannot be read


def readable_name(path: Path) -> str:
    """A file's name as text. Names that a Chinese Windows packed are GBK bytes on other systems (PEP 383).

    >>> from pathlib import Path
    >>> readable_name(Path(os.fsdecode("报告.doc".encode("gbk"))))
    '报告.doc'
    """
    raw = os.fsencode(path.name)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
