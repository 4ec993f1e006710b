"""ODT files with other paragraphs and tables around the statutory ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from benchmarks.mutate import words
from benchmarks.mutate.package import changed_member

if TYPE_CHECKING:
    from random import Random

    from lxml.etree import _Element

    from extract.records import Reading

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def mutate_odt(data: bytes, _: Reading, chance: Random) -> bytes:
    """The package with two to eight things put between what its body holds."""

    def change(part: bytes) -> bytes:
        root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
        body = root.find(f".//{_OFFICE}text")
        if body is None:
            return part
        for _ in range(chance.randint(2, 8)):
            new = chance.choice((_paragraph, _bookmark, _table))(chance)
            body.insert(chance.randint(_after_declarations(body), len(body)), new)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True)

    return changed_member(data, "content.xml", change)


def _after_declarations(body: _Element) -> int:
    printed = (f"{_TEXT}p", f"{_TEXT}h", f"{_TABLE}table")
    return next((index for index, child in enumerate(body) if child.tag in printed), len(body))


def _paragraph(chance: Random) -> _Element:
    paragraph = etree.Element(f"{_TEXT}p")
    etree.SubElement(paragraph, f"{_TEXT}span").text = words.line(chance)
    return paragraph


def _bookmark(chance: Random) -> _Element:
    paragraph = etree.Element(f"{_TEXT}p")
    etree.SubElement(paragraph, f"{_TEXT}bookmark", {f"{_TEXT}name": f"_GoBack{chance.randrange(9)}"})
    return paragraph


def _table(chance: Random) -> _Element:
    table = etree.Element(f"{_TABLE}table")
    for row in words.table(chance):
        line = etree.SubElement(table, f"{_TABLE}table-row")
        for text in row:
            etree.SubElement(etree.SubElement(line, f"{_TABLE}table-cell"), f"{_TEXT}p").text = text
    return table
