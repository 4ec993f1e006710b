"""A folder's self-check as a table for who supervises, in Chinese or English, as JSON, and as a CSV of all cells."""

from __future__ import annotations

import csv
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

from extract.forms import load_forms
from extract.present import number
from extract.present_check import NARROWEST, STAND, WIDEST, as_json, what_to_do, wording_of
from extract.present_checks import InWords, plain, words
from extract.survey import name_of
from extract.typeset import pad, width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from extract.forms import Form, FormTable
    from extract.self_check import Page
    from extract.survey import RollUp, Survey, Twin

_MOST_SAID = 3


def as_text(survey: Survey, *, en: bool = False, columns: int = 80) -> str:
    """The supervisor's page: a row a unit, what fails below it, then what is missing and the sums."""
    return "\n".join(_Surveyor(survey, en=en, columns=max(NARROWEST, min(columns, WIDEST))).page())


class _Surveyor:
    """Says what a folder holds, in one language and width."""

    def __init__(self, survey: Survey, *, en: bool, columns: int) -> None:
        self.survey, self.en, self.columns = survey, en, columns
        pages = (*survey.pages, *survey.nothing, *(twin.other for twin in survey.twins))
        folders = {os.path.dirname(page.file) for page in pages}  # noqa: PTH120  # a string as the person typed it
        self.folder = folders.pop() if len(folders) == 1 else ""

    def _file(self, page: Page) -> str:
        """A file by its name, where all are in one folder."""
        return page.file[len(self.folder) :].lstrip(os.sep) if self.folder else page.file

    def t(self, zh: str, en: str) -> str:
        return en if self.en else zh

    def page(self) -> Iterator[str]:
        yield from self._lines(self._headline())
        yield ""
        yield from self._table()
        yield from self._list(self.t("缺少的单位", "Units without a report"), self.survey.missing)
        yield from self._list(
            self.t("不在名单上的", "Not on the list"),
            [f"{name_of(page)}: {self._file(page)}" for page in self.survey.unlisted],
        )
        yield from self._list(
            self.t("没有找到上年报告、没有作两年核对的", "Without a report of the year before, so not compared"),
            [name_of(page) for page in self.survey.without_previous],
        )
        yield from self._list(
            self.t("同一单位同一年度有两份", "Twice: same unit, same year"), map(self._twin, self.survey.twins)
        )
        yield from self._list(
            self.t("没能核对的文件", "Files that were not checked"),
            [
                f"{self._file(page)}: {STAND[page.outcome][self.en]}{self.t('；', '; ')}{what_to_do(page, en=self.en)}"
                for page in self.survey.nothing
            ],
        )
        if self.survey.roll_up:
            yield from self._roll_up(self.survey.roll_up)

    def _lines(self, text: str, first: str = "", rest: str = "") -> list[str]:
        return wrap(text, self.columns, first=first, rest=rest)

    def _headline(self) -> str:
        pages, survey = self.survey.pages, self.survey
        stand = Counter(page.outcome for page in pages)
        faulty, odd = stand["faulty"] + stand["no_tables"], stand["untested"]
        good = stand["fine"] + stand["warned"]
        zh = [f"{len(pages)} 份报告：{good} 份可以发布，{faulty} 份需要核对"]
        en = [f"{len(pages)} reports: {good} can be published, {faulty} to be looked at again"]
        if odd:
            zh.append(f"{odd} 份有未能核对的")
            en.append(f"{odd} partly not checked")
        if survey.listed is not None:
            zh.append(f"名单 {survey.listed} 个单位，缺 {len(survey.missing)} 个")
            en.append(f"{survey.listed} units listed, {len(survey.missing)} missing")
        if survey.nothing:
            zh.append(f"{len(survey.nothing)} 个文件没能核对")
            en.append(f"{len(survey.nothing)} files not checked")
        return "，".join(zh) if not self.en else ", ".join(en)

    def _table(self) -> Iterator[str]:
        names = [self.survey.names.get(page.file) or name_of(page) for page in self.survey.pages]
        room = min(max([width(name) for name in names] + [8]), self.columns - 36)
        heads = (self.t("单位", "unit"), self.t("年度", "year"), self.t("格式", "form"), self.t("结果", "result"))
        yield f"{pad(heads[0], room)}  {pad(heads[1], 5)} {pad(heads[2], 5)} {heads[3]}"
        for name, page in zip(names, self.survey.pages, strict=True):
            report = page.reading.report
            year, form = (str(report.year or "?"), report.form or "?") if report else ("?", "?")
            yield f"{pad(name, room)}  {pad(year, 5)} {pad(form, 5)} {self._result(page)}"
            yield from self._faults(page)

    def _result(self, page: Page) -> str:
        stand = STAND[page.outcome][self.en]
        if page.outcome == "faulty":
            return self.t(f"{len(page.errors)} 处{stand}", f"{stand}: {len(page.errors)}")
        if page.outcome == "warned":
            return self.t(f"可以发布，{len(page.warnings)} 处提醒", f"fine, {len(page.warnings)} remarks")
        return stand

    def _faults(self, page: Page) -> Iterator[str]:
        """The first errors in full, then remarks cut to a line; how to see the rest."""
        wording = wording_of(page, en=self.en)
        for finding in page.errors[:_MOST_SAID]:
            yield from self._lines(wording.sentence(finding), "    ! ", "      ")
        room = max(_MOST_SAID - len(page.errors), 0)
        for finding in page.warnings[:room]:
            yield "    - " + pad(wording.sentence(finding), self.columns - 6).rstrip()
        more = len(page.errors) + len(page.warnings) - max(_MOST_SAID, len(page.errors[:_MOST_SAID]))
        if more > 0:
            told = self.t(f"还有 {more} 处：", f"{more} more: ")
            yield f"      {told}gongkai check {page.file}"

    def _list(self, heading: str, items: Iterable[str]) -> Iterator[str]:
        told = list(items)
        if told:
            yield ""
            yield self.t(f"{heading}（{len(told)}）", f"{heading} ({len(told)})")
            for item in told:
                yield from self._lines(item, "  ", "    ")

    def _twin(self, twin: Twin) -> str:
        told = f"{name_of(twin.kept)}: {self._file(twin.kept)} = {self._file(twin.other)}"
        if not twin.differing:
            return told + self.t("，数字相同，只计前一份", ", the same numbers; the first one is counted")
        cells = self.t("、", "; ").join(map(wording_of(twin.kept, en=self.en).cell, twin.differing[:_MOST_SAID]))
        count = len(twin.differing)
        return told.replace(" = ", " ≠ ") + self.t(
            f"，有 {count} 格数字不同（{cells}），只计前一份",
            f", {count} cells differ ({cells}); the first one is counted",
        )

    def _roll_up(self, roll_up: RollUp) -> Iterator[str]:
        yield ""
        year = roll_up.year or self.t("？", "?")
        yield from self._lines(
            self.t(
                f"{year} 年汇总：{roll_up.of} 个单位中的 {roll_up.units} 个",
                f"Sums for {year}: {roll_up.units} of {roll_up.of} units",
            )
        )
        for note in self._notes(roll_up):
            yield from self._lines(note, "  ", "  ")
        form = next((form for form in load_forms() if form.id in roll_up.forms), None)
        for table in form.tables if form else ():
            yield from _Grid(table, form, roll_up, en=self.en, columns=self.columns).lines() if form else ()

    def _notes(self, roll_up: RollUp) -> Iterator[str]:
        stop = self.t("、", ", ")
        if roll_up.territories:
            names = stop.join(name_of(page) for page in roll_up.territories)
            yield self.t(
                f"汇总辖区的报告不与单位相加，没有计入：{names}",
                f"Reports of a whole territory are not added to units: {names}",
            )
        if roll_up.unclear:
            names = stop.join(name_of(page) for page in roll_up.unclear)
            yield self.t(
                f"没有写明统计范围的政府报告按一个单位计入，如已含部门数字请去掉：{names}",
                f"These governments do not say whom they count; take them out if they include departments: {names}",
            )
        if roll_up.other_years:
            names = stop.join(name_of(page) for page in roll_up.other_years)
            yield self.t(f"其他年度的没有计入：{names}", f"Reports of other years are left out: {names}")
        if len(roll_up.forms) > 1:
            forms = stop.join(roll_up.forms)
            yield self.t(
                f"格式不同（{forms}）：只列两种格式都有的格",
                f"Two forms ({forms}): only the cells that both have are summed",
            )
        partial = sum(one.left_out > 0 for one in roll_up.cells.values())
        if partial:
            yield self.t(
                f"有 {partial} 格不是每个单位都有数字，数后 * 表示有单位没有计入；--json 列出每格计入几个单位",
                f"In {partial} cells some unit states no number (marked *); --json tells for each how many are counted",
            )


