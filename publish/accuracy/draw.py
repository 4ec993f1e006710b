"""Which cells are drawn: pure, the same for the same sizes, number and seed.

Cells are drawn without replacement within strata, each cell of a stratum as likely as any other. A cell's chance is
its stratum's ``drawn / size``, which is kept with the sample, so that rates can be weighted back to the whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

BANDS = (">= 0.98", "0.9-0.98", "< 0.9")
NUMBER, NO_NUMBER = "number", "no number"
_HALVINGS = 80


class DrawError(Exception):
    """So many cells cannot be drawn; the message says how many can."""


@dataclass(frozen=True, slots=True, order=True)
class Stratum:
    """Cells that are alike: ``format`` of the document, ``band`` of confidence, ``state`` (a number, or none)."""

    format: str
    band: str
    state: str


def band_of(confidence: float | None) -> str:
    """The band of a confidence; a cell without any is in the lowest.

    >>> [band_of(c) for c in (1.0, 0.98, 0.9, 0.89, None)]
    ['>= 0.98', '>= 0.98', '0.9-0.98', '< 0.9', '< 0.9']
    """
    sure = confidence or 0.0
    return BANDS[0] if sure >= 0.98 else BANDS[1] if sure >= 0.9 else BANDS[2]


def draw(sizes: Mapping[Stratum, int], number: int, rng: Random) -> dict[Stratum, tuple[int, ...]]:
    """For each stratum the positions drawn, from 0 to its size, in order.

    Raises:
        DrawError: fewer cells are asked for than there are strata, or more than there are cells.
    """
    allotted = allocate(sizes, number)
    return {stratum: tuple(sorted(rng.sample(range(sizes[stratum]), allotted[stratum]))) for stratum in sorted(sizes)}


def allocate(sizes: Mapping[Stratum, int], number: int) -> dict[Stratum, int]:
    """How many cells of each stratum: by the square root of its size, at least one, at most all.

    By size alone nearly all would fall on born-digital numbers that are right, and the few doubtful cells, where the
    errors are, would be judged by one or two. By root both the whole and the small strata get a usable interval.

    Raises:
        DrawError: as ``draw``.
    """
    strata = sorted(stratum for stratum, size in sizes.items() if size)
    total = sum(sizes.values())
    if number < len(strata):
        raise DrawError(f"{number} cells are too few: the cells fall into {len(strata)} strata, one at least of each")
    if number > total:
        raise DrawError(f"{number} cells are too many: the database holds {total}")
    shares = _shares({stratum: sizes[stratum] for stratum in strata}, number)
    allotted = {stratum: math.floor(shares[stratum]) for stratum in strata}
    by_rest = sorted(strata, key=lambda stratum: (allotted[stratum] - shares[stratum], stratum))
    while left := number - sum(allotted.values()):
        for stratum in [s for s in by_rest if allotted[s] < sizes[s]][:left]:
            allotted[stratum] += 1
    return {stratum: allotted.get(stratum, 0) for stratum in sizes}


def _shares(sizes: Mapping[Stratum, int], number: int) -> dict[Stratum, float]:
    """``factor`` times the root of each size, within 1 and the size; ``factor`` so that they add up to the number."""

    def with_factor(factor: float) -> dict[Stratum, float]:
        return {stratum: min(size, max(1.0, factor * math.sqrt(size))) for stratum, size in sizes.items()}

    low, high = 0.0, math.sqrt(max(sizes.values(), default=1))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if sum(with_factor(middle).values()) <= number:
            low = middle
        else:
            high = middle
    return with_factor(low)
