"""codebook.csv and codebook.md: what every column is, in Chinese and English, from config/forms and datasette.yml."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from publish.export.panel import MISSING
from publish.export.panel_csv import ENCODING
from publish.export.variables import ABOUT, label, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from publish.export.columns import Column
    from publish.export.variables import Variable

HEADER = (
    *("file", "name", "key", "type", "label_zh", "label_en", "unit", "law", "forms"),
    *("comparability_zh", "comparability_en", "missing"),
)
_ONLY = {
    "2021": ("仅 2021 年格式有此格", "in the form of 2021 only"),
    "2019": (
        "仅 2019 年格式有此格，2021 年格式以他格代之或不再统计",
        "in the form of 2019 only: later ones ask for something else",
    ),
    "2014": (
        "2014 年统计表的指标，口径与 2019 年以后各格不同",
        "of the statistics of 2014: counted otherwise than the cells since 2019",
    ),
}
_BOTH = ("2019、2021 年格式均有此格", "in the forms of 2019 and 2021 alike")
_IN_FORCE = (
    "现行有效件数不可与 2019 年格式的对外公开总数量相接：前者计有效，后者计已公开",
    "what is in force is not what was published to date (form of 2019): never one series",
)
_TRAPS: dict[str, tuple[str, str]] = {
    "disclosure.rules_in_force": _IN_FORCE,
    "disclosure.normdocs_in_force": _IN_FORCE,
    "disclosure.rules_published_stock": _IN_FORCE,
    "disclosure.normdocs_published_stock": _IN_FORCE,
    "disclosure.admin_fees_wan": (
        "2021 年格式计金额（万元），2019 年格式计收费项目数，二者不可相接",
        "money since the form of 2021; that of 2019 counts kinds of fee: never one series",
    ),
    "disclosure.admin_fees_items_prev": (
        "计收费项目数，与 2021 年格式的收费金额不可相接",
        "counts kinds of fee; the form of 2021 asks for money: never one series",
    ),
    "disclosure.procurement_amount": (
        "单位照印，见 procurement_unit；仅 2019 年格式",
        "in the unit that is printed, see procurement_unit; form of 2019 only",
    ),
}
_LITIGATION = (
    "自 2024 年起行政复议法第二十三条要求不予公开等先行复议，直接起诉的件数因此断裂",
    "a break in 2024: refusals must since go to reconsideration first (art. 23 of the reconsideration law)",
)


def comparability(variable: Variable) -> tuple[str, str]:
    """Whether its figures make one series across forms and years, in Chinese and in English."""
    if variable.key in _TRAPS:
        return _TRAPS[variable.key]
    if variable.key.startswith(("disputes.lit_direct", "disputes.review")):
        return _LITIGATION
    return _BOTH if len(variable.forms) > 1 else _ONLY.get(variable.forms[0], ("", ""))


def write_codebook(folder: Path, columns: Sequence[Variable], files: Mapping[str, Sequence[Column]]) -> None:
    """Both files; ``files``: the columns of the other files of the export, by name."""
    rows = list(_rows(columns, files))
    with (folder / "codebook.csv").open("w", encoding=ENCODING, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)
    (folder / "codebook.md").write_text("\n".join(_markdown(rows)) + "\n", "utf-8")


def _rows(columns: Sequence[Variable], files: Mapping[str, Sequence[Column]]) -> Iterator[tuple[str, ...]]:
    for about in ABOUT:
        yield ("panel", about.name, "", about.kind, *words(about), "", "", "", "", "", "")
    kinds = " ".join(f".{letter}" for letter in MISSING)
    for variable in columns:
        says = (label(variable, "zh"), label(variable, "en"), variable.unit, variable.law, " ".join(variable.forms))
        yield ("panel", variable.name, variable.key, variable.type, *says, *comparability(variable), kinds)
    for name, others in files.items():
        for column in others:
            yield (name, column.name, "", column.kind, *column.words(), "", "", "", "", "", "")


def _markdown(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    yield "# 编码本 / Codebook\n"
    yield "panel.csv 与 panel.dta 的列名相同（panel.dta 无 title）。"
    yield "Both panels have the same columns (panel.dta lacks title).\n"
    yield "## 缺失的五种情形 / Five kinds of missing\n"
    yield "0 与缺失是两回事。panel.csv 中一律为空，panel.dta 中为："
    yield "Zero is never missing. All are empty in panel.csv; in panel.dta they are:\n"
    yield "| Stata | 含义 | meaning |\n|--|--|--|"
    for letter, (zh, en) in MISSING.items():
        yield f"| .{letter} | {zh} | {en} |"
    current = ""
    for row in rows:
        if row[0] != current:
            current = row[0]
            yield f"\n## {current}\n"
            yield "| " + " | ".join(HEADER[1:]) + " |\n|" + "--|" * (len(HEADER) - 1)
        yield "| " + " | ".join(text.replace("|", "\\|").replace("\n", " ") for text in row[1:]) + " |"
