"""Documents on their way to the workers: those that lie in another place are brought by the parent.

A worker reaches no network (limited_pool.py). What is in the archive's folder it reads itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from crawler.archive import RecordError

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.items import Capture


@dataclass(frozen=True, slots=True)
class Piece:
    """A document to read; ``data`` are its bytes if they were brought, or why they could not be."""

    capture: Capture
    data: bytes | RecordError | None = None


class Pieces(Sequence[Piece]):
    """Captures as work; bytes are brought when a piece is taken, so that a few are in memory at a time."""

    def __init__(self, archive: Archive, captures: Sequence[Capture]) -> None:
        self._archive, self._captures = archive, captures

    def __len__(self) -> int:
        return len(self._captures)

    @overload
    def __getitem__(self, at: int) -> Piece: ...

    @overload
    def __getitem__(self, at: slice) -> Pieces: ...

    def __getitem__(self, at: int | slice) -> Piece | Pieces:
        if isinstance(at, slice):
            return Pieces(self._archive, self._captures[at])
        capture = self._captures[at]
        return Piece(capture) if self._archive.is_here(capture) else Piece(capture, self._brought(capture))

    def _brought(self, capture: Capture) -> bytes | RecordError:
        try:
            return self._archive.get(capture)
        except RecordError as error:
            return error
