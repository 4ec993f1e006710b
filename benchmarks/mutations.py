"""Documents mutated by chance must be read, or refused in a clear line: ``python -m benchmarks.mutations``.

Half of them are damaged (bytes flipped, cut, doubled, moved), half have another structure around their statutory
tables. Whatever comes: no crash, no hang, and each number that is read stands at its place in the document. Where only
structure was changed: the same cells as before, blank as blank. Each seed is one document and one mutation; those that
fail are listed. Exit status 1 if any does.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import click

from benchmarks.at_place import Places
from benchmarks.documents import documents
from benchmarks.mutate import STRUCTURE
from benchmarks.mutate.damage import damage
from extract.decode import decode
from extract.reading import read
from extract.records import PageBox
from extract.workers import Limits, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.documents import Sample
    from extract.records import Place, Reading

_UNFORESEEN = "the reader failed on this document"


@dataclass(frozen=True, slots=True)
class Case:
    """A seed and what it stands for: one document, damaged or with another structure around its tables."""

    seed: int
    sample: Sample
    is_damage: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case: the kind of its reading, how many numbers were looked up, and what is wrong, if anything."""

    case: Case
    kind: str
    numbers: int = 0
    fault: str = ""


def case_of(seed: int, samples: Sequence[Sample]) -> Case:
    """Formats take turns by chance, whatever number of documents each has."""
    chance = Random(seed)
    chosen = chance.choice(sorted({sample.format for sample in samples}))
    sample = chance.choice([sample for sample in samples if sample.format == chosen])
    return Case(seed, sample, is_damage=chosen not in STRUCTURE or chance.random() < 0.5)


def mutated(case: Case) -> bytes:
    """The bytes of a case."""
    chance = Random(f"{case.seed} {case.sample.name}")
    if case.is_damage:
        return damage(case.sample.data, chance)
    return STRUCTURE[case.sample.format](case.sample.data, _unmutated(case.sample), chance)


@lru_cache(maxsize=1000)
def _unmutated(sample: Sample) -> Reading:
    return read(sample.data)


def try_case(case: Case) -> Outcome:
    """Read a mutated document and look for what is wrong; runs in a worker."""
    data = mutated(case)
    reading = read(data)
    outcome = Outcome(case, reading.kind)
    if _UNFORESEEN in reading.error:
        return Outcome(case, reading.kind, fault=reading.error)
    numbers = list(_numbers(reading))
    faults = [] if case.is_damage else list(_differences(_unmutated(case.sample), reading))
    faults += _misplaced(data, numbers) if numbers else []
    return Outcome(case, outcome.kind, len(numbers), "; ".join(faults[:3]))


def _numbers(reading: Reading) -> Iterator[tuple[str, str, Place | None]]:
    """Key, words and place of every number that was read, in tables and in prose."""
    report = reading.report
    if report is None:
        return
    statistics = [cell for row in report.statistics for cell in (row.year, row.total) if cell is not None]
    for cell in (*report.cells.values(), *statistics):
        if cell.value is not None:
            yield cell.key, cell.raw, cell.place
    for fact in report.facts:
        yield fact.key, fact.raw, fact.span


def _misplaced(data: bytes, numbers: Sequence[tuple[str, str, Place | None]]) -> Iterator[str]:
    places = Places(data, decode(data))
    try:
        for key, raw, place in numbers:
            there = places.text_at(place)
            if there is None or not _holds(there, raw, place):
                yield f"{key}: {raw!r} does not stand at {place}, but {there!r}"
    finally:
        places.close()


def _holds(there: str, raw: str, place: Place | None) -> bool:
    there, raw = "".join(there.split()), "".join(raw.split())
    # A file may draw the characters of a cell in another order than they are printed in.
    return raw in there or (isinstance(place, PageBox) and Counter(raw) <= Counter(there))


def _differences(before: Reading, after: Reading) -> Iterator[str]:
    cells = [reading.report.cells if reading.report else {} for reading in (before, after)]
    stated = [{key: (cell.value, cell.state) for key, cell in of.items()} for of in cells]
    for key in stated[0].keys() | stated[1].keys():
        if stated[0].get(key) != stated[1].get(key):
            yield f"{key}: {stated[0].get(key)} before, {stated[1].get(key)} after"


def _lost(case: Case, reason: str) -> Outcome:
    return Outcome(case, "lost", fault=reason)


def run(samples: Sequence[Sample], seeds: Sequence[int], *, workers: int, limits: Limits) -> Iterator[Outcome]:
    """The outcomes of the seeds, in order, by worker processes."""
    cases = [case_of(seed, samples) for seed in seeds]
    return in_order(try_case, cases, workers=workers, lost=_lost, limits=limits)


@click.command()
@click.option("--count", default=10_000, show_default=True, help="How many mutated documents.")
@click.option("--seed", default=1, show_default=True, help="The first of as many seeds.")
@click.option("--replay", type=int, help="Only this seed; its document is written to mutated.bin.")
@click.option("--corpus", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A folder of documents.")
@click.option("--only", default="", help="One format alone, by its short name.")
@click.option("--workers", default=os.cpu_count() or 1, show_default="one a core")
@click.option("--time-limit", default=60, show_default=True, metavar="SECONDS")
@click.option("--memory-limit", default=1024, show_default=True, metavar="MB")
def main(
    count: int,
    seed: int,
    replay: int | None,
    corpus: Path | None,
    only: str,
    workers: int,
    time_limit: int,
    memory_limit: int,
) -> None:
    """Read mutated documents; list the seeds of those that fail, and a table by format."""
    logging.getLogger().setLevel(logging.CRITICAL)  # in the workers too
    samples = [sample for sample in documents(corpus) if only in ("", sample.format)]
    if replay is not None:
        case = case_of(replay, samples)
        Path("mutated.bin").write_bytes(mutated(case))
        print(case.sample.name, "damaged" if case.is_damage else "structure changed")
    seeds = range(seed, seed + count) if replay is None else [replay]
    started, outcomes = time.monotonic(), []
    for outcome in run(samples, seeds, workers=workers, limits=Limits(time_limit, memory_limit)):
        outcomes.append(outcome)
        if outcome.fault:
            print(f"FAILED seed {outcome.case.seed} ({outcome.case.sample.name}): {outcome.fault[:600]}", flush=True)
    print(_table(outcomes))
    print(f"{len(outcomes)} documents in {time.monotonic() - started:.0f} s")
    sys.exit(1 if any(outcome.fault for outcome in outcomes) else 0)


def _table(outcomes: Sequence[Outcome]) -> str:
    lines = [f"{'format':<20}{'mutation':<12}{'read':>8}{'other':>8}{'refused':>8}{'numbers':>10}{'failed':>8}"]
    groups = sorted({(outcome.case.sample.format, outcome.case.is_damage) for outcome in outcomes})
    for name, is_damage in groups:
        mine = [o for o in outcomes if (o.case.sample.format, o.case.is_damage) == (name, is_damage)]
        kinds, numbers = Counter(outcome.kind for outcome in mine), sum(outcome.numbers for outcome in mine)
        failed = sum(bool(outcome.fault) for outcome in mine)
        counts = f"{kinds['report']:>8}{kinds['other']:>8}{kinds['error']:>8}{numbers:>10}{failed:>8}"
        lines.append(f"{name:<20}{'damage' if is_damage else 'structure':<12}{counts}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
