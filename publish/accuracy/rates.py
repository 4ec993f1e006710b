"""Counts of errors -> rates with intervals of 95 %; how far two readers agree. Pure.

Sources: E. B. Wilson (1927), the score interval of a proportion; L. D. Brown, T. T. Cai, A. DasGupta (2001), its lower
end for rare events; G. Y. Zou, W. Huang, X. Zhang (2009), the interval of
a weighted sum of proportions from the intervals of its parts (MOVER); J. Cohen (1960), kappa.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

Z = NormalDist().inv_cdf(0.975)
_POISSON_LOW = {1: 0.0513, 2: 0.3554, 3: 0.8177}
"""The rate at which so many errors or more turn up in 5 of 100 samples: where the sum of Poisson's terms is 0.05."""


@dataclass(frozen=True, slots=True)
class Count:
    """A stratum's outcome: ``size`` cells in the whole, ``judged`` of them by the readers, ``wrong`` of those."""

    size: int
    judged: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of wrong cells with its interval, 0 to 1.

    ``covers``: the share of cells that it speaks for, below 1 where the readers could judge no cell of a stratum.
    ``rate`` is None where none was judged at all; the interval is then everything.
    """

    rate: float | None
    low: float
    high: float
    covers: float = 1.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many of the answers were alike, and Cohen's kappa: None where both gave one and the same answer throughout.

    Kappa: 0 what chance would give, 1 all alike.
    """

    alike: int
    of: int
    kappa: float | None


def wilson(wrong: int, judged: int) -> tuple[float, float]:
    """The interval of ``wrong`` in ``judged``; everything, if nothing was judged.

    >>> [tuple(round(side, 4) for side in wilson(*counts)) for counts in ((0, 10), (1, 10), (5, 10), (0, 0))]
    [(0.0, 0.2775), (0.0179, 0.4042), (0.2366, 0.7634), (0.0, 1.0)]
    """
    if not judged:
        return 0.0, 1.0
    share = wrong / judged
    middle = share + Z * Z / (2 * judged)
    spread = Z * math.sqrt(share * (1 - share) / judged + Z * Z / (4 * judged * judged))
    whole = 1 + Z * Z / judged
    # At the ends the formula gives 0 and 1 but for the last bit.
    low = 0.0 if wrong == 0 else (middle - spread) / whole
    high = 1.0 if wrong == judged else (middle + spread) / whole
    return low, high


def interval(wrong: int, judged: int) -> tuple[float, float]:
    """Wilson's interval, with Poisson's lower end for one to three errors.

    Where errors are rare, which is our case, one that turns up by chance would else put the truth below the interval:
    it would hold in as few as 84 of 100 samples, not in 95.

    >>> [round(side, 4) for side in interval(1, 400)], [round(side, 4) for side in wilson(1, 400)]
    ([0.0001, 0.014], [0.0004, 0.014])
    """
    low, high = wilson(wrong, judged)
    return min(low, _POISSON_LOW.get(wrong, low * judged) / judged) if judged else low, high


def weighted(counts: Iterable[Count]) -> Rate:
    """The rate over strata, each weighted by its size: the whole's, not the sample's.

    A stratum of which every cell was judged is known and adds nothing to the width.
    """
    every = list(counts)
    known = [count for count in every if count.judged]
    size, total = sum(count.size for count in known), sum(count.size for count in every)
    if not size:
        return Rate(None, 0.0, 1.0, 0.0)
    rate = below = above = 0.0
    for count in known:
        weight, share = count.size / size, count.wrong / count.judged
        low, high = (share, share) if count.judged == count.size else interval(count.wrong, count.judged)
        rate += weight * share
        below += (weight * (share - low)) ** 2
        above += (weight * (high - share)) ** 2
    return Rate(rate, max(0.0, rate - math.sqrt(below)), min(1.0, rate + math.sqrt(above)), size / total)


def agreement(pairs: Sequence[tuple[Hashable, Hashable]]) -> Agreement:
    """How far two readers agree, by their answers to the same cells.

    >>> agreement([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")])
    Agreement(alike=3, of=4, kappa=0.5)
    """
    alike, of = sum(a == b for a, b in pairs), len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(count * second[answer] for answer, count in first.items())
    kappa = None if by_chance == of * of else (alike * of - by_chance) / (of * of - by_chance)
    return Agreement(alike, of, kappa)
