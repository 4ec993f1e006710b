"""Who should have reported by when, on what basis, and what is known where no report was found.

*Not found* is never *did not publish*: the reasons say what stood between this archive and a report. Late is only said
where the law names the body and the day.

From the report of 2019 on 条例 (2019) article 49: departments at county level or above by 31 January, the OGI authority
of a local government at county level or above by 31 March. Before, 条例 (2007) article 31: every organ by 31 March.
Townships and subdistricts are not named by article 49: they have no day, and the days after 31 January are a bare fact.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from extract.across.findings import texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FIRST_YEAR = 2008
"""The first report year: 条例 (2007) came into force on 2008-05-01."""
ARTICLE_49_FROM = 2019
"""The first report year of the revised 条例, in force since 2019-05-15: the reports of 2018 were due before."""

GOVERNMENTS = frozenset({"government"})
DEPARTMENTS = frozenset({"department", "office", "central"})
TOWNSHIPS = frozenset({"township", "town", "subdistrict"})
VERTICAL = frozenset({"vertical"})
FROM_COUNTY_UP = frozenset({"central", "province", "prefecture", "county"})

Why = Literal[
    "withheld",
    "image_only",
    "unreadable",
    "gone",
    "blocked",
    "robots",
    "host_down",
    "not_received",
    "not_crawled",
    "column_not_found",
    "not_listed",
]
_FAILURES: Mapping[str, Why] = {
    "gone": "gone",
    "blocked": "blocked",
    "robots": "robots",
    "refused": "host_down",
    "timeout": "host_down",
    "server_error": "host_down",
}
_RUNS: Mapping[str, Why] = {
    "down": "host_down",
    "blocked": "blocked",
    "robots": "robots",
    "moved": "column_not_found",
    "redesigned": "column_not_found",
    "empty": "column_not_found",
    "ok": "not_listed",
    "nothing_new": "not_listed",
    "fewer": "not_listed",
}


@dataclass(frozen=True, slots=True)
class Agency:
    """A body, the years of which it existed (None: open), its kind and level as in ``agencies``.

    ``level`` is that of the government it belongs to: central, province, prefecture, county or township. The committee
    of a development zone is of kind functional_area: it is sent out by a government, and is none that the law names.
    """

    key: str
    kind: str
    level: str
    region: str
    first_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Its report of the year. ``published_on`` (ISO date): as its page says; ``first_seen``: when first received."""

    report: str
    published_on: str = ""
    first_seen: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a report that was not found.

    ``runs``: verdict and start (UTC) of the runs at its site, the newest first; empty where it was never crawled, or no
    site of it is known. ``is_listed``: a list names its report of that year. ``failures``: kinds of failure at the
    addresses of that report. ``read``: what came of a document received for it. ``is_withheld``: kept out by decision.
    """

    runs: tuple[tuple[str, str], ...] = ()
    is_listed: bool = False
    failures: tuple[str, ...] = ()
    read: Literal["", "image_only", "unreadable"] = ""
    is_withheld: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A day and why. ``due_on`` is None where no law names one; ``measured_from``: what days are counted from."""

    basis: str
    due_on: dt.date | None
    measured_from: dt.date

    @property
    def is_binding(self) -> bool:
        """Whether the law names this body and this day."""
        return self.due_on is not None


@dataclass(frozen=True, slots=True)
class Expected:
    """One body and year. ``basis``: a code that :func:`basis_in_words` explains.

    ``days_after_due`` counts from ``due_on``, or from 31 January where there is none; negative is early; None where the
    page gives no date. ``why``: of a report not found, see :func:`why_in_words`.
    """

    agency: str
    region: str
    year: int
    basis: str
    due_on: dt.date | None
    is_binding: bool
    status: Literal["found", "not_found"]
    days_after_due: int | None = None
    report: str = ""
    why: Why | Literal[""] = ""

    @property
    def is_late(self) -> bool:
        """Published after a day that the law sets for this body. What was not found is not late."""
        return self.is_binding and self.days_after_due is not None and self.days_after_due > 0


