"""For whom a report counts: its own office, the government itself, or the whole territory (practice differs)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extract.interpret.labels import squeeze

if TYPE_CHECKING:
    from extract.records import Document

_TERRITORY = re.compile(
    r"(?:全[省市州盟县区旗])(?:各级行政机关|共|全年)?.{0,6}?(?:收到|受理|新收|办理)|汇总.{0,6}全[省市州盟县区旗]"
)


def find_scope(issuer: str, document: Document) -> str:
    """``own_office``, ``territory`` or empty: only where the issuer's name or a sentence says so.

    A government's report is of its territory where it counts the requests of 全市, 全县, ...; without such a sentence
    it is left open, since the law does not settle what it sums up.
    """
    if re.search(r"(?:政府办公室|政府办公厅|政府办)$", issuer):
        return "own_office"
    if re.search(r"(?:政府|管委会|管理委员会|[省市州县区旗])$", issuer) and not re.search(
        r"(?:镇|乡|街道).{0,4}$", issuer
    ):
        return "territory" if _TERRITORY.search(squeeze(document.text)) else ""
    return ""