class _Grid:
    """A table of sums in the form's rows; a star where some unit states no number."""

    def __init__(self, table: FormTable, form: Form, roll_up: RollUp, *, en: bool, columns: int) -> None:
        self.table, self.roll_up, self.en, self.columns = table, roll_up, en, columns
        self.wording = InWords(form, en)

    def lines(self) -> Iterator[str]:
        rows = list(self._rows())
        if not any(cells for _, cells in rows):
            return
        most = max(len(cells) for _, cells in rows)
        widths = [max(width(cells[i]) for _, cells in rows if i < len(cells)) for i in range(most)]
        room = min(max(width(label) for label, _ in rows), self.columns - sum(widths) - 2 * len(widths))
        yield ""
        yield self.wording.table(self.table.key, whole=True)
        for label, cells in rows:
            yield "  ".join(
                [pad(label, room), *(pad(c, w, right=True) for c, w in zip(cells, widths, strict=False))]
            ).rstrip()

    def _rows(self) -> Iterator[tuple[str, list[str]]]:
        if self.table.key == "requests":
            yield from self._requests()
            return
        for row in self.table.rows:
            for cell in row.cells:
                column = cell.column_en if self.en else cell.column_labels[0]
                label = f"{row.label_en}: {column}" if self.en else f"{row.labels[0]} {column}"
                if row.key == row.table:
                    label = self.wording.cell(cell.key)
                if cell.key in self.roll_up.cells:
                    yield label, [self._sum(cell.key)]

    def _requests(self) -> Iterator[tuple[str, list[str]]]:
        """A line a row, below the name of its group as on the form."""
        names = words()["applicants"]
        yield "", [names[cell.key.rsplit(".", 1)[1]][self.en] for cell in self.table.rows[0].cells]
        group = ""
        for row in self.table.rows:
            cells = [self._sum(cell.key) for cell in row.cells if cell.key in self.roll_up.cells]
            if not cells:
                continue
            inside = row.group.startswith("（") and not self.en
            if inside and row.group != group:
                group = row.group
                yield group, []
            label = self.wording.row(row, with_group=False)
            yield f"  {label}" if inside else label, cells

    def _sum(self, key: str) -> str:
        one = self.roll_up.cells[key]
        return "-" if not one.units else plain(one.total) + ("*" if one.left_out else "")


