"""Pages with other things around their statutory tables: furniture, wrappers, attributes, comments, scripts."""

from __future__ import annotations

import email
import email.policy
from typing import TYPE_CHECKING

from lxml import etree
from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser

from benchmarks.documents import web_archive
from benchmarks.mutate import words
from extract.decode.charset import decode_text
from extract.records import IN_A_SCRIPT, GridPlace

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from lxml.etree import _Element
    from lxml.html import HtmlElement

    from extract.records import Reading

_HOLDERS = {"body", "div", "section", "article", "center", "form", "main"}


def mutate_html(data: bytes, reading: Reading, chance: Random) -> bytes:
    """The page, repaired as browsers do it, with one to six changes outside the tables that the reading took.

    A page whose body stands in a script is given back as it is.
    """
    text = decode_text(data)
    repaired = LexborHTMLParser(text.text).html
    if not repaired or IN_A_SCRIPT in reading.warnings:
        return data
    parser = lxml_html.HTMLParser(huge_tree=True, no_network=True)
    root = lxml_html.document_fromstring(repaired, parser=parser)
    for _ in range(chance.randint(1, 6)):
        chance.choice(_CHANGES)(root, _taken(root, reading), chance)
    markup = etree.tostring(root, encoding="unicode", method="html", doctype="<!DOCTYPE html>")
    return markup.encode(text.encoding, "xmlcharrefreplace")


def mutate_mht(data: bytes, reading: Reading, chance: Random) -> bytes:
    """The same of the page within a web archive."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    page = next(part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/html")
    return web_archive(mutate_html(bytes(page), reading, chance))


def _taken(root: HtmlElement, reading: Reading) -> list[HtmlElement]:
    """The tables that the reading took a cell from. Found again by a mark, since changes shift their numbers."""
    marked = [table for table in root.iter("table") if table.get("data-taken")]
    if marked or reading.report is None:
        return marked
    numbers = {cell.place.table for cell in reading.report.cells.values() if isinstance(cell.place, GridPlace)}
    taken = [table for number, table in enumerate(root.iter("table")) if number in numbers]
    for table in taken:
        table.set("data-taken", "1")
    return taken


def _holders(root: HtmlElement, taken: list[HtmlElement]) -> list[HtmlElement]:
    """Elements outside the taken tables that may hold anything."""
    inside = {element for table in taken for element in table.iter()}
    return [element for element in root.iter() if element.tag in _HOLDERS and element not in inside]


def _put(root: HtmlElement, taken: list[HtmlElement], chance: Random, new: _Element) -> None:
    holders = _holders(root, taken)
    if holders:
        holder = chance.choice(holders)
        holder.insert(chance.randrange(len(holder) + 1), new)  # type: ignore[arg-type]  # a comment does as well


def _furniture(root: HtmlElement, taken: list[HtmlElement], chance: Random) -> None:
    new = lxml_html.Element(chance.choice(("div", "p", "section", "h4")))
    new.text = words.line(chance)
    _put(root, taken, chance, new)


def _table(root: HtmlElement, taken: list[HtmlElement], chance: Random) -> None:
    new = lxml_html.Element("table")
    for row in words.table(chance):
        line = etree.SubElement(new, "tr")
        for text in row:
            etree.SubElement(line, "td").text = text
    _put(root, taken, chance, new)


def _script(root: HtmlElement, taken: list[HtmlElement], chance: Random) -> None:
    new = lxml_html.Element(chance.choice(("script", "style")))
    new.text = chance.choice(
        ('var a = "<td>12</td>";', "if (1 < 2 && 3 > 2) { x = '</div>' }", ".a > .b { display: none }", "/* 总计 5 */")
    )
    _put(root, taken, chance, new)


def _hidden(root: HtmlElement, taken: list[HtmlElement], chance: Random) -> None:
    new = lxml_html.Element("div", style="display: none")
    new.text = words.line(chance)
    _put(root, taken, chance, new)


def _comment(root: HtmlElement, taken: list[HtmlElement], chance: Random) -> None:
    _put(root, taken, chance, etree.Comment(chance.choice((" <table> ", "[if gte mso 9]> 12 <![endif]", "", "结束"))))


def _attributes(root: HtmlElement, taken: list[HtmlElement], chance: Random) -> None:
    for element in chance.choices(_holders(root, taken) or [root], k=5):
        element.set(
            chance.choice(("class", "id", "data-v-1a2b3c", "align", "lang")),
            chance.choice(("TRS_Editor", "x 1", "zoom", "")),
        )


def _wrap(_: HtmlElement, taken: list[HtmlElement], chance: Random) -> None:
    """A box around a taken table, or around any of the elements around it; or a table for layout."""
    if not taken:
        return
    table = chance.choice(taken)
    around = [element for element in (table, *table.iterancestors()) if element.getparent() is not None]
    inner = chance.choice([e for e in around if e is table or e.tag in _HOLDERS - {"body"}])
    parent = inner.getparent()
    if parent is None:
        return
    outer = lxml_html.Element("table" if chance.random() < 0.2 and parent.tag != "form" else "div")
    parent.replace(inner, outer)
    outer.tail, inner.tail = inner.tail, None
    box = outer if outer.tag == "div" else etree.SubElement(etree.SubElement(outer, "tr"), "td")
    box.append(inner)


_CHANGES: tuple[Callable[[HtmlElement, list[HtmlElement], Random], None], ...] = (
    _furniture,
    _table,
    _script,
    _hidden,
    _comment,
    _attributes,
    _wrap,
)
