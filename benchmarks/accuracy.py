"""How many cells are read right, wrong, invented or missed: by format of the document, and by confidence.

    python -m benchmarks.accuracy [FOLDER ...]      default: the folder that GONGKAI_CORPUS names

A folder holds, anywhere below it, documents with their truth beside them: ``X.truth.json`` for ``X.<any ending>``, or
one ``truth.json`` for every document of its folder. A truth has ``cells`` (key -> number, null where the document
states none), ``skip`` (keys that nobody can decide), ``year``, ``form``, and ``stats`` of the older statistics tables.

right     the number that is printed, or no number where none is printed
wrong     another number
invented  a number where the document states none: the worst fault
missed    no number where one is printed
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.reading import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from extract.records import Cell, Reading

VERDICTS = ("right", "wrong", "invented", "missed")
BANDS = ((0.95, "0.95 to 1"), (0.8, "0.8 to 0.95"), (0.5, "0.5 to 0.8"), (0.0, "under 0.5"))
_NO_DOCUMENTS = {".json", ".md", ".py", ".csv"}
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Judged:
    """One cell of one document. ``confidence`` is None where no number was given."""

    format: str
    verdict: str
    is_zero: bool
    confidence: float | None


def documents(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The documents of a folder that have a truth, with it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix.lower() not in _NO_DOCUMENTS:
            for truth in (path.with_name(path.name.split(".")[0] + ".truth.json"), path.with_name("truth.json")):
                if truth.exists():
                    yield path, json.loads(truth.read_text("utf-8"))
                    break


def judge(reading: Reading, truth: dict[str, Any], name: str) -> Iterator[Judged]:
    """Every cell of the truth, and every further cell that was given a number."""
    report = reading.report
    cells = report.cells if report else {}
    stated, skipped = truth.get("cells") or {}, set(truth.get("skip") or ())
    for key in (*stated, *(key for key in cells if key not in stated)):
        if key not in skipped and (key in stated or cells[key].value is not None):
            yield _judged(name, stated.get(key), cells.get(key))
    rows = {_plain(row.label): row for row in report.statistics} if report else {}
    for label, figures in (truth.get("stats") or {}).items():
        row = rows.get(_plain(label))
        yield _judged(name, figures.get("year"), row.year if row else None)
        if figures.get("cumulative") is not None:
            yield _judged(name, figures["cumulative"], row.total if row else None)


def _judged(name: str, printed: float | None, cell: Cell | None) -> Judged:
    given = cell.value if cell else None
    confidence = cell.confidence if cell and given is not None else None
    return Judged(name, _verdict(printed, given), printed in (None, 0), confidence)


def _verdict(printed: float | None, given: int | Decimal | None) -> str:
    if printed is None:
        return "right" if given is None else "invented"
    if given is None:
        return "missed"
    return "right" if abs(float(given) - float(printed)) < _CLOSE else "wrong"


def _plain(label: str) -> str:
    return re.sub(r"\W|\d|其中", "", label)


def tables(judged: Sequence[Judged], read: Counter[str]) -> Iterator[str]:
    """Two tables: a row a format, and a row a band of confidence."""
    yield (
        f"{'format':<10}{'documents':>10}{'cells':>8}"
        + "".join(f"{v:>10}" for v in VERDICTS)
        + f"{'right':>10}{'not zero':>18}"
    )
    for name in (*sorted(read), "all"):
        rows = [cell for cell in judged if name in (cell.format, "all")]
        counts = Counter(cell.verdict for cell in rows)
        printed = [cell for cell in rows if not cell.is_zero]
        right = sum(cell.verdict == "right" for cell in printed)
        yield (
            f"{name:<10}{read.total() if name == 'all' else read[name]:>10}{len(rows):>8}"
            + "".join(f"{counts[verdict]:>10}" for verdict in VERDICTS)
            + f"{counts['right'] / max(len(rows), 1):>10.2%}{right:>9}/{len(printed):<8}"
        )
    yield ""
    yield f"{'numbers given with confidence':<32}" + "".join(f"{verdict:>10}" for verdict in VERDICTS[:3])
    above = float("inf")
    for least, band in BANDS:
        counts = Counter(c.verdict for c in judged if c.confidence is not None and least <= c.confidence < above)
        yield f"{band:<32}" + "".join(f"{counts[verdict]:>10}" for verdict in VERDICTS[:3])
        above = least


def main(folders: Sequence[str]) -> int:
    """Read all documents of the folders and print both tables; 1 if a cell is wrong or invented, 2 on misuse."""
    named = list(folders) or [os.environ.get("GONGKAI_CORPUS", "")]
    found = [pair for folder in named if folder for pair in documents(Path(folder))]
    if not found:
        print("no documents with a truth; name a folder, or set GONGKAI_CORPUS to one", file=sys.stderr)
        return 2
    judged: list[Judged] = []
    read: Counter[str] = Counter()
    for path, truth in found:
        reading = read_file(path)
        name = _format(path, reading)
        read[name] += 1
        judged += judge(reading, truth, name)
    print("\n".join(tables(judged, read)))
    return 1 if any(cell.verdict in ("wrong", "invented") for cell in judged) else 0


def _format(path: Path, reading: Reading) -> str:
    """The ending, with scans apart: a PDF whose numbers come from a picture is another thing than one with text."""
    is_scan = any("picture" in warning or "OCR" in warning for warning in reading.warnings)
    return "scan" if is_scan else path.suffix.lower().lstrip(".")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
