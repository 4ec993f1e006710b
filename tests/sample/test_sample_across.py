"""What comparing reports finds in the sample county is what its manifest says must be found, and nothing else."""

import pytest

from extract.across.copies import bare, compare_prose
from extract.across.documents import compare_documents
from extract.across.expected import Agency as Expecting
from extract.across.expected import Found, due, expect_one
from extract.across.levels import Figures, Unit, roll_up
from extract.across.years import YearNumbers, compare_year_numbers
from sample.county import BODIES, GOVERNMENT
from sample.manifest import NEXT_DAY, load
from sample.portal.prose import sections

TRUTHS = load().truths
REPORTS = {report.who: report for report in (*load().reports, *load(NEXT_DAY).reports)}
NAMES = [GOVERNMENT, *(body.name for body in BODIES)]
RENAMED = {(item["from"], item["year"]): item["to"] for item in TRUTHS["renamed"]}


def report(name, year):
    """Of an agency by its first name."""
    now = next((to for (old, since), to in RENAMED.items() if old == name and year >= since), name)
    return REPORTS.get((now, year))


def scope(name):
    return "territory" if name == GOVERNMENT else "own_office"


def stated(basis):
    return sorted(
        (item["issuer"], item["year"], item["check"], item["subject"], item["left"], item["right"])
        for item in TRUTHS["between"]
        if item["basis"] == basis
    )


def test_between_years():
    found = []
    for name in NAMES:
        for year in range(2019, 2026):
            before, now = report(name, year - 1), report(name, year)
            if before and now and now.cells:
                numbers = (YearNumbers(r.year, r.form or None, scope(name), r.cells) for r in (now, before))
                link = "renamed" if before.issuer != now.issuer else ""
                failed = [f for f in compare_year_numbers(*numbers, link) if f.verdict == "fail"]
                found += [(*now.who, f.check, f.subject, f.left, f.right) for f in failed]
                texts = (bare("".join(sections(r)["overview"])) for r in (now, before))
                copied = compare_prose(*texts, "years")
                found += [(*now.who, "N-COPY", "overview", copied.left, copied.right)] * (copied.verdict == "fail")
    assert sorted(found) == stated("years")


def test_between_neighbours():
    found = []
    for one in REPORTS.values():
        for other in REPORTS.values():
            if one.year == other.year and one.who != other.who and one.cells and other.cells:
                texts = (bare("".join(sections(r)["overview"]), [r.issuer]) for r in (one, other))
                copied = compare_prose(*texts, "neighbours")
                found += [(*one.who, "N-COPY", "overview", copied.left, copied.right)] * (copied.verdict == "fail")
    assert sorted(found) == stated("neighbours")


def test_between_documents():
    found = []
    for one in REPORTS.values():
        page, file = (
            {key: (value, r.states.get(key, "number"), str(value)) for key, value in r.cells.items()}
            for r in (one, one.as_attached)
        )
        if one.has_tables and one.attachments:
            failed = [f for f in compare_documents(page, file).findings if f.verdict == "fail"]
            found += [(*one.who, f.check, f.subject, f.left, f.right) for f in failed]
    assert sorted(found) == stated("documents")


@pytest.mark.parametrize("year", range(2019, 2026))
def test_the_county_and_its_parts(year):
    def figures(name):
        one = report(name, year)
        return (Figures(name, "own_office", one.cells),) if one and one.cells else ()

    departments = [body.name for body in BODIES if body.kind == "department"]
    towns = [body.name for body in BODIES if body.kind == "township"]
    unit = Unit(
        GOVERNMENT,
        office=figures(BODIES[0].name),
        departments=tuple(one for name in departments for one in figures(name)),
        departments_expected=len(departments),
        units=tuple(Unit(name, office=figures(name)) for name in towns),
    )
    rows = roll_up("territory", report(GOVERNMENT, year).cells, unit)
    found = [
        {
            name: getattr(row, name)
            for name in ("key", "stated", "parts_sum", "parts_found", "parts_expected", "verdict")
        }
        for row in rows
        if row.stated is not None
    ]
    assert found == [
        {k: v for k, v in item.items() if k != "year"} for item in TRUTHS["rollups"] if item["year"] == year
    ]


def test_who_is_late():
    kinds = {body.name: body.kind for body in BODIES} | {GOVERNMENT: "government"}
    found = []
    for name in NAMES:
        for year in range(2018, 2026):
            if one := report(name, year):
                level = "township" if kinds[name] == "township" else "county"
                agency = Expecting(name, kinds[name], level, "990101-2015")
                row = expect_one(agency, year, Found("r", one.published_on, "2026-11-25T00:00:00Z"))
                assert row.is_binding == due(agency.kind, level, year).is_binding
                if row.days_after_due > 0:
                    found.append((*one.who, row.days_after_due, row.is_binding))
    assert sorted(found) == sorted(
        (item["issuer"], item["year"], item["days"], item["binding"]) for item in TRUTHS["late"]
    )
