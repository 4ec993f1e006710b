"""When it was published and when it was signed, as ISO dates; empty where the document does not say."""

from __future__ import annotations

import datetime as dt
import re
from itertools import islice
from typing import TYPE_CHECKING

from extract.interpret.labels import squeeze

if TYPE_CHECKING:
    from extract.records import Document

_PUBLISHED = ("PubDate", "发布日期", "发布时间", "公开日期", "publishdate", "date", "时间", "成文日期", "生成日期")
_DATE = re.compile(r"((?:19|20)\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_PRINTED = re.compile(r"(?:发布|公开|公布)(?:时间|日期)[:：](.{6,12})")
_OPENING_LINES = 20
_CLOSING_LINES = 8


def published_on(document: Document) -> str:
    """The date of publication that the page states about itself, in its data or on one of its first lines."""
    by_name = {name.lower(): value for name, value in document.metadata.items()}
    lines = islice((squeeze(p.text) for p in document.paragraphs()), _OPENING_LINES)
    printed = (match[1] for line in lines if (match := _PRINTED.search(line)))
    dates = map(_iso, (*(by_name.get(name.lower(), "") for name in _PUBLISHED), *printed))
    return next((date for date in dates if date), "")


def signed_on(document: Document) -> str:
    """The date that stands alone on one of the last lines."""
    lines = [squeeze(p.text) for p in document.paragraphs()][-_CLOSING_LINES:]
    return next((_iso(line) for line in reversed(lines) if _DATE.fullmatch(line) and _iso(line)), "")


def _iso(text: str) -> str:
    match = _DATE.search(squeeze(text))
    if match is None:
        return ""
    try:
        return dt.date(*map(int, match.groups())).isoformat()
    except ValueError:  # such as 2024-02-30: no date, and no guess at one
        return ""
