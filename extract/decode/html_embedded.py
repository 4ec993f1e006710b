r"""HTML whose body stands in a script as an escaped string, for the browser to put into the page.

Some systems send a page without a body and with a script such as (shortened)::

    <script>window._CONFIG = {"DETAIL": {"title": "…年度报告", "publisher": "…局", "date": "2024-01-20",
      "content": "<p>一、总体情况<\/p><table>…<\/table>"}};</script>

The longest string literal of a script that holds block markup is taken for the body, and the short strings written
beside it in the same script for what the page states about itself. Nothing is executed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_BLOCKS = re.compile(r"<(?:table|p|div)\b", re.IGNORECASE)
_FIELD = re.compile(r'["\']?([A-Za-z_]\w*)["\']?\s*:\s*"((?:[^"\\\n]|\\.){1,200})"')
_NAMES = ("title", "publisher", "date", "document_number", "source", "display_publish_time", "create_time")
_LEAST_BODY = 200


@dataclass(frozen=True, slots=True)
class Embedded:
    """The body's HTML, and the title and metadata that stand beside it."""

    html: str
    title: str
    metadata: dict[str, str]


def embedded_body(root: HtmlElement) -> Embedded | None:
    """The body that a script of the page holds; None if the page has a body of its own."""
    if root.find(".//table") is not None:
        return None
    best, script = "", ""
    for element in root.iter("script"):
        text = element.text or ""
        for literal in _STRING.findall(text):
            if len(literal) > max(len(best), _LEAST_BODY) and _BLOCKS.search(body := _unescape(literal)):
                best, script = body, text
    if not best:
        return None
    fields = {name: _unescape(value) for name, value in _FIELD.findall(script) if name in _NAMES}
    return Embedded(f"<html><body>{best}</body></html>", fields.get("title", ""), fields)


def _unescape(literal: str) -> str:
    try:
        return str(json.loads(f'"{literal}"', strict=False))
    except json.JSONDecodeError:
        return literal.replace('\\"', '"').replace("\\/", "/").replace("\\n", "\n")
