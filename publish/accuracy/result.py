"""Settled answers -> the published result: rates by stratum, format, band and state, with every answer beside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from publish.accuracy.answers import judge
from publish.accuracy.draw import Stratum
from publish.accuracy.rates import Count, weighted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from publish.accuracy.answers import Answer, Verdict
    from publish.accuracy.items import Item, Sample
    from publish.accuracy.rates import Agreement

ALL = "all"
WRONG: tuple[Verdict, ...] = ("other_number", "invented", "missed", "other_state")
"""The kinds of error; other_state: blank, "/", absent and unreadable taken for each other."""
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Settled:
    """An item with its answers: of both readers, of the third if they differed, and the one that holds."""

    item: Item
    first: Answer
    second: Answer
    third: Answer | None
    notes: tuple[str, ...] = ()

    @property
    def printed(self) -> Answer:
        """What is printed, as far as people can tell."""
        return self.first if self.third is None else self.third

    @property
    def verdict(self) -> Verdict:
        """What we read against it."""
        return judge(self.item.state, self.item.value, self.printed)


def result_of(
    sample: Sample, settled: Sequence[Settled], agreed: Agreement, *, readers: Sequence[str], taken_on: str
) -> dict[str, Any]:
    """The result as config/accuracy keeps it: ``rates`` are the rows of the table ``accuracy``."""
    told = sample.as_json()
    del told["items"]
    return {
        **told,
        "taken_on": taken_on,
        "readers": list(readers),
        "agreement": {"alike": agreed.alike, "of": agreed.of, "kappa": _short(agreed.kappa)},
        "verdicts": dict(sorted(Counter(one.verdict for one in settled).items())),
        "rates": list(_rates(sample, settled)),
        "items": [_answered(one) for one in settled],
    }


def _rates(sample: Sample, settled: Sequence[Settled]) -> Iterator[dict[str, Any]]:
    """The whole first, then by format, by band, by state, and every stratum by itself."""
    groupings: tuple[Callable[[Stratum], Stratum], ...] = (
        lambda _: Stratum(ALL, ALL, ALL),
        lambda stratum: Stratum(stratum.format, ALL, ALL),
        lambda stratum: Stratum(ALL, stratum.band, ALL),
        lambda stratum: Stratum(ALL, ALL, stratum.state),
        lambda stratum: stratum,
    )
    sizes = {one.stratum: one.size for one in sample.strata}
    for grouping in groupings:
        groups: dict[Stratum, list[Stratum]] = {}
        for stratum in sorted(sizes):
            groups.setdefault(grouping(stratum), []).append(stratum)
        for name, strata in groups.items():
            yield _rate(name, {stratum: sizes[stratum] for stratum in strata}, settled)


def _rate(name: Stratum, sizes: Mapping[Stratum, int], settled: Sequence[Settled]) -> dict[str, Any]:
    ours = [one for one in settled if one.item.stratum in sizes]
    judged = [one for one in ours if one.verdict != "unjudged"]
    by_stratum = Counter(one.item.stratum for one in judged)
    wrong = Counter(one.item.stratum for one in judged if one.verdict in WRONG)
    kinds = Counter(one.verdict for one in judged)
    rate = weighted(Count(size, by_stratum[stratum], wrong[stratum]) for stratum, size in sizes.items())
    return {
        **asdict(name),
        "cells": sum(sizes.values()),
        "drawn": len(ours),
        "judged": len(judged),
        "agreed": sum(one.first == one.second for one in ours),
        "wrong": wrong.total(),
        **{kind: kinds[kind] for kind in WRONG},
        "rate": _short(rate.rate),
        "low": _short(rate.low),
        "high": _short(rate.high),
        "covers": _short(rate.covers),
        "reader": ", ".join(sorted({one.item.reader for one in ours})),
    }


def _short(number: float | None) -> float | None:
    return None if number is None else round(number, _DIGITS)


def _answered(one: Settled) -> dict[str, Any]:
    told = asdict(one.item)
    for name in ("picture", "document", "where"):  # of the folder, not of the sample
        del told[name]
    answers = {"first": one.first, "second": one.second, "third": one.third}
    return {
        **told,
        "answers": {reader: _said(answer) for reader, answer in answers.items() if answer is not None},
        "verdict": one.verdict,
        **({"notes": list(one.notes)} if any(one.notes) else {}),
    }


def _said(answer: Answer) -> str:
    """A number as digits, else the kind."""
    return answer.kind if answer.number is None else f"{answer.number:f}"
