"""Who signed: the line above the date at the end of a report's text."""

from __future__ import annotations

import itertools
import re

_DATE = re.compile(r"^(?:20\d{2}|二[〇○零Oo0].{2})\s*年\s*.{1,3}\s*月\s*.{1,3}\s*日$")
_BODY = re.compile(r"^[\u3400-\u9fff（）()·\s]{3,40}$")
_END = re.compile(
    r"(?:政府|办公室|办公厅|委员会|管委会|办事处|街道|局|厅|部|院|委|办|镇|乡|苏木|区|县|市|省|旗|盟|州|中心|队|所|站)$"
)
_REACH = 1_500


def find_signature(text: str) -> str:
    r"""The body that signed, as printed; empty where the text does not end with a body and a date.

    >>> find_signature("六、其他。\n无。\n岚汀县砚池镇人民政府\n2024 年 1 月 11 日\n")
    '岚汀县砚池镇人民政府'
    >>> find_signature("截至2023年12月31日\n共收到 1 件")
    ''
    """
    lines = [line.strip() for line in text[-_REACH:].splitlines() if line.strip()]
    for above, line in reversed(list(itertools.pairwise(lines))):
        if _DATE.match(line):
            body = "".join(above.split())
            return body if _BODY.match(above) and _END.search(body) else ""
    return ""
