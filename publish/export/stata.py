"""panel.dta: for Stata 14 and later (and haven, pandas), with labels, and the five kinds of missing as .a to .e.

pyreadstat writes the format. It takes a data frame; a whole one of 200,000 reports would need half a gigabyte of
pointers. So it is given a frame of two sample rows, which shows it the types of the columns, and which hands out the
rows one after the other when they are asked for.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import pandas as pd
import pyreadstat

from publish.export.panel import MISSING
from publish.export.variables import ABOUT, short_label, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from publish.export.spill import Spill
    from publish.export.variables import Variable

LEFT_OUT = ("title",)
"""Texts of a fixed width would make the file several times as large; panel.csv has them."""
LONGEST_TEXT = 512
"""Bytes. A longer address is left empty here, for a cut one leads nowhere; panel.csv has it."""
_LABEL = 80
_VERSION = 14
_TIMESTAMP = b"<timestamp>\x11"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class _Rows(nw.DataFrame[Any]):  # type: ignore[misc]  # of the extra
    """A frame of which only the types are here; its rows come when they are asked for."""

    def __init__(self, sample: pd.DataFrame, rows: Iterator[Sequence[Any]], count: int) -> None:
        super().__init__(nw.from_native(sample, eager_only=True)._compliant_frame, level="full")  # noqa: SLF001  # there is no other way in
        self._given, self._count = rows, count

    def __len__(self) -> int:
        return self._count

    def iter_rows(self, **_: Any) -> Iterator[Any]:
        return iter(self._given)


def write_dta(path: Path, spill: Spill, columns: Sequence[Variable], release: str, language: str) -> None:
    """The panel for Stata; ``language`` of its labels is zh or en."""
    cells = {variable.name: variable for variable in columns}
    kept = [at for at, about in enumerate(ABOUT) if about.name not in LEFT_OUT]
    kept += range(len(ABOUT), len(ABOUT) + len(columns))
    names = [about.name for about in ABOUT] + list(cells)
    types = [about.kind for about in ABOUT] + [variable.type for variable in columns]
    texts = {at for at, kind in enumerate(types) if kind == "string"}
    kinds = {letter: f"{zh} / {en}" for letter, (zh, en) in MISSING.items()}
    labels = {about.name: words(about)[language == "en"][:_LABEL] for about in ABOUT}
    labels |= {name: short_label(variable, language, _LABEL) for name, variable in cells.items()}
    frame = _Rows(
        pd.DataFrame({names[at]: _sample(spill, at, types[at], is_cell=at >= len(ABOUT)) for at in kept}),
        _rows(spill, kept, texts),
        spill.rows,
    )
    pyreadstat.write_dta(
        frame,
        path,
        version=_VERSION,
        file_label=f"Gongkai panel {release}",
        column_labels={names[at]: labels[names[at]] for at in kept},
        variable_value_labels=dict.fromkeys(cells, kinds),
        missing_user_values={name: list(kinds) for name in cells},
        variable_format={names[at]: f"%-{max(1, min(_width(spill, at), 32))}s" for at in kept if at in texts},
    )
    _date(path, release)


def _sample(spill: Spill, at: int, kind: str, *, is_cell: bool) -> pd.Series[Any]:
    """Two values of a column's type: by these pyreadstat sees what it will be given."""
    if kind == "string":
        return pd.Series(["x" * max(1, _width(spill, at))] * 2, dtype=object)
    number = 1 if kind == "integer" and spill.is_whole[at] else 1.5
    return pd.Series([number, "a" if is_cell else None], dtype=object)


def _width(spill: Spill, at: int) -> int:
    return min(spill.widths[at], LONGEST_TEXT)


def _rows(spill: Spill, kept: Sequence[int], texts: set[int]) -> Iterator[Sequence[Any]]:
    is_text = [at in texts for at in kept]
    for row in chain.from_iterable(spill.batches()):
        yield [_text(row[at]) if text else row[at] for at, text in zip(kept, is_text, strict=True)]


def _text(value: str | None) -> str:
    return value if value and len(value.encode()) <= LONGEST_TEXT else ""


def _date(path: Path, release: str) -> None:
    """The writer puts the time of writing into the header; the same data must give the same bytes."""
    year, month, day = release.split("-")
    stamp = f"{day} {_MONTHS[int(month) - 1]} {year} 00:00".encode()
    with path.open("r+b") as file:
        head = file.read(1024)
        at = head.index(_TIMESTAMP) + len(_TIMESTAMP)
        file.seek(at)
        file.write(stamp)
