"""The document's own number (文号), such as 云政发〔2024〕3号: stated by the page, or alone on one of the first lines.

Numbers of documents that the text cites stand inside sentences and are not taken for it.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from extract.interpret.labels import squeeze

if TYPE_CHECKING:
    from extract.records import Document

_NAMES = ("文号", "发文字号", "文件编号")
_NUMBER = re.compile(r"(?:文号[:：])?([\u3400-\u9fff]{1,12}[〔\[(【](?:19|20)\d{2}[〕\])】]第?\d{1,4}号)")
_OPENING_LINES = 20


def find_document_number(document: Document) -> str:
    """As printed, without white space; empty where there is none.

    >>> _NUMBER.fullmatch("云政发〔2024〕3号")[1]
    '云政发〔2024〕3号'
    """
    stated = (document.metadata[name] for name in _NAMES if name in document.metadata)
    lines = islice((p.text for p in document.paragraphs()), _OPENING_LINES)
    found = (match[1] for text in (*stated, *lines) if (match := _NUMBER.fullmatch(squeeze(text))))
    return next(found, "")
