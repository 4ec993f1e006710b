"""XLSX (ECMA-376 part 1, 18): the parts that hold cells, looked through and packed anew.

What the library opens is our copy: it holds the very bytes that were counted, nothing else, and each part once.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from extract.decode.errors import DamagedDocument, is_out_of_memory
from extract.decode.sheet_marks import MOST_TEXTS, SheetMarks, ensure_size
from extract.decode.unzip import FAULTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

_MOST_BYTES = 100_000_000
_PART = re.compile(r"(?:\[Content_Types\]\.xml|_rels/\.rels|xl/(?:[^/]+/)*[^/]+\.(?:xml|rels))", re.IGNORECASE)
_USELESS = re.compile(r"xl/(?:theme|drawings|charts|pivot\w*|media|externalLinks|ctrlProps|comments)", re.IGNORECASE)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)
_ON = frozenset({"1", "true", "on"})


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook to be opened: ``data`` the package, ``sheets`` what its sheets hold, in the workbook's order."""

    data: bytes
    sheets: tuple[SheetMarks, ...]


def repack(data: bytes) -> Package:
    """The workbook's own parts.

    Raises:
        DamagedDocument: the package or a part is not whole, or larger than any report.
    """
    try:
        parts = _parts(data)
        sheets = _sheets(parts)
    except (
        *FAULTS,
        etree.LxmlError,
    ) as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        raise DamagedDocument(f"an XLSX that cannot be opened ({error}); open and save it again") from error
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as members:
        for name, part in parts.items():
            members.writestr(zipfile.ZipInfo(name), part)
    return Package(packed.getvalue(), sheets)


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as members:
        kept = [info for info in members.infolist() if _PART.fullmatch(info.filename)]
        kept = [info for info in kept if not _USELESS.match(info.filename)]
        size = sum(info.file_size for info in kept)
        if size > _MOST_BYTES:
            raise ValueError(f"it unpacks to {size // 1_000_000} MB")
        parts = {info.filename: members.read(info) for info in kept}
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts.values()):
        raise ValueError("a part declares entities, which no office program writes")
    return parts


def _sheets(parts: Mapping[str, bytes]) -> tuple[SheetMarks, ...]:
    by_name = {name.lower(): part for name, part in parts.items()}
    targets = {
        element.get("Id"): str(element.get("Target") or "")
        for element in _elements(by_name["xl/_rels/workbook.xml.rels"], "Relationship")
    }
    lengths = _shared_lengths(by_name, targets)
    sheets, text = [], 0
    for sheet in _elements(by_name["xl/workbook.xml"], "sheet"):
        target = next((targets.get(str(value)) for key, value in sheet.attrib.items() if _local(key) == "id"), None)
        marks = SheetMarks()
        if (part := by_name.get(_path(target or ""))) is not None:
            text += _read_sheet(part, marks, lengths)
        sheets.append(marks)
    ensure_size(sheets, text)
    return tuple(sheets)


def _path(target: str) -> str:
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").lower()


def _shared_lengths(parts: Mapping[str, bytes], targets: Mapping[str | None, str]) -> list[int]:
    """How long each of the shared strings is, which any number of cells may name."""
    names = {_path(target) for target in targets.values() if target.lower().endswith("sharedstrings.xml")}
    lengths: list[int] = []
    for name in sorted(names | {"xl/sharedstrings.xml"}):
        if name in parts:
            lengths += [
                sum(len(e.text or "") for e in item.iter() if _local(e.tag) == "t")
                for item in _elements(parts[name], "si")
            ]
    if len(lengths) > MOST_TEXTS:
        raise ValueError(f"{len(lengths):,} texts: no annual report")
    return lengths


def _read_sheet(part: bytes, marks: SheetMarks, lengths: list[int]) -> int:
    """Note what the sheet holds; how many characters its cells hold."""
    row, column, text = -1, -1, 0
    for element in _elements(part, "row", "c", "col", event="start"):
        name = _local(element.tag)
        if name == "row":
            row, column = _row_number(element, row + 1), -1
            if element.get("hidden") in _ON:
                marks.hidden_rows.add(row)
        elif name == "col":
            if element.get("hidden") in _ON:
                marks.hide_columns(int(element.get("min") or 1) - 1, int(element.get("max") or 1) - 1)
        else:
            row, column = _place(element, row, column + 1)
            text += _note(element, row, column, marks, lengths)
    return text


def _row_number(row: _Element, following: int) -> int:
    stated = row.get("r")
    return int(stated) - 1 if stated else following


def _place(cell: _Element, row: int, following: int) -> tuple[int, int]:
    stated = cell.get("r")
    if not stated:
        return row, following
    match = _REFERENCE.fullmatch(stated)
    if match is None:
        raise ValueError(f"a cell named {stated!r}")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _note(cell: _Element, row: int, column: int, marks: SheetMarks, lengths: list[int]) -> int:
    kind = cell.get("t")
    children = {_local(child.tag): child for child in cell}
    value = "".join((children[name].text or "") for name in ("v",) if name in children)
    if not children:
        marks.blank(row)
        return 0
    marks.reach(row, column)
    if kind == "e":
        marks.unvalued[row, column] = value.strip() or "#ERROR!"
    elif "f" in children and "v" not in children:
        marks.unvalued[row, column] = "=" + (children["f"].text or "")
    if kind == "s" and value.strip().isascii() and value.strip().isdigit():
        number = int(value)
        return lengths[number] if number < len(lengths) else 0
    return len(value)


def _elements(part: bytes, *names: str, event: str = "end") -> Iterator[_Element]:
    """The elements of these local names. ``start``: each row before its cells (cells are whole when they are given)."""
    parser = etree.iterparse(
        io.BytesIO(part), events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=False
    )
    for happened, element in parser:
        name = _local(element.tag)
        if name not in names:
            continue
        if happened == ("start" if event == "start" and name == "row" else "end"):
            yield element
        if happened == "end":
            element.clear()


def _local(tag: object) -> str:
    return str(tag).rsplit("}", 1)[-1]
