"""How fast documents are read, each figure beside a peer in the same run: ``python -m benchmarks.speed [FOLDER]``.

CPU seconds of this process, the best of some rounds in which we and the peer take turns on the same document.
Exit status 1 if a limit is missed.
"""

from __future__ import annotations

import gc
import io
import logging
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pdfplumber
from lxml import html as lxml_html

from benchmarks.documents import documents
from extract.decode import decode
from extract.forms import load_forms
from extract.interpret import interpret
from extract.limited_pool import LimitedPool
from extract.reading import read
from extract.reconcile import reconcile
from extract.workers import Limits, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.documents import Sample
    from extract.records import Finding

_ROUNDS = 3
_MOST = 24
_PIECES = 200
_MB = 1 << 20
_FREE = 1.9  # of two cores


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table. ``holds`` is None where there is nothing to hold it against."""

    what: str
    ours: str
    peer: str
    result: str
    limit: str
    holds: bool | None


def findings_of(data: bytes) -> tuple[Finding, ...]:
    """Bytes -> findings by the first reader: what is read without a second opinion."""
    report = interpret(decode(data), load_forms())
    form = next((form for form in load_forms() if form.id == report.form), None)
    return reconcile(report, form) if form else ()


def find_tables(data: bytes) -> list[Any]:
    """What pdfplumber finds in a PDF by itself."""
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return [page.extract_tables() for page in pdf.pages]


def parse_html(data: bytes) -> Any:
    """What lxml does to a page before anyone has looked at it."""
    return lxml_html.document_fromstring(data)


def peak_megabytes() -> float:
    """The most memory that this process ever had in RAM (Linux gives KB, macOS bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / _MB if sys.platform == "darwin" else peak / 1024


def take_turns(samples: Sequence[Sample], *functions: Callable[[bytes], Any]) -> list[float]:
    """CPU seconds of each function over all the samples: for each the best of the rounds, in turns.

    What one leaves behind is cleared away before the next: it would be charged to whoever comes after.
    """
    totals = [0.0] * len(functions)
    for sample in samples:
        best = [float("inf")] * len(functions)
        for _ in range(_ROUNDS):
            for number, function in enumerate(functions):
                gc.collect()
                started = time.process_time()
                function(sample.data)
                best[number] = min(best[number], time.process_time() - started)
        totals = [total + one for total, one in zip(totals, best, strict=True)]
    return totals


def measure_pdf(samples: Sequence[Sample]) -> list[Measured]:
    """Our decoding and reading of PDFs beside pdfplumber's own finding of tables."""
    decoded, first, whole, peer = take_turns(samples, decode, findings_of, read, find_tables)
    count = len(samples)
    return [
        _times_faster("PDF: bytes to tables, pdfplumber's extract_tables", decoded, peer, count, 6),
        _times_faster("the same, bytes to findings", first, peer, count, None),
        _times_faster("the same, with second opinions (pdfplumber itself)", whole, peer, count, None),
    ]


def _times_faster(what: str, ours: float, peer: float, count: int, least: float | None) -> Measured:
    ratio = peer / ours
    limit = f">= {least:g}" if least else ""
    return Measured(
        what, _ms(ours, count), _ms(peer, count), f"{ratio:.1f} x", limit, ratio >= least if least else None
    )


def measure_html(samples: Sequence[Sample]) -> Measured:
    """Our reading of pages beside lxml's parsing of them."""
    ours, peer = take_turns(samples, findings_of, parse_html)
    ratio, count = ours / peer, len(samples)
    what = "HTML: bytes to findings, lxml's document_fromstring"
    return Measured(what, _ms(ours, count), _ms(peer, count), f"1/{ratio:.1f} x", "<= 20 times as long", ratio <= 20)


def _ms(seconds: float, count: int) -> str:
    return f"{1000 * seconds / count:.1f} ms"


def measure_workers(samples: Sequence[Sample]) -> Measured:
    """The same documents by two workers and by one, start-up included; the peer is what two busy loops reach."""
    work = [samples[number % len(samples)].data for number in range(_PIECES)]
    best, reached = 0.0, 0.0
    for _ in range(3):
        wall = {}
        for count in (1, 2):
            started = time.monotonic()
            for _reading in in_order(read, work, workers=count, lost=_never):
                pass
            wall[count] = time.monotonic() - started
        best, reached = max(best, wall[1] / wall[2]), max(reached, _attainable())
    what = f"{_PIECES} documents by two workers, by one (wall time)"
    holds = None if reached < _FREE and best < 1.7 else best >= 1.7
    limit = ">= 1.7" if holds is not None else ">= 1.7, not to be had: cores are busy"
    return Measured(what, "", f"{reached:.2f} x", f"{best:.2f} x", limit, holds)


def _attainable() -> float:
    """How many times the work of one busy process two of them do now."""
    done = {}
    for count in (1, 2):
        with LimitedPool(count, Limits()) as pool:
            started = [pool.submit(spin, 0.0) for _ in range(count)]  # so that none is starting while the other spins
            _ = [future.result() for future in started]
            done[count] = sum(future.result() for future in [pool.submit(spin, 1.0) for _ in range(count)])
    return done[2] / done[1]


def spin(seconds: float) -> float:
    """Be busy for so long; the CPU time that was had."""
    started, before = time.monotonic(), time.process_time()
    while time.monotonic() - started < seconds:
        pass
    return time.process_time() - before


def _never(_: bytes, reason: str) -> Any:
    raise RuntimeError(reason)


def measure_memory(samples: Sequence[Sample]) -> Measured:
    """The peak of one worker that read every document."""
    with LimitedPool(1, Limits()) as pool:
        for future in [pool.submit(read, sample.data) for sample in samples]:
            future.result()
        peak = pool.submit(peak_megabytes).result()
    what = f"a worker's memory after {len(samples)} documents"
    return Measured(what, f"{peak:.0f} MB", "", "", "< 200 MB", peak < 200)


def main(folder: Path | None) -> int:
    logging.getLogger().setLevel(logging.CRITICAL)  # in the workers too
    samples = documents(folder)
    pages = [sample for sample in samples if sample.format == "html"]
    lines = [
        *measure_pdf([sample for sample in samples if sample.format == "pdf"][:_MOST]),
        measure_html(pages[:: max(1, len(pages) // _MOST)]),
        measure_workers(samples),
        measure_memory(samples),
    ]
    print(f"{'what, and its peer':<56}{'ours':>9}{'peer':>10}{'result':>10}   limit")
    for line in lines:
        verdict = {True: "holds", False: "MISSED", None: ""}[line.holds]
        print(f"{line.what:<56}{line.ours:>9}{line.peer:>10}{line.result:>10}   {line.limit:<20}{verdict}")
    return 1 if any(line.holds is False for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
