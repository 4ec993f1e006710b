"""Whether a cell's figures make one series across forms and years: config/concepts.json, and what the forms say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from publish.export.variables import CONFIG

if TYPE_CHECKING:
    from pathlib import Path

    from publish.export.variables import Variable


@dataclass(frozen=True, slots=True)
class Comparability:
    """``concept``: what the cell states, in the view ``concepts``; ``mark``: yes, partly, weak, no; else both empty."""

    zh: str
    en: str
    concept: str = ""
    mark: str = ""


_BOTH = ("2019、2021 年格式均有此格", "in the forms of 2019 and 2021 alike")
_ONLY = {
    "2021": ("仅 2021 年格式有此格", "in the form of 2021 only"),
    "2019": ("仅 2019 年格式有此格", "in the form of 2019 only"),
    "2014": (
        "2014 年统计表的指标，口径与 2019 年以后各格不同",
        "of the statistics of 2014: counted otherwise than the cells since 2019",
    ),
}
_IN_FORCE = (
    "现行有效件数不可与 2019 年格式的对外公开总数量相接：前者计有效，后者计已公开",
    "what is in force is not what was published to date (form of 2019): never one series",
)
_KINDS_OF_FEE = (
    "计收费项目数，与 2021 年格式的收费金额不可相接",
    "counts kinds of fee; the form of 2021 asks for money: never one series",
)
_BREAK = (
    "自 2024 年起对不予公开须先行复议，复议与直接起诉的件数因此断裂",
    "a break in 2024: refusals must since go to reconsideration first, which moves cases from court to there",
)
_TRAPS = {
    "disclosure.rules_in_force": _IN_FORCE,
    "disclosure.rules_published_stock": _IN_FORCE,
    "disclosure.normdocs_in_force": _IN_FORCE,
    "disclosure.normdocs_published_stock": _IN_FORCE,
    "disclosure.admin_fees_items_prev": _KINDS_OF_FEE,
    "disclosure.admin_fees_items_change": _KINDS_OF_FEE,
}
"""Cells that look like another form's and are not."""
_BROKEN_SERIES = ("disputes.review", "disputes.lit_direct")


def comparability(variable: Variable) -> Comparability:
    """What to mind before its figures are joined to those of other forms and years."""
    known = concepts(CONFIG / "concepts.json").get(variable.key)
    if known is not None and known.zh:
        return known
    zh, en = _of_forms(variable)
    return Comparability(zh, en, known.concept, known.mark) if known else Comparability(zh, en)


def _of_forms(variable: Variable) -> tuple[str, str]:
    if variable.key in _TRAPS:
        return _TRAPS[variable.key]
    if variable.key.startswith(_BROKEN_SERIES):
        return _BREAK
    return _BOTH if len(variable.forms) > 1 else _ONLY[variable.forms[0]]


@cache
def concepts(path: Path) -> dict[str, Comparability]:
    """What the file of concepts says of each cell, by its key; nothing where there is no such file."""
    if not path.exists():
        return {}
    said: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return {
        key: _said(concept, source)
        for concept in said["concepts"]
        for source in concept["sources"]
        for key in source["keys"]
    }


def _said(concept: dict[str, Any], source: dict[str, Any]) -> Comparability:
    zh, en = source.get("note") or concept["note"]
    others = "; ".join(
        f"{'/'.join(other['forms'])}: {' + '.join(other['keys'])}" for other in concept["sources"] if other != source
    )
    if len(source["keys"]) > 1:
        zh, en = f"{zh}；各项之和", f"{en}; the sum of several cells"
    if others:
        zh, en = f"{zh}；他格式 {others}", f"{en}; other forms {others}"
    return Comparability(
        zh.lstrip("；"), en.lstrip("; "), concept["concept"], source.get("comparable", concept["comparable"])
    )
