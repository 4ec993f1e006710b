"""For whom a report counts: its office, the government itself, its level, or the territory (practice differs).

The law does not settle what a government's report sums up, so only words of the document decide, and they are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.interpret.labels import squeeze

if TYPE_CHECKING:
    from extract.records import Document

_COUNTED = r"(?:收到|受理|新收|收办|办理|接收|主动公开)"
_GOVERNMENT = re.compile(r"(?:政府|管委会|管理委员会|[省市州盟县区旗])$")
_OFFICE = re.compile(r"政府(?:办公室|办公厅|办)$")
_TOWNSHIP = re.compile(r"(?:镇|乡|苏木|街道)(?:人民政府|政府|办事处|街道办)?$")
_SUMMED = re.compile(r"汇总[^。；]{0,10}?全[省市州盟县区旗]|[省市州盟县区旗]本级[^。；]{0,14}?(?:汇总|合计)")
_TERRITORY = re.compile(rf"全[省市州盟县区旗](?![\u3400-\u9fff]?[局委办])[^。；，]{{0,14}}?{_COUNTED}")
_LEVEL = re.compile(rf"[省市州盟县区旗]本级[^。；，]{{0,14}}?{_COUNTED}")
_TOWN_ITSELF = re.compile(rf"(?:我|本|全)(?:镇|乡|街道|苏木)[^。；，]{{0,14}}?{_COUNTED}")
_ITSELF = re.compile(rf"(?:我|本)(?:局|委|办|厅|部|院|中心|单位|机关)[^。；，]{{0,14}}?{_COUNTED}")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures they are, and the words that say so; both empty where nothing says so."""

    scope: str = ""
    cue: str = ""


def find_scope(issuer: str, document: Document) -> Scope:
    """``own_office``, ``government_own``, ``level`` or ``territory``, with the words that decided.

    A government's own office is told by its name; everything else by a sentence that says whose requests or items are
    counted: 全市, 全县 is the territory (of a government), 县本级 the level, 我镇 the township itself, 我局 the office.
    """
    if office := _OFFICE.search(issuer):
        return Scope("own_office", office[0])
    text = squeeze(document.text)
    is_town = _TOWNSHIP.search(issuer) is not None
    if is_town:
        return _first(text, ("government_own", _TOWN_ITSELF))
    if _GOVERNMENT.search(issuer):
        return _first(text, ("territory", _SUMMED), ("level", _LEVEL), ("territory", _TERRITORY))
    return _first(text, ("own_office", _ITSELF))


def _first(text: str, *cues: tuple[str, re.Pattern[str]]) -> Scope:
    return next((Scope(scope, match[0]) for scope, cue in cues if (match := cue.search(text))), Scope())
