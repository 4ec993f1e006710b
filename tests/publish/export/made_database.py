"""A database of invented agencies, made without a crawl: one report for each thing that an export must get right."""

from __future__ import annotations

import json
from decimal import Decimal

from extract.forms import load_form
from extract.records import Cell, Finding, GridPlace, PageBox, Reading, Report, Span, Statistic
from extract.store.codebook import load_forms
from extract.store.database import open_for_writing
from tests.stored import load_reading

FORM = load_form("2021")
KEYS = [cell.key for row in FORM.rows() if not row.instead_of for cell in row.cells]
URL = "http://town.example/2023.html"
SEEN = "2024-02-01T08:00:00Z"
UNSEEN = "requests.granted.enterprise"
"""A cell whose row the document lacks, while another cell of the row is there."""


def cell(key, raw, *, at=None, confidence=1.0, reason=""):
    """A cell as the reader would give it: by what is printed."""
    states = {"": "blank", "/": "na_mark", "▒": "unreadable", None: "absent"}
    state = states.get(raw, "number")
    value = None
    if state == "number":
        text = raw.replace(",", "")
        value = Decimal(text) if "." in text else int(text)
    return Cell(key, value, raw or "", state, confidence, at, reason)


def cells(changed, place=None):
    """All cells of the form of 2021: 0, but for those that are named."""
    made = {}
    for number, key in enumerate(KEYS):
        raw = changed.get(key, "0")
        made[key] = cell(key, raw, at=place(number) if place and raw is not None else None)
    return made


