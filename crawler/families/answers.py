"""JSON answers of list endpoints: what is not as expected gives nothing, and never an error."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from typing import Any

from crawler.families.page import Entry, absolute, iso_date, same_host, whole
from crawler.families.titles import judge

_TAG = re.compile(r"<[^<>]*>")
_CHINA = dt.timezone(dt.timedelta(hours=8))


def members(text: str) -> dict[str, Any]:
    """The members of a JSON object; none where the text is no such object.

    >>> members('{"total": 3}'), members("[1]"), members("<html>")
    ({'total': 3}, {}, {})
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def below(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """The object that is called so; an empty one where there is none."""
    value = answer.get(name)
    return value if isinstance(value, dict) else {}


def rows(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list."""
    value = answer.get(name)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def count(value: Any) -> int:
    """A number of rows as answers state it, in digits or as text; 0 where it is none.

    >>> count("40"), count(40), count(None), count(-1)
    (40, 40, 0, 0)
    """
    text = str(value)
    return int(text) if re.fullmatch(r"[0-9]{1,7}", text) else 0


def text(value: Any) -> str:
    """A title without the marks that a search puts into it.

    >>> text("白石镇2023年<em>年报</em>")
    '白石镇2023年年报'
    """
    return " ".join(whole(html.unescape(_TAG.sub("", str(value or "")))).split())


def date(*values: Any) -> str:
    """The first date among values: written out, or seconds or milliseconds since 1970.

    >>> date(None, 1705713000000), date("2024-01-20 09:30")
    ('2024-01-20', '2024-01-20')
    """
    for value in values:
        stamp = str(value or "")
        if re.fullmatch(r"1\d{9}(?:\d{3})?", stamp):
            return dt.datetime.fromtimestamp(int(stamp[:10]), _CHINA).date().isoformat()
        if found := iso_date(stamp):
            return found
    return ""


def entry(base: str, address: Any, title: Any, *dates: Any) -> Entry | None:
    """A row's entry if its title has to do with reports. http on an https site is the same page: one address for it."""
    url, called = absolute(base, whole(str(address or "")).strip()), text(title)
    if not address or judge(called, url)[0] == "unrelated":
        return None
    if same_host(url, base):
        url = re.sub(r"^https?(?=:)", base.partition(":")[0], url)
    return Entry(url, called, date(*dates))
