"""Whose a report is, what other reports say beside it, what became of it: on the page in both languages, and as JSON."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
from lxml import html

from publish.serve import build_datasette
from tests.publish.fictional_site import BAISHI


@pytest.fixture(scope="module")
def demo(demonstrated):
    """Asks the demonstration's site for pages; and gives a report's key by issuer and year."""

    class Demo:
        def get(self, path):
            return asyncio.run(self._get(path))

        async def _get(self, path):
            datasette = build_datasette(demonstrated.db, demonstrated.archive)
            await datasette.invoke_startup()
            return await datasette.client.get(path)

        def path(self, issuer, year, rest=""):
            with closing(sqlite3.connect(demonstrated.db)) as db:
                sql = "select report_key from reports where issuer_printed = ? and year = ?"
                ((key,),) = db.execute(sql, [issuer, year]).fetchall()
            return f"/report/{key}{rest}"

        def text(self, issuer, year, section="", rest=""):
            answer = self.get(self.path(issuer, year, rest))
            assert answer.status_code == 200
            tree = html.fromstring(answer.text)
            found = tree.xpath(f"//section[@aria-labelledby='{section}']") if section else [tree]
            return " ".join(" ".join(found[0].itertext()).split()) if found else ""

    return Demo()


def test_the_agency_is_named_with_its_place_and_the_evidence(demo):
    text = demo.text("麦浦镇人民政府", 2022)
    assert "岚汀县麦浦镇人民政府 云岚省 › 汐州市 › 岚汀县 › 麦浦镇 · 乡镇（街道）" in text
    assert "标题 麦浦镇 → 岚汀县麦浦镇" in text
    assert "registry of sites maipu 990101102" in demo.text("麦浦镇人民政府", 2022, rest="?lang=en")


def test_of_an_unknown_agency_nothing_is_guessed(visitor):
    text = html.fromstring(visitor.get(visitor.report(f"{BAISHI} 2023")).text).text_content()
    assert "机关：未能确认，待人确认" in text
    assert "不作猜测" in text
    agency = visitor.get(visitor.report(f"{BAISHI} 2023", ".json")).json()["agency"]
    assert (agency["status"], agency["name"], agency["place"]) == ("unknown", None, [])


def test_a_break_between_years_has_both_sides_the_other_report_and_its_caution(demo):
    text = demo.text("岚汀县水务局", 2022, "across")
    assert "2 处不一致" in text
    assert "T2-CARRY 表二 总计 列：上年报告“结转下年度继续办理”2 ≠ 本年“上年结转”0，相差 2" in text
    assert "机关合并、分立、改名后不能直接相比" in text
    tree = html.fromstring(demo.get(demo.path("岚汀县水务局", 2022)).text)
    assert demo.path("岚汀县水务局", 2021) in tree.xpath("//ul[contains(@class, 'checks')]//a/@href")
    assert "carried out in last year's report 2 ≠ carried in 0" in demo.text("岚汀县水务局", 2022, "across", "?lang=en")
    assert "2 处不一致" in demo.text("岚汀县水务局", 2022, "verdict")


def test_the_year_before_says_which_report_it_does_not_agree_with(demo):
    text = demo.text("岚汀县水务局", 2021, "across")
    assert "其他报告与本报告比较时的发现： 岚汀县水务局 2022 上年“结转下年度”＝本年“上年结转”" in text


def test_documents_that_disagree_and_copied_prose(demo):
    assert "一份文件为 42，另一份为 24" in demo.text("岚汀县教育局", 2024, "across")
    copied = demo.text("柳笙镇人民政府", 2022, "across")
    assert "谁抄谁无从判断" in copied
    assert "麦浦镇人民政府 2022" in copied


def test_totals_are_shown_with_how_many_parts_were_found(demo):
    text = demo.text("岚汀县人民政府", 2023, "rollups")
    assert "本年新收政府信息公开申请数量 · 总计 141 134 11 / 11 不等" in text
    assert "行政许可 · 本年处理决定数量 7,267 7,267 11 / 11 相等" in text
    assert "汇总数与所属单位的数不能相加" in text
    assert "parts are missing: no verdict" in demo.text("岚汀县人民政府", 2024, "rollups", "?lang=en")


def test_changes_tell_from_when_to_when_and_both_forms(demo):
    text = demo.text("岚汀县水务局", 2023, "changes", "?lang=en")
    assert "Administrative penalties · Decisions made this year 8 11 20" in text
    assert text.count(" UTC") == 4


def test_what_vanished_and_what_was_late_is_said(demo):
    assert "起，原网址已找不到这份报告" in demo.text("鹤汀街道办事处", 2022)
    assert "应公布 2022-01-31 其后 18 天公布" in demo.text("岚汀县市场监督管理局", 2021)
    assert "无法定日期 从 2024-01-31 算：其后 34 天公布" in demo.text("柳笙镇人民政府", 2023)


def test_json_gives_the_same(demo):
    data = demo.get(demo.path("岚汀县人民政府", 2023, ".json")).json()
    assert data["agency"]["agency_key"] == "990101-2015:政府"
    assert data["agency"]["place"] == ["云岚省", "汐州市", "岚汀县"]
    assert {row["verdict"] for row in data["rollups"]} == {"differs", "equal"}
    assert data["expected"]["is_binding"] is True
    broken = demo.get(demo.path("岚汀县水务局", 2022, ".json")).json()["report_findings"]
    (total,) = (row for row in broken if row["verdict"] == "fail" and row["subject"] == "total")
    assert (total["left_value"], total["right_value"], total["cautions"]) == (2, 0, ["T2-CARRY"])
    assert f"/report/{total['other_report_key']}" == demo.path("岚汀县水务局", 2021)
    gone = demo.get(demo.path("鹤汀街道办事处", 2022, ".json")).json()
    assert gone["missed_at"]
