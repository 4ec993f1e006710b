"""A probe's facts as tables: for a person (Markdown), for a program (JSON)."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from crawler.families import FAMILIES
from crawler.probe import FACTS, facts
from crawler.probe.correcting import Correction, corrections, file_of, unproven

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.probe.items import Fact, Probed

_NOT_SEEN = "–"


@dataclass(frozen=True)
class Report:
    """What a probe came to."""

    probed: tuple[Probed, ...]
    facts: tuple[Fact, ...]
    corrections: tuple[Correction, ...]

    @property
    def answered(self) -> int:
        """Sites from which anything came."""
        return sum(bool(one.answers) for one in self.probed)

    @property
    def unfinished(self) -> list[str]:
        """Sites whose visit was cut off or did not begin."""
        return [one.site.id for one in self.probed if not one.run.finished_at]

    def count(self, holds: bool | None) -> int:
        """How many facts hold, do not, or were not seen."""
        return sum(fact.holds is holds for fact in self.facts)

    def as_json(self) -> dict[str, Any]:
        """Keys: sites, facts, table (family -> fact -> [holds, does not, not seen]), corrections."""
        return {
            "sites": [_site(one) for one in self.probed],
            "facts": [asdict(fact) for fact in self.facts],
            "table": {family: {what: list(row[what]) for what in FACTS} for family, row in self._table().items()},
            "corrections": [asdict(one) for one in self.corrections],
        }

    def _table(self) -> dict[str, dict[str, tuple[int, int, int]]]:
        counts = Counter((fact.family, fact.what, fact.holds) for fact in self.facts)
        families = dict.fromkeys(fact.family for fact in self.facts)
        return {
            family: {
                what: (counts[family, what, True], counts[family, what, False], counts[family, what, None])
                for what in FACTS
            }
            for family in families
        }

    def as_markdown(self) -> str:
        """Sites, the table, what to correct, what the families' manuals call unproven, each fact as it was seen."""
        parts = [
            "# What a probe found",
            "Each fact: how many sites it holds at, of those where it could be seen; – where it could at none.",
            _rows(["site", "family", "line", "run", "asked", "reports"], (_row(one) for one in self.probed)),
            "## Family by fact",
            self._matrix(),
            "## To correct",
            "\n\n".join(self._to_correct()) or "Nothing.",
            "## To know",
            "\n".join(_line(one) for one in self.corrections if not one.where) or "Nothing.",
            "## What these families' manuals say is assumed or unproven",
            "\n".join(self._unproven()) or "Nothing.",
            "## Every fact",
            _rows(
                ["site", "fact", "holds", "assumed", "seen", "address"],
                ([one.site, one.what, _holds(one), one.assumed, one.seen, one.url] for one in self.facts),
            ),
        ]
        return "\n\n".join(parts) + "\n"

    def as_text(self) -> str:
        """A line a site, then what to correct."""
        lines = []
        for one in self.probed:
            own = [fact.holds for fact in self.facts if fact.site == one.site.id]
            counted = f"{own.count(True)} hold · {own.count(False)} do not · {own.count(None)} not seen"
            lines.append(f"{one.site.id:<28} {one.site.family:<14} {one.run.verdict:<12} {counted}")
        for where, (first, *others) in self.by_place().items():
            more = f" (and at {len(others)} more)" if others else ""
            lines.append(f"correct   {where}: {first.site}: {first.says}{more}")
        return "\n".join(lines)

    def by_place(self) -> dict[str, list[Correction]]:
        """Corrections by where they are to be made, the places that most sites speak of first."""
        places: dict[str, list[Correction]] = {}
        for one in self.corrections:
            if one.where:
                places.setdefault(one.where, []).append(one)
        return dict(sorted(places.items(), key=lambda item: -len(item[1])))

    def _to_correct(self) -> Iterable[str]:
        for where, some in self.by_place().items():
            yield f"### {where}"
            yield "\n".join(_line(one) for one in some)

    def _matrix(self) -> str:
        table = self._table()
        rows = ([what, *(_cell(table[family][what]) for family in table)] for what in FACTS)
        return _rows(["fact", *table], rows)

    def _unproven(self) -> Iterable[str]:
        files = {file_of(FAMILIES[fact.family]) for fact in self.facts}
        return (f"- {place}: {text}" for place, text in unproven() if place.partition(" ")[0] in files)


def report_on(probed: Sequence[Probed], registry: str) -> Report:
    """The facts of each site and what to correct; ``registry``: how its file is called."""
    told = [(one, tuple(facts(one))) for one in probed]
    return Report(
        tuple(probed),
        tuple(fact for _, some in told for fact in some),
        tuple(item for one, some in told for item in corrections(one, some, registry)),
    )


def _site(one: Probed) -> dict[str, Any]:
    return {
        "site": one.site.id,
        "name": one.site.name,
        "family": one.site.family,
        "line": one.line,
        "verdict": one.run.verdict,
        "finish_reason": one.run.finish_reason,
        "started_at": one.run.started_at,
        "answers": len(one.answers),
        "counts": dict(one.run.counts),
    }


def _row(one: Probed) -> list[str]:
    reports = one.run.counts.get("reports", 0)
    asked = f"{len(one.answers)} answers from {one.run.started_at}" if one.answers else "no answer"
    return [one.site.id, one.site.family, str(one.line), one.run.verdict, asked, str(reports)]


def _cell(counts: tuple[int, int, int]) -> str:
    holds, does_not, _ = counts
    if not holds + does_not:
        return _NOT_SEEN
    return f"**{holds} of {holds + does_not}**" if does_not else f"{holds} of {holds}"


def _holds(fact: Fact) -> str:
    return {True: "holds", False: "**does not**", None: "not seen"}[fact.holds]


def _line(one: Correction) -> str:
    url = "" if one.url in one.says else one.url
    shown = ", ".join(filter(None, (url, f"`{one.kept}`" if one.kept else "")))
    return f"- {one.site}: {one.says}" + (f" ({shown})" if shown else "")


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_plain(cell) for cell in line)} |" for line in lines)


def _plain(cell: str) -> str:
    """What a site says may hold a bar or a line's end, which would end the cell."""
    return " ".join(cell.split()).replace("|", "\\|")
