"""A self-check as a page for a clerk, in Chinese or English, or as JSON for programs."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from extract.forms import load_forms
from extract.present import number, place
from extract.present_checks import InWords, words
from extract.typeset import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract.forms import Form
    from extract.records import Finding
    from extract.self_check import Page

NARROWEST, WIDEST = 60, 100
_CAUSES = {
    "source": ("两种独立读法一致：原文就是这样印的", "two independent readings agree: it is printed so"),
    "extraction": (
        "两种读法不一致：可能是本程序读错，请对照原文",
        "two readings differ: this may be our reading, please compare",
    ),
}
STAND = {
    "fine": ("可以发布", "fine"),
    "warned": ("可以发布，有提醒", "fine, with remarks"),
    "untested": ("有未能核对的", "partly not checked"),
    "faulty": ("需要核对", "look again"),
    "no_tables": ("没有读到表格", "no tables found"),
    "other": ("不是年度报告", "no annual report"),
    "unread": ("没有读出", "not read"),
}


def as_text(page: Page, *, en: bool = False, columns: int = 80) -> str:
    """One page: first whether it can be published, then each fault with its numbers, then what holds."""
    say = _Sayer(page, en=en, columns=max(NARROWEST, min(columns, WIDEST)))
    return "\n".join(say.page())


def form_of(page: Page) -> Form | None:
    """The form of a page's report."""
    report = page.reading.report
    return next((form for form in load_forms() if report and form.id == report.form), None)


def wording_of(page: Page, *, en: bool) -> InWords:
    """The words for findings of this page's report."""
    report = page.reading.report
    labels = {row.key: row.label for row in report.statistics} if report else {}
    return InWords(form_of(page), en, labels)


class _Sayer:
    """Says what a page holds, in one language and width."""

    def __init__(self, page: Page, *, en: bool, columns: int) -> None:
        self.told, self.en, self.columns = page, en, columns
        self.wording = wording_of(page, en=en)

    def t(self, zh: str, en: str) -> str:
        return en if self.en else zh

    def page(self) -> Iterator[str]:
        told = self.told
        yield from self.lines(headline(told, en=self.en))
        if told.report is not None:
            yield from self.lines(self._what_it_is())
        yield from self.lines(told.file, self.t("文件：", "file: "), "      ")
        if told.previous:
            yield from self.lines(told.previous, self.t("上年：", "last year's: "), "      ")
        if told.report is None:
            yield ""
            yield from self.lines(self.t("怎么办：", "What to do: ") + what_to_do(told, en=self.en))
            return
        yield from self._part(self.t("需要核对", "To put right"), told.errors)
        yield from self._suspects()
        yield from self._part(self.t("提醒", "Remarks"), told.warnings)
        yield from self._part(self.t("供参考", "For your information"), told.notes)
        yield from self._doubtful()
        yield from self._untested()
        if rest := self._rest():
            yield ""
            yield from self.lines(rest)

    def lines(self, text: str, first: str = "", rest: str = "") -> list[str]:
        return wrap(text, self.columns, first=first, rest=rest)

    def _what_it_is(self) -> str:
        report = self.told.report
        if report is None:
            return ""
        issuer = report.issuer or self.t("（没有读到机关名称）", "(no issuer was read)")
        year = (
            self.t(f"{report.year} 年", str(report.year))
            if report.year
            else self.t("（没有读到年度）", "(no year read)")
        )
        form = (
            self.t(f"{report.form} 年格式", f"form of {report.form}")
            if report.form
            else self.t("格式未识别", "form unknown")
        )
        return f"{issuer} · {year} · {form}"

    def _part(self, heading: str, findings: Sequence[Finding]) -> Iterator[str]:
        if not findings:
            return
        yield ""
        yield self.t(f"{heading}（{len(findings)} 处）", f"{heading} ({len(findings)})")
        for position, finding in enumerate(findings, start=1):
            lead = f"{position:>3}. "
            yield from self.lines(self.wording.sentence(finding), lead, " " * len(lead))
            for note in self._below(finding):
                yield from self.lines(note, " " * len(lead), " " * len(lead))

    def _below(self, finding: Finding) -> Iterator[str]:
        report = self.told.reading.report
        numbers = {key: cell.value for key, cell in report.cells.items()} if report else {}
        terms = self.wording.terms(finding, numbers)
        if terms:
            yield terms
        if finding.sentence and finding.sentence.strip("。；") not in finding.matched:
            sentence = _cut(finding.sentence)
            yield self.t(f"原句：“{sentence}”", f"sentence: “{sentence}”")
        if finding.cause in _CAUSES and finding.severity == "error":
            yield _CAUSES[finding.cause][self.en]

    def _suspects(self) -> Iterator[str]:
        if self.told.suspects:
            cells = ("; " if self.en else "、").join(self.wording.cell(key) for key in self.told.suspects)
            text = self.t(
                f"先看这一格：{cells}。横向和纵向都差同样的数，多半是它填错了。",
                f"Look at this cell first: {cells}. Its row and its column are off by the same amount.",
            )
            yield from self.lines(text, "     ", "     ")

    def _doubtful(self) -> Iterator[str]:
        if self.told.doubtful:
            count, rows = len(self.told.doubtful), self.wording.rows(self.told.doubtful)
            yield ""
            yield from self.lines(
                self.t(
                    f"有 {count} 格的数字读得没有把握，请对照原文：{rows}",
                    f"{count} numbers were read with little confidence, please compare with the original: {rows}",
                )
            )

    def _untested(self) -> Iterator[str]:
        """What could not be assessed: sums without a number counted by table, everything else with its reason."""
        if not self.told.untested or self.told.is_template:
            return
        yield ""
        count = len(self.told.untested)
        yield self.t(f"没能核对（{count} 项）", f"Not checked ({count})")
        sums = [f for f in self.told.untested if f.keys and f.severity == "error" and not f.matched]
        for table, often in Counter(f.keys[0].partition(".")[0] for f in sums).items():
            reason = self.wording.why_skipped(sums[0])
            name = self.wording.table(table)
            yield from self.lines(
                self.t(f"{name} {often} 项：{reason}", f"{name}, {often}: {reason}"), "   - ", "     "
            )
        others = [(f.check, self.wording.why_skipped(f)) for f in self.told.untested if f not in sums]
        for (check, reason), often in Counter(others).items():
            title = self.wording.title(check)
            times = self.t(f" {often} 项", f", {often}") if often > 1 else ""
            yield from self.lines(self.t(f"{title}{times}：{reason}", f"{title}{times}: {reason}"), "   - ", "     ")

    def _rest(self) -> str:
        told = self.told
        if told.is_template:
            return ""
        if told.outcome == "no_tables":
            return self.t("没有表格，别的都无从核对。", "Without tables there is nothing more to check.")
        if not told.passed:
            return self.t("没有一项核对能够通过。", "No check passes.")
        some = told.errors or told.warnings or told.notes or told.untested
        return (
            self.t(f"其余 {told.passed} 项核对全部通过。", f"The other {told.passed} checks all pass.") if some else ""
        )


