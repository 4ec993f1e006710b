"""findings.parquet: what each check found, within a report and across reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publish.export.columns import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publish.export.source import Source

COLUMNS = (
    Column("report_key", "category", "reports.report_key"),
    Column("year", "integer", "reports.year"),
    Column(
        "basis",
        "category",
        "report 一份之内，documents 各件之间，years 各年之间，neighbours 邻近机关之间 / "
        "report: within one; else across documents, years, neighbours",
    ),
    Column("other_report_key", "category", "所比的另一报告 / the report it was compared with"),
    Column("check_id", "category", "findings.check_id"),
    Column("subject", "category", "findings.subject"),
    Column("verdict", "category", "findings.verdict"),
    Column("severity", "category", "findings.severity"),
    Column("left_value", "number", "findings.left_value"),
    Column("right_value", "number", "findings.right_value"),
    Column("keys", "strings", "涉及的格 / cells concerned"),
    Column("message", "string", "findings.message"),
    Column("cause", "category", "findings.cause"),
    Column("matched", "string", "findings.matched"),
    Column("sentence", "string", "findings.sentence"),
    Column("reason", "string", "不能核对等的原因 / why, such as why it is not assessable"),
    Column(
        "cautions",
        "strings",
        "下结论前须注意，代码见 codebook 的 codes / what to mind first; the codes are in the codebook under codes",
    ),
    Column("times", "integer", "该项核对如此者共几次 / how many times this check came out so"),
)


def rows(source: Source) -> Iterator[list[tuple[Any, ...]]]:
    """The findings on reports that are not withheld; of a report with a withheld passage no sentence is given."""
    for after, upto in source.ranges():
        yield source.rows(_WITHIN, after, upto).fetchall()
        yield source.rows(_PASSED, after, upto).fetchall()
        yield source.rows(_ACROSS, after, upto).fetchall()


_WITHIN = """
    select r.report_key, r.year, 'report', null, f.check_id, f.subject, f.verdict, f.severity,
      f.left_value, f.right_value, f.keys, f.message, f.cause, f.matched,
      iif(r.id in (select id from temp.withheld_passages), null, f.sentence), null, null, f.times
    from kept r join reading_findings f on f.reading_id = r.numbers_id
    where r.id > ? and r.id <= ? order by r.id, f.position"""
_PASSED = """
    select r.report_key, r.year, 'report', null, p.key, null, 'pass', null, null, null, null, null, null, null, null,
      null, null, p.value
    from kept r join readings d on d.id = r.numbers_id, json_each(d.passed) p
    where r.id > ? and r.id <= ? order by r.id, p.id"""
_ACROSS = """
    select r.report_key, r.year, f.basis, o.report_key, f.check_id, f.subject, f.verdict,
      f.severity, f.left_value, f.right_value, f.keys, f.message, null, null, null, f.reason, f.cautions, f.times
    from kept r join report_findings f on f.report_id = r.id left join kept o on o.id = f.other_report_id
    where f.report_id > ? and f.report_id <= ? and (f.other_report_id is null or o.id is not null)
    order by r.id, f.basis, f.verdict, f.check_id, f.subject, f.keys, f.message"""
