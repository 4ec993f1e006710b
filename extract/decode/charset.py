"""bytes -> text, by what the bytes are: BOM, strict UTF-8, slightly damaged UTF-8, else GB18030.

A declared charset is not believed: pages of government sites that say utf-8 and hold GB18030, or the reverse, are
common, while bytes that are valid UTF-8 and Chinese are almost never anything else.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_NUL = re.compile(r"\0|&#(?:0+|x0+);?(?![0-9a-fA-F])", re.IGNORECASE)
_MOST_DAMAGE = 0.1  # bad characters among all beyond ASCII; GBK text read as UTF-8 has more than half
_FAMILY = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "utf8": "utf-8", "utf-8": "utf-8"}


@dataclass(frozen=True, slots=True)
class Text:
    """Decoded text, the encoding it was in, and what was odd about it."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode_text(data: bytes) -> Text:
    """The text of the bytes; NUL characters and references to them, which no browser shows, are dropped."""
    text, encoding, warnings = _decode(data)
    if _NUL.search(text):
        text = _NUL.sub("", text)
        warnings.append("NUL characters were dropped")
    if (declared := _declared(data)) and declared != _FAMILY.get(encoding, encoding):
        warnings.append(f"the page declares {declared} and is {encoding}")
    return Text(text, encoding, tuple(warnings))


def _decode(data: bytes) -> tuple[str, str, list[str]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace"), encoding.removesuffix("-sig"), []
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        damaged = data.decode("utf-8", "replace")
    if text := _cut_within_a_character(data):
        return text, "utf-8", ["the end is cut off within a character"]
    bad = damaged.count("\ufffd")
    if bad <= _MOST_DAMAGE * (len(damaged) - len(damaged.encode("ascii", "ignore"))):
        return damaged, "utf-8", [f"{bad} damaged characters in UTF-8 text"]
    text = data.decode("gb18030", "replace")
    lost = text.count("\ufffd")
    return text, "gb18030", [f"{lost} damaged characters in GB18030 text"] if lost else []


def _cut_within_a_character(data: bytes) -> str:
    """The text of UTF-8 that is whole but for its last character; empty if it is not."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return ""


def _declared(data: bytes) -> str:
    match = _DECLARED.search(data[:8192])
    name = match[1].decode("ascii").lower() if match else ""
    return _FAMILY.get(name, name)
