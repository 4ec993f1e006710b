"""The report page: states apart, failed checks in words, both languages, the JSON twin."""

import itertools
import re

from lxml import html

from tests.publish.fictional_site import BAISHI, HEPING, LANHE, OVERVIEW, QINGSHI, YUNXI


def page(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def cell(tree, key):
    (link,) = tree.xpath(f"//td/a[contains(@href, '/cell/{key}')]")
    return link.getparent()


def test_the_three_tables_have_the_form_s_rows_and_columns(visitor):
    tree = page(visitor, visitor.report(f"{YUNXI} 2023"))
    rows = {
        name: len(tree.xpath(f"//table[contains(@class, '{name}')]//tr"))
        for name in ("disclosure", "requests", "disputes")
    }
    assert rows == {"disclosure": 14, "requests": 28, "disputes": 4}
    assert len(tree.xpath("//td[contains(@class, 'cell')]")) == 200
    assert len(tree.xpath("//table[contains(@class, 'form')]//th[not(@scope)]")) == 0


def test_zero_blank_and_mark_are_three_different_things(visitor):
    tree = page(visitor, visitor.report(f"{BAISHI} 2023"))
    blank, mark, zero = (cell(tree, f"disclosure.rules_{name}") for name in ("issued", "repealed", "in_force"))
    assert "is-blank" in blank.get("class")
    assert blank[0].text == "空"
    assert "is-na_mark" in mark.get("class")
    assert mark[0].text == "/"
    assert zero.get("class").split() == ["cell", "is-number", "is-zero"]
    assert zero[0].text == "0"
    legend = tree.xpath("string(//section[contains(@class, 'legend')])")
    for words in ("空白", "无法辨读", "原文没有这一格", "原文印作 0"):
        assert words in legend


def test_a_failed_check_is_told_in_words_and_marks_its_cells(visitor):
    tree = page(visitor, visitor.report(f"{QINGSHI} 2023"))
    checks = [" ".join(item.text_content().split()) for item in tree.xpath("//ol[@class='checks']/li")]
    assert len(checks) == 2
    assert any("T2-OUTCOME-2021 列 商业企业" in check and "左边 7 ≠ 右边 2" in check for check in checks)
    assert any("T2-ROWSUM 行 部分公开" in check and "左边 5 ≠ 右边 0" in check for check in checks)
    assert all("原因" in check for check in checks)
    assert "is-failed" in cell(tree, "requests.granted_partly.enterprise").get("class")
    assert "is-failed" not in cell(tree, "requests.received_new.total").get("class")


def test_what_is_only_to_be_looked_at_is_told_apart_and_marks_no_cell(visitor):
    tree = page(visitor, visitor.report(f"{BAISHI} 2023"))
    assert not tree.xpath("//ol[@class='checks']")
    remarks = [" ".join(item.text_content().split()) for item in tree.xpath("//details[@class='remarks']//li")]
    assert any("S-CELLS 提醒：请予说明 表一" in remark and "有 1 格空白" in remark for remark in remarks)
    assert any("S-CELLS 供参考 表一" in remark and "“/”" in remark for remark in remarks)
    assert "is-failed" not in cell(tree, "disclosure.rules_issued").get("class")
    english = page(visitor, visitor.report(f"{BAISHI} 2023", "?lang=en"))
    assert "has 1 blank cells" in english.xpath("string(//details[@class='remarks'])")
    told = visitor.get(visitor.report(f"{BAISHI} 2023", ".json")).json()["findings"]
    assert {finding["severity"] for finding in told if finding["verdict"] == "fail"} == {"warn", "info"}


def test_english_keeps_its_language_through_links(visitor):
    tree = page(visitor, visitor.report(f"{QINGSHI} 2023", "?lang=en"))
    assert tree.get("lang") == "en"
    assert "Requests newly received this year" in tree.text_content()
    assert "column Commercial enterprises" in tree.text_content()
    links = tree.xpath("//td/a[contains(@href, '/cell/')]/@href")
    assert links
    assert all(link.endswith("?lang=en") for link in links)
    (chinese,) = tree.xpath("//a[@hreflang='zh-Hans']/@href")
    assert "lang" not in chinese


def test_the_statistics_of_an_older_report_show_both_figures_and_lead_to_their_place(visitor):
    tree = page(visitor, visitor.report(f"{HEPING} 2016"))
    rows = {
        row.xpath("string(th)"): row.xpath("td")
        for row in tree.xpath("//table[contains(@class, 'statistics')]//tr[td]")
    }
    unit, year, total = rows["申请总数"]
    assert [cell.text_content() for cell in (unit, year, total)] == ["件", "12", "46"]
    blank, zero = rows["当面申请数"][1:]
    assert "is-blank" in blank.get("class")
    assert "is-zero" in zero.get("class")
    cell = page(visitor, total.xpath("string(a/@href)"))
    assert cell.xpath("string(//h1)").strip() == "申请总数 · 历年累计"
    assert "46" in cell.text_content()


def test_years_that_differ_and_the_words_that_decide_the_scope_are_shown(visitor):
    text = " ".join(page(visitor, visitor.report(f"{LANHE} 2023")).text_content().split())
    assert "各处所写年度不同：标题 2023，统计期限 2022" in text
    assert "“我镇主动公开”" in text
    assert "兰政发〔2024〕3号" in text


def test_sections_documents_other_years_and_citation(visitor, fictional):
    tree = page(visitor, visitor.report(f"{BAISHI} 2023"))
    text = tree.text_content()
    assert OVERVIEW in text
    assert "http://www.yunxi.example/baishi.html" in text
    assert visitor.report(f"{BAISHI} 2022") in tree.xpath("//p[@class='years']/a/@href")
    citation = tree.xpath("string(//p[@class='citation'])")
    assert fictional.digests[f"{BAISHI} 2023"] in citation
    assert fictional.keys[f"{BAISHI} 2023"] in citation


def test_json_has_every_cell_with_its_place(visitor):
    data = visitor.get(visitor.report(f"{YUNXI} 2023", ".json")).json()
    assert len(data["cells"]) == 200
    assert data["cells"]["disclosure.licensing_decisions"]["value"] == 1234
    assert set(data["cells"]["disclosure.licensing_decisions"]["place"]) == {"page", "box"}
    assert {finding["verdict"] for finding in data["findings"] if finding["severity"] == "error"} == {"pass"}
    (sums,) = (finding for finding in data["findings"] if finding["check"] == "T2-ROWSUM")
    assert (sums["times"], sums["subject"], sums["keys"]) == (25, None, [])
    text = visitor.get(visitor.report(f"{LANHE} 2023", ".json")).json()
    assert set(text["cells"]["disclosure.licensing_decisions"]["place"]) == {"start", "end"}
    blank = visitor.get(visitor.report(f"{BAISHI} 2023", ".json")).json()["cells"]["disclosure.rules_issued"]
    assert (blank["value"], blank["state"]) == (None, "blank")


def test_headings_do_not_jump(visitor):
    levels = [int(tag) for tag in re.findall(r"<h([1-6])", visitor.get(visitor.report(f"{QINGSHI} 2023")).text)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_numbers_in_the_prose_stand_with_their_sentence_and_marks(visitor):
    tree = page(visitor, visitor.report(f"{BAISHI} 2023"))
    (line,) = tree.xpath("//section[@aria-labelledby='facts']//tbody/tr")
    assert line.xpath("string(./td[@class='num'])").split() == ["0", "元"]
    assert line.xpath("string(.//mark)") == "未收取信息处理费"
    assert line.xpath("string(./td[2])") == OVERVIEW.rstrip("。") + "。"
    assert [chip.text for chip in line.xpath(".//span[@class='chip']")] == ["原文说没有", "本机关"]
    english = page(visitor, visitor.report(f"{BAISHI} 2023", "?lang=en"))
    assert "Information-processing fees, yuan" in english.xpath("string(//section[@aria-labelledby='facts'])")
    (fact,) = visitor.get(visitor.report(f"{BAISHI} 2023", ".json")).json()["facts"]
    assert (fact["key"], fact["value"], fact["stated_as"]) == ("info_processing_fee_yuan", 0, "negation")
    assert set(fact["place"]) == {"start", "end"}
