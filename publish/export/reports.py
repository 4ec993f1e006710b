"""What is said of each report as a whole, beside its numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publish.export.regions import Regions

if TYPE_CHECKING:
    from publish.export.source import Source

SEVERITIES = ("error", "warn", "info")
_NOT_READ = "not read"


@dataclass(frozen=True, slots=True)
class Report:
    """A report by the id of its row, with the values of the panel's columns about it, by name."""

    id: int
    about: dict[str, Any]

    @property
    def is_unread(self) -> bool:
        """Whether pages of it could not be read at all: what its form would say is not absent, it is not legible."""
        return _NOT_READ in (self.about["no_numbers_because"] or "")


class Reports:
    """The reports that are not withheld, a range at a time."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._regions = Regions(source)
        self._duplicates = _duplicates(source)

    def within(self, after: int, upto: int) -> list[Report]:
        """Those whose id is in the range, in its order."""
        failed = self._failed(after, upto)
        across = self._across(after, upto)
        return [self._report(row, failed, across) for row in self._source.rows(_REPORTS, after, upto)]

    def _report(self, row: tuple[Any, ...], failed: Counter[tuple[int, str]], across: Counter[int]) -> Report:
        id_, *values = row
        about = dict(zip(_NAMES, values, strict=True))
        about["report_status"] = "found"
        about["duplicate_of"] = self._duplicates.get(id_)
        about |= self.where(about["region_id"], about["year"])
        about |= {f"checks_failed_{severity}": failed[id_, severity] for severity in SEVERITIES}
        about["checks_failed_across"] = across[id_]
        return Report(id_, about)

    def where(self, region: str | None, year: int | None) -> dict[str, Any]:
        """The columns that say where an agency is."""
        names = dict(zip(("province", "prefecture", "county", "township"), self._regions.names(region), strict=True))
        code, edition = self._regions.code(region, year)
        return {**names, "region_code": code, "region_code_edition": edition}

    def _failed(self, after: int, upto: int) -> Counter[tuple[int, str]]:
        rows = self._source.rows(
            "select r.id, coalesce(f.severity, 'error'), count(*) from kept r join reading_findings f "
            "on f.reading_id = r.numbers_id and f.verdict = 'fail' where r.id > ? and r.id <= ? group by 1, 2",
            after,
            upto,
        )
        return Counter({(id_, severity): count for id_, severity, count in rows})

    def _across(self, after: int, upto: int) -> Counter[int]:
        rows = self._source.rows(
            "select report_id, count(*) from report_findings where verdict = 'fail' and report_id > ? "
            "and report_id <= ? group by 1",
            after,
            upto,
        )
        return Counter(dict(rows))


_NAMES = (
    *("report_key", "issuer_printed", "site_id", "year", "scope", "title", "published_on", "first_seen", "last_seen"),
    "missed_at",
    *("agency_key", "agency_name", "agency_status", "region_id", "level", "kind"),
    *("form", "confidence", "no_numbers_because", "sha256", "member", "procurement_unit", "url", "captured_at"),
)


def _duplicates(source: Source) -> dict[int, str]:
    """By id, the reports beside another one of their agency and year, with the key of that one.

    One of the body's own figures goes before one of a territory, then the one with more numbers; never the one that
    happened to be loaded first, for a database made anew numbers its rows otherwise.
    """
    return dict(
        source.rows(
            """select id, first from (
                 select r.id, r.report_key, first_value(r.report_key) over (
                   partition by r.agency_id, r.year
                   order by coalesce(r.scope, '') in ('territory', 'level'), d.numbers desc, r.report_key) as first
                 from kept r join readings d on d.id = r.numbers_id
                 where r.agency_id is not null and r.year is not null)
               where report_key <> first"""
        )
    )


_REPORTS = """
    select r.id,
      r.report_key, r.issuer_printed, r.site_id, r.year, r.scope, r.title, r.published_on, r.first_seen, r.last_seen,
      r.missed_at,
      a.agency_key, a.name, r.agency_status, a.region_id, a.level, a.kind,
      d.form, d.confidence, d.reason, d.sha256, d.member, t.procurement_unit, l.url, l.first_seen
    from kept r join readings d on d.id = r.numbers_id
      left join agencies a on a.id = r.agency_id
      left join reading_disclosure t on t.reading_id = r.numbers_id
      left join report_documents l on l.report_id = r.id and l.reading_id = r.current_reading_id and l.url = (
        select url from report_documents where report_id = r.id and reading_id = r.current_reading_id
        order by role = 'edition', url limit 1)
    where r.id > ? and r.id <= ? order by r.id"""
