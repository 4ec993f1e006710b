"""README.md: the data card. What was crawled, what is there and what is not, what to beware of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publish.export.coverage import STATES

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from publish.export.coverage import Coverage
    from publish.export.source import Source

_HEADINGS = {
    "year": "报告年度 / by report year",
    "province": "省份（? 为机关尚未确认） / by province (? where the agency is not known)",
    "level": "层级 / by level",
    "form": "格式（? 为没有法定表格） / by form (? where there is no statutory table)",
    "scope": "统计范围（? 为未写明） / by scope (? where none is stated)",
    "agency_status": "机关是否确认 / whether the agency is known",
}
_INTRODUCTION = """# 政府信息公开工作年度报告数据 / Annual reports on open government information work in China

版本 / release: {release}

一行一份报告，一格一列；原件、每格位置见 cells.parquet，各列含义见 codebook.md。
One row a report, one column a cell of the form; cells.parquet has the place of every number in its document,
codebook.md says what each column is.
"""
_BEWARE = """
## 须知 / Beware

- 0 与缺失是两回事：空白、“/”、难辨、缺格、未找到分列（codebook.md）。
  Zero is never missing: blank, "/", unreadable, absent and not found are five different facts (codebook.md).
- 未找到不等于未公布：见 not_found_because 与 expected.parquet。
  Not found is not the same as not published: see not_found_because and expected.parquet.
- 辖区汇总（scope 为 territory）与其下各单位不可相加。
  Never add the figures of a territory (scope) and those of its units.
- 机关一年一行，须先去掉 duplicate_of 不空者，以及 agency_key 或 year 为空者；未找到者 report_status 为 not_found。
  For one row an agency-year leave out rows with a duplicate_of and rows without agency_key or year; the rows of
  reports that were not found are those whose report_status is not_found.
- 2019 与 2021 年格式有的格名近而义异（现行有效与已公开总数、收费项目与收费金额）：见 comparability。
  Some cells of the forms of 2019 and 2021 look alike and are not: see comparability in the codebook.
- 自 2024 年起，对不予公开须先行复议，诉讼件数因此断裂。
  Since 2024 refusals must go to reconsideration before court: a break in the series of disputes.
- 核对未通过（checks_failed_*）可能是原件有误，也可能是读取有误；findings.parquet 的 cause 写明已知者。
  A failed check may be the source's fault or ours; cause in findings.parquet says which, where it is known.
- 采集并非随机抽样：网站停用、拦截、只有图片者会少；网上较久的年度会少。
  This is no random sample: sites that are down or block, and reports that are pictures, are missing more often,
  and so are older years.
- CSV 中以 = + - @ 起头的文字前加了单引号，以免被当作公式。
  In CSV a text that begins with = + - @ bears a quote before it, so that no program runs it as a formula.
- 件数多少本身不说明公开得好坏。
  More requests or more refusals are by themselves neither better nor worse.
"""
_ROWS_IN_EXCEL = 1_048_576
_TOO_LARGE = """行数超过 Excel 上限，Excel 只会打开一部分：{files}。
More rows than Excel can hold, it would open a part only: {files}."""
_CRAWL = """
    select count(distinct site_id), count(*), count(distinct sha256), min(fetched_at), max(fetched_at),
      sum(failure is not null) from captures"""


def write_card(path: Path, source: Source, coverage: Coverage, release: str, files: Mapping[str, int]) -> None:
    """Write it; ``files``: the number of rows of each file, by name."""
    path.write_text("\n".join(_lines(source, coverage, release, files)) + "\n", "utf-8")


def _lines(source: Source, coverage: Coverage, release: str, files: Mapping[str, int]) -> Iterator[str]:
    yield _INTRODUCTION.format(release=release)
    yield "## 文件 / Files\n"
    yield from _table(("文件 / file", "行 / rows"), sorted(files.items()))
    large = [name for name, rows in sorted(files.items()) if name.endswith(".csv") and rows >= _ROWS_IN_EXCEL]
    if large:
        yield "\n" + _TOO_LARGE.format(files=", ".join(large))
    yield from _crawled(source)
    yield from _what_is_there(coverage)
    yield from _withheld(source)
    yield from _accuracy(source)
    yield _BEWARE


def _crawled(source: Source) -> Iterator[str]:
    sites, captures, payloads, first, last, failures = source.rows(_CRAWL).fetchone()
    yield "\n## 采集 / What was collected\n"
    facts = (
        ("网站 / sites", sites),
        ("收到的响应与失败 / responses and failures kept", captures),
        ("其中失败 / of these failures", failures or 0),
        ("不同内容的原件 / distinct payloads", payloads),
        ("最早 / first (UTC)", first or "–"),
        ("最近 / last (UTC)", last or "–"),
    )
    yield from _table(("", ""), facts)
    verdicts = source.rows("select coalesce(verdict, '?'), count(*) from runs group by 1 order by 1").fetchall()
    if verdicts:
        yield ""
        yield from _table(("采集结论 / verdict of a run", "次 / runs"), verdicts)


def _what_is_there(coverage: Coverage) -> Iterator[str]:
    yield "\n## 覆盖 / Coverage\n"
    facts = (
        ("报告 / reports", coverage.reports),
        ("同一机关同年的另一份 / further reports of one agency and year", coverage.duplicates),
        ("应有而未找到 / expected and not found", coverage.not_found),
        *((f"格：{state} / cells: {state}", coverage.cells[state]) for state in STATES),
    )
    yield from _table(("", ""), facts)
    for name, heading in _HEADINGS.items():
        yield f"\n### {heading}\n"
        yield from _table(("", "报告 / reports"), _sorted(coverage.by[name]))
    yield "\n### 省份与年度 / by province and year\n"
    years = sorted(coverage.by["year"])
    counts = coverage.by_province_and_year
    provinces = sorted(coverage.by["province"])
    yield from _table(("", *years), [(name, *(counts[name, year] for year in years)) for name in provinces])
    if coverage.not_found:
        yield "\n### 未找到，按年度 / not found, by year\n"
        yield from _table(("", "份 / reports"), _sorted(coverage.not_found_by_year))


def _withheld(source: Source) -> Iterator[str]:
    yield "\n## 不予展示 / Withheld\n"
    counts = source.withheld()
    if counts:
        yield "按审定不予展示，原件仍存于档案。Withheld by a reviewed decision; the archive keeps the originals.\n"
        yield from _table(("", ""), counts)
    else:
        yield "无。Nothing is withheld."


def _accuracy(source: Source) -> Iterator[str]:
    """The published error rates, as the database has them."""
    yield "\n## 误读率 / Error rates\n"
    cursor = source.rows("select * from accuracy order by sampled_on, format, band, state")
    rates = cursor.fetchall()
    if not rates:
        yield "尚未抽样复核。No sample has been read by people yet: the error rate is not known."
        return
    yield from _table([column[0] for column in cursor.description], rates)


def _sorted(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items())


def _table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield "|" + "--|" * len(header)
    for row in rows:
        yield "| " + " | ".join("" if value is None else str(value).replace("|", "\\|") for value in row) + " |"
