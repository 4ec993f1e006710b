r"""HTML whose body stands in a script as an escaped string, for the browser to put into the page.

Some systems send a page without a body and with a script such as (shortened)::

    <script>window._CONFIG = {"SID": "1", DETAIL: {"title": "…年度报告", "publisher": "…局", "date": "2024-01-20",
      "content": "<p>一、总体情况<\/p><table>…<\/table>"}};</script>

The longest string literal of a script that holds block markup is taken for the body, if it says more than the page
itself; its neighbours in the same object are what the page states about itself. Nothing is executed.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.records import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element

    from extract.records import Block

_LITERAL = r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
_STRING = re.compile(_LITERAL, re.DOTALL)
_TOKEN = re.compile(rf"{_LITERAL}|[{{}}]", re.DOTALL)
_NAMES = "title|publisher|date|document_number|source|display_publish_time|create_time"
_FIELD = re.compile(rf"""[{{,]\s*["']?(?P<name>{_NAMES})["']?\s*:\s*(?P<value>{_LITERAL})""", re.DOTALL)
_MARKUP = re.compile(r"<(?:table|p|div|section|span)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_HEX_ESCAPE = re.compile(r"\\x([0-9A-Fa-f]{2})")
_LOOSE_ESCAPE = re.compile(r"""\\([^"\\/bfnrtu])""", re.DOTALL)
_UNESCAPED_QUOTE = re.compile(r'(?<!\\)"')
_LEAST_BODY = 200
_LEAST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Embedded:
    """The body's HTML, and the title and metadata that stand beside it."""

    html: str
    title: str
    metadata: dict[str, str]


def embedded_body(root: _Element, shown: Sequence[Block]) -> Embedded | None:
    """The body that a script of the page holds; None if the page's own blocks, ``shown``, say as much."""
    found = max(_bodies(root), key=lambda body: len(body[2]), default=None)
    if found is None:
        return None
    script, start, body = found
    words = len("".join(html.unescape(_TAG.sub(" ", body)).split()))
    if words < _LEAST_WORDS or words <= sum(map(_length, shown)):
        return None
    fields = _fields(_enclosing_object(script, start))
    return Embedded(f"<html><body>{body}</body></html>", fields.get("title", ""), fields)


def _length(block: Block) -> int:
    if isinstance(block, Paragraph):
        return len(block.text)
    return sum(len(cell.text) for row in block.rows for cell in row)


def _bodies(root: _Element) -> Iterator[tuple[str, int, str]]:
    """Each script that has a long string literal of HTML: the script, where that literal starts, and the HTML."""
    for element in root.iter("script"):
        script = element.text or ""
        for match in _STRING.finditer(script) if len(script) > _LEAST_BODY else ():
            if match.end() - match.start() > _LEAST_BODY:
                body = _unescape(match[0])
                body = html.unescape(body) if "<" not in body else body
                if _MARKUP.search(body):
                    yield script, match.start(), body


def _unescape(literal: str) -> str:
    """The text of a JSON or JavaScript string literal; empty where its escapes make no sense."""
    inner = literal[1:-1]
    if literal[0] == "'":
        inner = _UNESCAPED_QUOTE.sub(r"\"", inner)
    inner = _LOOSE_ESCAPE.sub(r"\1", _HEX_ESCAPE.sub(r"\\u00\1", inner))
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except json.JSONDecodeError:
        return ""


def _enclosing_object(script: str, position: int) -> str:
    """The innermost ``{...}`` around a position; braces in strings do not count."""
    opened: list[int] = []
    for token in _TOKEN.finditer(script):
        if token[0] == "{":
            opened.append(token.start())
        elif token[0] == "}" and opened:
            start = opened.pop()
            if start <= position < token.start():
                return script[start : token.end()]
    return script[opened[-1] :] if opened else ""


def _fields(enclosing: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _FIELD.finditer(enclosing):
        if value := " ".join(html.unescape(_TAG.sub("", _unescape(match["value"]))).split()):
            found.setdefault(match["name"], value)
    return found
