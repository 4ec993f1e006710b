"""panel.csv: UTF-8 with a byte order mark, so that Excel shows the Chinese; a cell without a number is empty."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from publish.export.panel import MISSING
from publish.export.variables import ABOUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from publish.export.panel import Row

ENCODING = "utf-8-sig"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_panel(path: Path, header: Sequence[str], batches: Iterable[list[Row]]) -> Iterator[list[Row]]:
    """Write each batch and hand it on."""
    first_cell = len(ABOUT)
    with path.open("w", encoding=ENCODING, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for batch in batches:
            writer.writerows(
                [plain(value) for value in row[:first_cell]]
                + ["" if cell in MISSING else cell for cell in row[first_cell:]]
                for row in batch
            )
            yield batch


def plain(value: object) -> object:
    """A text from somebody's page is no formula: Excel would run what begins as one, so a quote is put before it.

    >>> plain("=HYPERLINK(1)"), plain(-3)
    ("'=HYPERLINK(1)", -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
