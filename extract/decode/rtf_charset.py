"""Bytes of an RTF document -> text, by the font they are printed in (RTF 1.9, "Font Table" and "Character Set").

What a font's charset says is followed. Charset 0 says no more than "the writer's own": there Chinese writers put GBK
bytes whether or not they declare code page 936, so the bytes are asked too.
"""

from __future__ import annotations

import codecs
import re

OWN = ""
"""The encoding of a font that names none: the document's own."""
SYMBOLS = "symbol"
"""The encoding of a font whose characters are pictures, each at a byte's place."""

_CHARSETS = {
    2: SYMBOLS,
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
}
# GB18030 as Python decodes it takes a digit that follows a damaged byte for a part of that character; GBK leaves it.
_CODE_PAGES = {936: "gbk", 1361: "johab", 10000: "mac_roman", 10008: "gb2312", 54936: "gb18030", 65001: "utf-8"}
_DOUBLE = frozenset({"gbk", "gb2312", "gb18030", "cp932", "cp949", "cp950", "johab"})
_LATIN = "cp1252"
_NEIGHBOURS = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
_GB2312 = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])*")
_PAIR = re.compile(rb"[\x81-\xfe][\s\S]")
_FIRST_THREE_BYTES = "\u0800"


def of_charset(charset: int) -> str:
    r"""The encoding that ``\fcharset`` means."""
    return _CHARSETS.get(charset, OWN)


def of_code_page(number: int) -> str:
    r"""The encoding that ``\ansicpg`` or ``\cpg`` means; the document's own where Python knows none."""
    name = _CODE_PAGES.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name if number > 0 else OWN
    except LookupError:
        return OWN


def decode_run(run: bytes, encoding: str, own: str) -> str:
    """The text of bytes that stand together; ``own`` is the document's own encoding. U+FFFD stands for damage.

    A symbol is given at its place in the private use area (U+F000), where Word has it too: a 5 in Wingdings is no 5.

    >>> decode_run("规章".encode("gbk"), OWN, "cp1252"), decode_run(b"5", SYMBOLS, "cp1252")
    ('规章', '\uf035')
    """
    if encoding == SYMBOLS:
        return "".join(chr(0xF000 + byte) if byte > 0x20 else chr(byte) for byte in run)
    if run.isascii():
        return run.decode("ascii")
    return run.decode(encoding or _own_encoding(run, own), "replace")


def is_within_a_pair(text: bytes, encoding: str, own: str) -> bool:
    r"""Whether text ends with the first byte of a double one, whose second may look like ``\``, ``{`` or ``}``."""
    return (encoding or own) in _DOUBLE and not text.isascii() and b"\x81" <= _PAIR.sub(b"", text)[-1:] <= b"\xfe"


def _own_encoding(run: bytes, own: str) -> str:
    if own in _DOUBLE:
        return own if _NEIGHBOURS.search(run) else _LATIN  # a lone byte is a Western writer's, such as the middle dot
    if _is_utf8(run):
        return "utf-8"
    return "gbk" if own in (OWN, _LATIN) and _GB2312.fullmatch(run) else own or _LATIN


def _is_utf8(run: bytes) -> bool:
    """Whether it is UTF-8 of three bytes a character, as Chinese is; two are too easily something else."""
    try:
        return all(char.isascii() or char >= _FIRST_THREE_BYTES for char in run.decode("utf-8"))
    except UnicodeDecodeError:
        return False
