"""Rows of the panel put aside on disk: panel.dta needs to know the longest text of all before it can begin."""

from __future__ import annotations

import marshal
import tempfile
import zlib
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from publish.export.panel import Row

_STATA_LARGEST = 2_147_483_620
"""What is larger in a column of whole numbers means something else to Stata."""


class Spill:
    """Batches of rows, written once and read once, in a file that goes with the block; and what the columns hold."""

    def __init__(self, folder: Path, columns: int) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # closed by __exit__
        self.rows = 0
        self.widths = [0] * columns
        """By column: the bytes of its longest text, 0 if it has none."""
        self.is_whole = [True] * columns
        """By column: whether all of its numbers are whole and small enough for Stata's integers."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()

    def add(self, batch: list[Row]) -> None:
        if not batch:
            return
        packed = zlib.compress(marshal.dumps(batch), 1)
        self._file.write(len(packed).to_bytes(8, "big") + packed)
        self.rows += len(batch)
        for position, column in enumerate(zip(*batch, strict=True)):
            self._look(position, set(column))

    def _look(self, position: int, values: set[object]) -> None:
        for value in values:
            if isinstance(value, str):
                self.widths[position] = max(self.widths[position], len(value.encode()))
            elif isinstance(value, float) or (isinstance(value, int) and abs(value) > _STATA_LARGEST):
                self.is_whole[position] = False

    def batches(self) -> Iterator[list[Row]]:
        self._file.seek(0)
        while size := self._file.read(8):
            yield marshal.loads(zlib.decompress(self._file.read(int.from_bytes(size, "big"))))  # noqa: S302  # ours
