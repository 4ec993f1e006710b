"""DOCX files with other paragraphs and tables around the statutory ones, and runs split as editors do it everywhere."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from lxml import etree

from benchmarks.mutate import words
from benchmarks.mutate.package import changed_member
from extract.records import GridPlace

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from lxml.etree import _Element

    from extract.records import Reading

_PART = "word/document.xml"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def mutate_docx(data: bytes, reading: Reading, chance: Random) -> bytes:
    """The package with two to eight changes of its main part."""

    def change(part: bytes) -> bytes:
        root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
        body = next(element for element in root if _name(element) == "body")
        taken = _taken(body, reading)
        for _ in range(chance.randint(2, 8)):
            chance.choice(_CHANGES)(body, taken, chance)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)

    return changed_member(data, _PART, change)


def _name(element: _Element | None) -> str:
    return str(element.tag).rsplit("}", 1)[-1] if element is not None else ""


def _taken(body: _Element, reading: Reading) -> set[_Element]:
    """What of the body's own elements holds a table that the reading took a cell from."""
    cells = reading.report.cells.values() if reading.report else ()
    numbers = {cell.place.table for cell in cells if isinstance(cell.place, GridPlace)}
    tables = [element for element in body.iter() if _name(element) == "tbl"]
    inside = [table for number, table in enumerate(tables) if number in numbers]
    return {child for child in body if any(table is child or child in table.iterancestors() for table in inside)}


def _new(body: _Element, tag: str, **attributes: str) -> _Element:
    namespace = str(body.tag).rsplit("}", 1)[0] + "}"
    return etree.Element(namespace + tag, {namespace + key: value for key, value in attributes.items()}, body.nsmap)


def _paragraph(body: _Element, text: str) -> _Element:
    paragraph, run, words_of = _new(body, "p"), _new(body, "r"), _new(body, "t")
    words_of.text = text
    words_of.set(_SPACE, "preserve")
    run.append(words_of)
    paragraph.append(run)
    return paragraph


def _put(body: _Element, new: _Element, chance: Random) -> None:
    last = len(body) - 1 if len(body) and _name(body[-1]) == "sectPr" else len(body)
    body.insert(chance.randint(0, last), new)


def _more_text(body: _Element, _: set[_Element], chance: Random) -> None:
    _put(body, _paragraph(body, words.line(chance)), chance)


def _nothing(body: _Element, _: set[_Element], chance: Random) -> None:
    _put(body, _new(body, "p"), chance)


def _table(body: _Element, _: set[_Element], chance: Random) -> None:
    new = _new(body, "tbl")
    for row in words.table(chance):
        line = _new(body, "tr")
        for text in row:
            cell = _new(body, "tc")
            cell.append(_paragraph(body, text))
            line.append(cell)
        new.append(line)
    at = _new(body, "p")  # between two tables that touch, Word shows one
    _put(body, at, chance)
    at.addprevious(_new(body, "p"))
    at.addprevious(new)


def _wrap(body: _Element, _: set[_Element], chance: Random) -> None:
    """A content control around one of the body's elements, a statutory table perhaps."""
    inner = chance.choice([child for child in body if _name(child) in ("p", "tbl")] or [None])
    if inner is not None:
        control, content = _new(body, "sdt"), _new(body, "sdtContent")
        body.replace(inner, control)
        control.append(_new(body, "sdtPr"))
        control.append(content)
        content.append(inner)


def _marks(body: _Element, _: set[_Element], chance: Random) -> None:
    """What an editor strews into paragraphs, those of cells too: it prints nothing."""
    paragraphs = [element for element in body.iter() if _name(element) == "p"]
    for paragraph in chance.choices(paragraphs, k=20) if paragraphs else ():
        new = chance.choice(
            (
                _new(body, "proofErr", type="spellStart"),
                _new(body, "bookmarkStart", id="77", name="_GoBack"),
                _new(body, "bookmarkEnd", id="77"),
                _new(body, "lastRenderedPageBreak"),
            )
        )
        first = 1 if len(paragraph) and _name(paragraph[0]) == "pPr" else 0
        paragraph.insert(chance.randint(first, max(first, len(paragraph))), new)


def _split_runs(body: _Element, _: set[_Element], chance: Random) -> None:
    """Runs cut in two within their text, with the same properties: "295" as "2" and "95"."""
    texts = [t for t in body.iter() if _name(t) == "t" and len(t.text or "") > 1 and _name(t.getparent()) == "r"]
    for text in chance.choices(texts, k=20) if texts else ():
        run = text.getparent()
        if run is None or sum(_name(child) != "rPr" for child in run) != 1 or len(text.text or "") < 2:
            continue
        second = copy.deepcopy(run)
        at = chance.randrange(1, len(text.text or ""))
        other = next(child for child in second if _name(child) == "t")
        text.text, other.text = (text.text or "")[:at], (text.text or "")[at:]
        text.set(_SPACE, "preserve")
        other.set(_SPACE, "preserve")
        run.addnext(second)


_CHANGES: tuple[Callable[[_Element, set[_Element], Random], None], ...] = (
    _more_text,
    _nothing,
    _table,
    _wrap,
    _marks,
    _split_runs,
)
