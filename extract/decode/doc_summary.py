"""The title in the property set of an OLE2 file ([MS-OLEPS] 2.21; properties of a document: 2.25.1).

olefile reads such sets as well; a damaged one can keep it counting to four thousand million.
"""

from __future__ import annotations

import codecs
from struct import error as StructError  # noqa: N812
from struct import unpack_from

_CODE_PAGE, _TITLE = 1, 2
_BYTES, _WIDE = 0x1E, 0x1F
_UTF_16 = 1200
_NAMES = {936: "gb18030", 10008: "gb18030", 54936: "gb18030", 65001: "utf-8", 10000: "mac-roman"}


def read_title(stream: bytes) -> str:
    """The title as the file states it; empty where it states none, or none that can be read."""
    try:
        (start,) = unpack_from("<I", stream, 44)
        section = stream[start:]
        count = min(unpack_from("<I", section, 4)[0], len(section) // 8)
        places = dict(unpack_from("<II", section, 8 + 8 * i) for i in range(count))
        if _TITLE not in places:
            return ""
        kind, size = unpack_from("<II", section, places[_TITLE])
        code_page = unpack_from("<H", section, places[_CODE_PAGE] + 4)[0] if _CODE_PAGE in places else 1252
        value = section[places[_TITLE] + 8 :][: 2 * size if kind == _WIDE else size]
        if kind not in (_BYTES, _WIDE):
            return ""
        encoding = "utf-16-le" if kind == _WIDE or code_page == _UTF_16 else _encoding(code_page)
        return value.decode(encoding, "replace").split("\0", 1)[0].strip()
    except StructError:
        return ""


def _encoding(code_page: int) -> str:
    name = _NAMES.get(code_page, f"cp{code_page}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "gb18030"
    return name