def headline(page: Page, *, en: bool = False) -> str:
    """The first line: can it be published."""
    errors, warnings, untested = len(page.errors), len(page.warnings), len(page.untested)
    zh_more = f"，另有 {warnings} 处提醒" if warnings else ""
    en_more = f", and {warnings} to look at" if warnings else ""
    told = {
        "fine": (f"可以发布：{page.passed} 项核对全部通过", f"Can be published: all {page.passed} checks pass")
        if not untested
        else (
            f"可以发布：{page.passed} 项核对通过，{untested} 项没能核对",
            f"Can be published: {page.passed} checks pass, {untested} could not be made",
        ),
        "warned": (f"可以发布，但有 {warnings} 处请先看一看", f"Can be published; {warnings} to look at first"),
        "untested": (
            f"没有发现差错，但有 {untested} 项没能核对{zh_more}",
            f"No fault found, but {untested} checks could not be made{en_more}",
        )
        if untested
        else (
            f"没有发现差错，但这种表格没有可核对的勾稽关系{zh_more}",
            f"No fault found, but tables of this kind have no sums to check{en_more}",
        ),
        "faulty": (f"有 {errors} 处需要核对{zh_more}", f"{errors} to put right{en_more}"),
        "no_tables": ("没能核对：没有读到法定表格", "Not checked: the statutory tables were not found"),
        "other": (
            "没能核对：这不像是政府信息公开工作年度报告",
            "Not checked: this does not look like an annual report",
        ),
        "unread": ("没能核对：文件没有读出来", "Not checked: the file could not be read"),
    }
    template = ("没有填写：表格全部空白，这是模板", "Not filled in: all tables are blank, this is the template")
    return (template if page.is_template else told[page.outcome])[en]


def what_to_do(page: Page, *, en: bool = False) -> str:
    """For a document that is no report or was not read: why, and what helps."""
    report = page.reading.report
    kind, reason = ("no_report", report.reason) if report else ("unread", page.reading.error)
    advice = next(told for pattern, told in words()[kind] if re.search(pattern, reason, re.IGNORECASE))
    end = "." if en else "。"
    named = "" if report and not en else (f" ({reason})" if en else f"（{reason}）")
    return f"{advice[en]}{end}{named}"


def _cut(sentence: str, most: int = 120) -> str:
    plain_text = " ".join(sentence.split())
    return plain_text if len(plain_text) <= most else plain_text[: most - 1] + "…"


def as_json(page: Page, *, en: bool = False) -> dict[str, Any]:
    """The same page for programs; ``says`` is the sentence in the language asked for."""
    report, wording = page.reading.report, wording_of(page, en=en)
    return {
        "file": page.file,
        "outcome": page.outcome,
        "says": headline(page, en=en),
        **({"previous": page.previous} if page.previous else {}),
        **(
            {"issuer": report.issuer or None, "year": report.year, "form": report.form, "scope": report.scope or None}
            if report and page.report
            else {"advice": what_to_do(page, en=en)}
        ),
        "errors": [_finding(finding, wording) for finding in page.errors],
        "warnings": [_finding(finding, wording) for finding in page.warnings],
        "notes": [_finding(finding, wording) for finding in page.notes],
        "not_assessed": [
            {"check": f.check, "keys": list(f.keys), "says": wording.why_skipped(f)} for f in page.untested
        ],
        "suspects": list(page.suspects),
        "doubtful": list(page.doubtful),
        "passed": page.passed,
    }


def _finding(finding: Finding, wording: InWords) -> dict[str, Any]:
    return {
        "check": finding.check,
        "subject": finding.subject,
        "keys": list(finding.keys),
        "left": number(finding.left),
        "right": number(finding.right),
        "cause": finding.cause or None,
        "sentence": finding.sentence or None,
        "place": place(finding.span),
        "says": wording.sentence(finding),
    }