def survey_as_json(survey: Survey, *, en: bool = False) -> dict[str, Any]:
    """The same for programs: every page, and every sum with how many units it counts."""
    roll_up = survey.roll_up
    return {
        "units": [as_json(page, en=en) | {"unit": survey.names.get(page.file)} for page in survey.pages],
        "listed": survey.listed,
        "missing": list(survey.missing),
        "without_previous": [page.file for page in survey.without_previous],
        "unlisted": [page.file for page in survey.unlisted],
        "twins": [
            {"kept": twin.kept.file, "other": twin.other.file, "differing": list(twin.differing)}
            for twin in survey.twins
        ],
        "not_checked": [as_json(page, en=en) for page in survey.nothing],
        "roll_up": None
        if roll_up is None
        else {
            "year": roll_up.year,
            "forms": list(roll_up.forms),
            "units": roll_up.units,
            "of": roll_up.of,
            "territories_left_out": [page.file for page in roll_up.territories],
            "scope_not_stated": [page.file for page in roll_up.unclear],
            "other_years_left_out": [page.file for page in roll_up.other_years],
            "cells": {
                key: {"sum": number(one.total) if one.units else None, "units": one.units, "left_out": one.left_out}
                for key, one in roll_up.cells.items()
            },
        },
    }


def write_table(survey: Survey, path: Path) -> None:
    """A CSV with a row a unit and a column a cell (UTF-8 with a mark, for spreadsheets); no number is an empty field.

    Raises:
        OSError: the file cannot be written.
    """
    forms = [
        form
        for form in load_forms()
        if any(p.reading.report and p.reading.report.form == form.id for p in survey.pages)
    ]
    keys = list(dict.fromkeys(cell.key for form in forms for row in form.rows() for cell in row.cells))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["unit", "issuer", "year", "form", "scope", "file", "outcome", "errors", "warnings", *keys])
        for page in survey.pages:
            report = page.reading.report
            assert report is not None
            cells = [report.cells[key].value if key in report.cells else None for key in keys]
            said = (survey.names.get(page.file, ""), report.issuer, report.year or "", report.form or "", report.scope)
            stand = (page.file, page.outcome, len(page.errors), len(page.warnings))
            writer.writerow([*(map(_harmless, (*said, *stand))), *("" if v is None else plain(v) for v in cells)])


def _harmless(field: str | int) -> str:
    """A field that a spreadsheet does not take for a formula, whatever a document calls its issuer."""
    text = str(field)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