def on_page(number):
    left = 60.0 + 30 * (number % 10)
    return PageBox(1 + number // 100, (left, 100.04 + number // 10, left + 30, 112.0 + number // 10))


def on_grid(number):
    return GridPlace(number // 50, number // 7, number % 7)


def in_text(number):
    return Span(10 * number, 10 * number + 2)


class Maker:
    """Puts reports into a database, in the order in which they are named."""

    def __init__(self, db) -> None:
        self.db = db
        self.count = 0

    def reading(self, report, *, reader="reader-1", sha256="", findings=()):
        sha256 = sha256 or f"{self.count + 1:064x}"
        made = Reading(sha256, 9, "text/html", reader, "text", report=report, findings=tuple(findings))
        return load_reading(self.db, made, None), sha256

    def report(self, key, *, agency=None, year=2023, form="2021", numbers_id=None, **more):
        """A report of one document, with what is said of its row."""
        findings = more.pop("findings", ())
        fields = {"issuer": "砚池镇人民政府", "title": "年报", "year": year, "form": form, "confidence": 1.0}
        reading_id, sha256 = self.reading(Report("report", **(fields | more)), findings=findings)
        self.count += 1
        self.insert(
            "reports",
            id=self.count,
            report_key=key,
            issuer_printed=more.get("issuer", fields["issuer"]),
            agency_id=agency,
            agency_status="resolved" if agency else "unknown",
            year=year,
            scope=more.get("scope"),
            form=form,
            title=more.get("title", "年报"),
            current_reading_id=reading_id,
            numbers_reading_id=reading_id,
            first_seen=SEEN,
            last_seen=SEEN,
            missed_at="2024-05-01T00:00:00Z" if key == "r-2014" else None,
        )
        self.insert(
            "report_documents",
            report_id=self.count,
            sha256=sha256,
            member="",
            role="page",
            url=URL + f"?{self.count}",
            reading_id=reading_id,
            first_seen=SEEN,
            last_seen=SEEN,
        )
        return self.count, reading_id, sha256

    def insert(self, table, **row):
        names = ", ".join(f'"{name}"' for name in row)
        self.db.execute(f"insert into {table} ({names}) values ({', '.join('?' * len(row))})", list(row.values()))


def make(path):
    """Write the database."""
    with open_for_writing(path) as db:
        load_forms(db, [FORM])
        maker = Maker(db)
        with db.atomic():
            _places(maker)
            _reports(maker)
            _decisions(maker)
    return path


def _places(maker):
    regions = [
        ("p", "云泽省", "province", None),
        ("c", "岚汀市", "prefecture", "p"),
        ("k", "岚汀县", "county", "c"),
        ("t", "砚池镇", "township", "k"),
    ]
    for id_, name, level, parent in regions:
        maker.insert("regions", id=id_, name=name, level=level, kind=level, parent_id=parent, valid_from=2015)
    for first, last, code in ((2015, 2020, "990101101"), (2022, 2022, "990102101")):
        maker.insert("region_codes", region_id="t", scheme="nbs", code=code, first_year=first, last_year=last)
    maker.insert("region_codes", region_id="t", scheme="mca", code="1", first_year=2023, last_year=2023)
    maker.insert(
        "agencies", id=1, agency_key="a-town", name="砚池镇人民政府", kind="government", level="township", region_id="t"
    )
    maker.insert(
        "agencies", id=2, agency_key="a-county", name="岚汀县人民政府", kind="government", level="county", region_id="k"
    )
    maker.insert("captures", site_id=None, url=URL, fetched_at=SEEN, status=200, sha256="0" * 64)


def _reports(maker):
    kinds = {
        "disclosure.rules_issued": "",
        "disclosure.rules_repealed": "/",
        "disclosure.rules_in_force": "▒",
        "disclosure.admin_fees_wan": "26.50",
        "disclosure.licensing_decisions": "1,036",
        "requests.received_new.natural_person": "7",
        "requests.received_new.total": "7",
        UNSEEN: None,
    }
    absent = {f"requests.carried_in.{column}": None for column in ("natural_person", "enterprise", "research", "total")}
    absent |= {f"requests.carried_in.{column}": None for column in ("social_org", "legal_service", "other_org")}
    findings = [
        Finding("T2-FLOW", "fail", ("requests.received_new.total",), 7, 8, "7 ≠ 8", "source", "total"),
        Finding("N-REQ", "fail", ("requests.received_new.total",), 7, 9, sentence="王某电话 138", severity="warn"),
        Finding("T2-ROWSUM", "pass", ("requests.granted.total",), 1, 1, subject="granted"),
        Finding("T2-ROWSUM", "pass", ("requests.granted_partly.total",), 1, 1, subject="granted_partly"),
    ]
    maker.report("r-kinds", agency=1, cells=cells(kinds | absent, on_page), findings=findings)
    maker.report(
        "r-second", agency=1, cells=cells({"disclosure.rules_issued": "3"}, on_grid), title="=1+1", scope="level"
    )
    maker.report("r-2021", agency=1, year=2021, cells=cells({}, in_text))
    statistics = (
        statistic("s_req_received", "件", "12", total="120"),
        statistic("s_fees_wan", "元", "251000"),
        statistic("s_meetings", "次", "3"),
        statistic("s_meetings", "次", "4"),
        statistic("s_trainees", "人次", ""),
    )
    maker.report("r-2014", year=2015, form="2014", statistics=statistics)
    maker.report("r-withheld", agency=2, cells=cells({"disclosure.rules_issued": "99"}))
    maker.report("r-hidden-document", agency=2, year=2022, cells=cells({"disclosure.rules_issued": "98"}))
    unread = "no statutory table in what was read of this document; pages 2 to 4 not read"
    maker.report("r-pictures", form=None, reason=unread)
    before = cells({"disclosure.rules_issued": "5", "disclosure.rules_repealed": "1"}, on_grid)
    report_id, _, sha256 = maker.report("r-corrected", cells=before)
    after = cells({"disclosure.rules_issued": "6", "disclosure.rules_repealed": "/"}, on_grid)
    corrected = Report("report", issuer="砚池镇人民政府", year=2023, form="2021", confidence=1.0, cells=after)
    numbers_id, _ = maker.reading(corrected, reader="reader-1+corrected-1", sha256=sha256)
    maker.db.execute("update reports set numbers_reading_id = ? where id = ?", [numbers_id, report_id])


def statistic(key, unit, raw, total=None):
    whole = cell("", total) if total is not None else None
    return Statistic(key, key, unit, cell("", raw), whole)


def _decisions(maker):
    why = {"reason": "含个人信息", "decided_by": "甲", "decided_on": "2026-01-01"}
    hidden = maker.db.execute(
        "select d.sha256 from reports r join readings d on d.id = r.current_reading_id where report_key = 'r-hidden-document'"
    ).fetchone()[0]
    maker.insert("withheld", what="report", target="r-withheld", passage="", **why)
    maker.insert("withheld", what="document", target=hidden, passage="", **why)
    maker.insert("withheld", what="passage", target="r-kinds", passage="王某", **why)
    for agency, year, status, report, because in (
        (1, 2023, "found", 1, None),
        (2, 2023, "found", 5, None),
        (2, 2024, "not_found", None, "host_down"),
    ):
        maker.insert(
            "expected",
            agency_id=agency,
            year=year,
            region_id="k" if agency == 2 else "t",
            basis="art. 49",
            due_on=f"{year + 1}-03-31",
            is_binding=1,
            status=status,
            report_id=report,
            why=because,
        )
    for basis, other in (("years", 3), ("neighbours", 5)):
        passed, unsure = json.dumps({"T1-STOCK-rules": 1}), json.dumps({"T3-PENDING": "没有上年数"})
        of = {"report_id": 1, "basis": basis}
        maker.insert("comparisons", **of, other_report_id=other, passed=passed, not_assessable=unsure)
        maker.insert(
            "comparison_failures",
            **of,
            position=0,
            check_id="T2-CARRY",
            severity="error",
            left_value=1,
            right_value=2,
            keys=json.dumps(["requests.carried_in.total"]),
            cautions=json.dumps(["T2-CARRY"]),
        )
    for report_id in (1, 5):
        row = {"report_id": report_id, "key": "requests.received_new.total", "stated": 7, "parts_sum": 6}
        maker.insert("rollups", **row, parts_found=1, parts_expected=2, verdict="incomplete")
    reading_id = maker.db.execute("select current_reading_id from reports where id = 1").fetchone()[0]
    maker.insert(
        "changes",
        report_id=1,
        url=URL,
        key="disclosure.rules_issued",
        seen_at=SEEN,
        old_value=None,
        old_state="blank",
        old_raw="",
        new_value=4.0,
        new_state="number",
        new_raw="4",
        old_reading_id=reading_id,
        new_reading_id=reading_id,
    )
