"""codebook.csv and codebook.md: what every column is, in Chinese and English, from config/forms and datasette.yml."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from extract.across.findings import texts
from publish.export.comparability import comparability
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
    *("concept", "comparable", "comparability_zh", "comparability_en", "missing"),
)
_NOTHING = ("",) * 8
"""Of a column that is no cell: no unit, law, form, and so on."""
_CODES = {
    "expected.basis": "expected_basis",
    "expected.why": "not_found",
    "findings.cautions": "cautions",
}
"""Columns that hold codes, and where config/checks.json has their words: who has the export has no config."""


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
        yield ("panel", about.name, "", about.kind, *words(about), *_NOTHING)
    kinds = " ".join(f".{letter}" for letter in MISSING)
    for variable in columns:
        says = (label(variable, "zh"), label(variable, "en"), variable.unit, variable.law, " ".join(variable.forms))
        known = comparability(variable)
        compared = (known.concept, known.mark, known.zh, known.en)
        yield ("panel", variable.name, variable.key, variable.type, *says, *compared, kinds)
    for name, others in files.items():
        for column in others:
            yield (name, column.name, "", column.kind, *column.words(), *_NOTHING)
    yield from _codes()


def _codes() -> Iterator[tuple[str, ...]]:
    for column, group in _CODES.items():
        for code, (zh, en) in texts()[group].items():
            yield ("codes", code, column, "code", zh, en, *_NOTHING)


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