def expect(
    agencies: Iterable[Agency],
    year: int,
    found: Mapping[str, Found],
    known: Mapping[str, Known],
    today: dt.date,
) -> Iterator[Expected]:
    """Who should have reported of a year, by agency key; none whose day has not passed, or who was not there then."""
    for agency in agencies:
        if is_expected(agency, year, today):
            yield expect_one(agency, year, found.get(agency.key), known.get(agency.key, _NOTHING))


_NOTHING = Known()


def is_expected(agency: Agency, year: int, today: dt.date) -> bool:
    """Whether it was there in that year, and the day of that report has passed."""
    if year < max(FIRST_YEAR, agency.first_year or 0) or (agency.last_year is not None and year > agency.last_year):
        return False
    return today > due(agency.kind, agency.level, year).measured_from


def expect_one(agency: Agency, year: int, found: Found | None, known: Known = _NOTHING) -> Expected:
    """One body and year, whether its report was found, and if not, why."""
    its = due(agency.kind, agency.level, year)
    row = (agency.key, agency.region, year, its.basis, its.due_on, its.is_binding)
    if found is None:
        return Expected(*row, "not_found", why=why_not_found(known, its.measured_from))
    return Expected(*row, "found", days_after(its.measured_from, year, found), found.report)


@cache
def due(kind: str, level: str, year: int) -> Due:
    """The day by which a body of that kind and level had to publish its report of a year, if the law names one."""
    january, march = dt.date(year + 1, 1, 31), dt.date(year + 1, 3, 31)
    if year < ARTICLE_49_FROM:
        named = kind in GOVERNMENTS | DEPARTMENTS | TOWNSHIPS | VERTICAL
        return Due("article_31_2007", march, march) if named else Due("not_named_2007", None, march)
    if kind in VERTICAL:
        return Due("vertical", None, january)
    if kind in TOWNSHIPS or level == "township":
        return Due("township", None, january)
    if level in FROM_COUNTY_UP and kind in DEPARTMENTS:
        return Due("article_49_departments", january, january)
    if level in FROM_COUNTY_UP - {"central"} and kind in GOVERNMENTS:
        return Due("article_49_governments", march, march)
    return Due("not_named", None, january)


def days_after(day: dt.date, year: int, found: Found) -> int | None:
    """From the day to the publication, negative where that was early; None where no date can be that of publication.

    A page that was seen before the date it bears was there by then: sites date pages anew when they move. A date before
    the last month of the report's year is no date of this report.
    """
    published = _date(found.published_on)
    if published is None:
        return None
    seen = _date(found.first_seen[:10])
    published = min(published, seen) if seen else published
    return (published - day).days if published >= dt.date(year, 12, 1) else None


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:  # "2024-02-30": a page's mistake
        return None


def why_not_found(known: Known, day: dt.date) -> Why:
    """What stood between the archive and the report, the nearest to it first.

    A run from before ``day`` says nothing of what is listed since; one that was cut or broke off saw a part only.
    """
    if known.is_withheld:
        return "withheld"
    if known.read:
        return known.read
    for kind in known.failures:
        if kind in _FAILURES:
            return _FAILURES[kind]
    if known.failures:
        return "not_received"
    if known.is_listed or not known.runs:
        return "not_crawled"
    verdict, started = known.runs[0]
    why = _RUNS.get(verdict, "not_crawled")
    return "not_crawled" if why == "not_listed" and started[:10] < day.isoformat() else why


def basis_in_words(basis: str) -> tuple[str, str]:
    """The law, or that there is none, in Chinese and English."""
    return _pair("expected_basis", basis)


def why_in_words(why: str) -> tuple[str, str]:
    """Why a report was not found, in Chinese and English: never that there is none."""
    return _pair("not_found", why)


def _pair(group: str, name: str) -> tuple[str, str]:
    zh, en = texts()[group][name]
    return str(zh), str(en)
