"""config/accuracy/*.json -> the section of docs/accuracy.md between its markers.

``python -m publish.accuracy.document`` writes it (``make docs``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.accuracy import published
from publish.accuracy.result import WRONG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS, DOCUMENT = ROOT / "config" / "accuracy", ROOT / "docs" / "accuracy.md"
BEGIN, END = "<!-- sampled: begin -->", "<!-- sampled: end -->"
_NONE = "No sample of a real archive has been read yet: nothing is known about reports beyond those above.\n"
_KINDS = {
    "other_number": "another number",
    "invented": "invented",
    "missed": "missed",
    "other_state": "blank, “/”, absent or unreadable taken for each other",
}


def with_section(text: str, results: Sequence[Mapping[str, Any]]) -> str:
    """The document with the newest result in full between the markers, and the older ones in a line each.

    Raises:
        ValueError: the markers are not there, or not in order.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(
            f"the lines {BEGIN} and {END} are missing, or not in this order; put them where it shall stand"
        )
    return f"{before}{BEGIN}\n{section(results)}{END}{after}"


def section(results: Sequence[Mapping[str, Any]]) -> str:
    """What samples of the archive found, in Markdown. ``results``: oldest first."""
    if not results:
        return _NONE
    *older, newest = results
    lines = [*_newest(newest), *_older(older)]
    return "\n".join(lines) + "\n"


def _newest(result: Mapping[str, Any]) -> Iterator[str]:
    rates = result["rates"]
    whole, agreement = rates[0], result["agreement"]
    kappa = "" if agreement["kappa"] is None else f" (Cohen's kappa {agreement['kappa']:.3f})"
    yield (
        f"Sample `{result['sample']}`, drawn on {result['drawn_on']} from {whole['cells']:,} cells that "
        f"{whole['reader']} read, seed {result['seed']}; read against the originals by {_people(result['readers'])}, "
        f"who did not see what we read. The first two agreed on {agreement['alike']:,} of {agreement['of']:,} "
        f"cells{kappa}; {'the third decided the rest' if len(result['readers']) > 2 else 'nothing was left to decide'}."
    )
    yield ""
    wrong = f"Of {whole['judged']:,} cells {whole['wrong']:,} were read wrong: {_kinds(whole)}"
    yield f"{wrong}. Weighted to the whole: {_said(whole)}."
    yield ""
    yield "| format | confidence | we read | cells | judged | wrong | invented | rate | 95 % interval |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for rate in rates:
        names = " | ".join(str(rate[name]) for name in ("format", "band", "state"))
        counts = " | ".join(f"{rate[name]:,}" for name in ("cells", "judged", "wrong", "invented"))
        yield f"| {names} | {counts} | {_percent(rate['rate'])} | {_percent(rate['low'])} to {_percent(rate['high'])} |"
    yield ""
    yield (
        "*cells*: in the whole, by which rates over several strata are weighted. Intervals: Wilson, with Poisson's "
        "lower end for one to three errors; weighted ones by MOVER (`publish/accuracy/rates.py`). Every answer is in "
        f"`config/accuracy/{result['drawn_on']}-{result['seed']}.json`."
    )


def _older(results: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for result in reversed(results):
        whole = result["rates"][0]
        yield ""
        yield f"Before: `{result['sample']}`, {whole['wrong']:,} of {whole['judged']:,} wrong, weighted {_said(whole)}."


def _people(readers: Sequence[str]) -> str:
    *others, last = readers
    return f"{', '.join(others)} and {last}" if others else last


def _kinds(rate: Mapping[str, Any]) -> str:
    found = [f"{rate[kind]} {_KINDS[kind]}" for kind in WRONG if rate[kind]]
    return ", ".join(found) or "none of any kind"


def _said(rate: Mapping[str, Any]) -> str:
    whole = (
        "" if rate["covers"] == 1 else f", for {_percent(rate['covers'])} of the cells: the rest could not be judged"
    )
    return f"{_percent(rate['rate'])} ({_percent(rate['low'])} to {_percent(rate['high'])}){whole}"


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.3%}"


def main() -> None:
    """Bring docs/accuracy.md up to date."""
    results = [published(path) for path in sorted(RESULTS.glob("*.json"))]
    DOCUMENT.write_text(with_section(DOCUMENT.read_text("utf-8"), results), "utf-8")


if __name__ == "__main__":
    main()
