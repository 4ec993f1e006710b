"""A value of a table -> a link to the page it names."""

from __future__ import annotations

import re

from markupsafe import Markup

_PAGES = {
    "report_key": (re.compile(r"r[0-9a-f]{12}"), "/report/"),
    "previous_report_key": (re.compile(r"r[0-9a-f]{12}"), "/report/"),
    "sha256": (re.compile(r"[0-9a-f]{64}"), "/document/"),
}


def linked(value: object, column: str) -> Markup | None:
    """The value as a link; None leaves the cell to Datasette.

    >>> linked("r0123456789ab", "report_key")
    Markup('<a href="/report/r0123456789ab">r0123456789ab</a>')
    >>> linked("<b>", "report_key"), linked("r0123456789ab", "title")
    (None, None)
    """
    if column not in _PAGES or not isinstance(value, str):
        return None
    wanted, page = _PAGES[column]
    return Markup('<a href="{}{}">{}</a>').format(page, value, value) if wanted.fullmatch(value) else None
