"""The home page and the search, in Chinese words of any length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from extract.search_text import unigrams
from publish.search import marked, matches, snippet, tokens
from tests.publish.fictional_site import BAISHI, HEPING, QINGSHI


def test_coverage_links_each_report_and_keeps_not_found_apart(visitor):
    answer = visitor.get("/")
    tree = html.fromstring(answer.text)
    rows = {row.xpath("string(th)"): row for row in tree.xpath("//table[@class='coverage']/tbody/tr")}
    assert len(rows) == 7
    assert rows[BAISHI].xpath("td//a/@href") == [visitor.report(f"{BAISHI} 2022"), visitor.report(f"{BAISHI} 2023")]
    assert rows[QINGSHI].xpath("td//a/@class") == ["mark-failed"]
    assert rows[HEPING].xpath("td//a/@class") == ["mark-read"]
    years = tree.xpath("//table[@class='coverage']/thead//th[@class='year']/text()")
    assert years == [str(year) for year in range(2016, 2024)]
    assert len(rows[BAISHI].xpath("td/span[@class='mark-none']")) == 6
    assert "不等于该机关未公布" in tree.text_content()


def test_what_waits_is_counted(visitor):
    rows = html.fromstring(visitor.get("/").text).xpath("//section[@aria-labelledby='waiting']//tr")
    waiting = {" ".join(row.xpath("string(th)").split()): row.xpath("string(td)") for row in rows}
    assert waiting["申请：办理结果（一）至（六）之和＝总计 T2-OUTCOME-2021"] == "1 项未通过"


@pytest.mark.parametrize("path", ["/", "/search", "/archive", "/archive/reports", "/report/none"])
def test_the_sample_is_named_as_one_on_every_page(visitor, path):
    assert "示例数据（虚构地区）" in visitor.get(path).text


@pytest.mark.parametrize("word", ["许可", "镇", "信息处理费", "𠮷田", "２０２３年", "34", "许可 信息处理费", '"许可"'])
def test_words_of_any_length_are_found_and_marked(visitor, word):
    tree = html.fromstring(visitor.get(f"/search?q={word}").text)
    links = tree.xpath("//ol[@class='results']//a/@href")
    assert visitor.report(f"{BAISHI} 2023") in links
    assert tree.xpath("//ol[@class='results']//mark")


@pytest.mark.parametrize("word", ["许 可 证 件", "*", '"', "NEAR(", "a OR b AND", "-许可证", "col:x", "（）"])
def test_odd_words_are_no_errors(visitor, word):
    answer = visitor.get(f"/search?q={word}")
    assert answer.status_code == 200
    assert "http://www.yunxi" not in answer.text


def test_markup_in_words_stays_text(visitor):
    assert "<script>" not in visitor.get("/search?q=<script>alert(1)</script>").text.replace("&lt;script&gt;", "")


def test_tables_of_datasette_link_to_our_pages(visitor, fictional):
    key, digest = fictional.keys[f"{BAISHI} 2023"], fictional.digests[f"{BAISHI} 2023"]
    assert f'<a href="/report/{key}">' in visitor.get("/archive/report_list").text
    assert f'<a href="/document/{digest}">' in visitor.get("/archive/report_documents").text


def test_datasette_s_own_search_box_finds_two_characters(visitor):
    rows = visitor.get("/archive/reports.json?_search=许可&_shape=array").json()
    assert len(rows) == 4  # those that have an overview with it
    assert visitor.get("/archive/search.json?q=许可&_shape=array").json()


@given(st.text(alphabet=st.sampled_from("许可证 ab12，２Ｂ㎡𠮷。\n_é"), max_size=40))
def test_tokens_are_those_of_the_index(text):
    assert [token.text for token in tokens(text)] == unigrams(text).split()


@given(st.text(alphabet="许可证a1 ，", max_size=60), st.text(alphabet="许可a1", min_size=1, max_size=3))
def test_marking_loses_no_character(text, word):
    phrases = [unigrams(word).split()]
    assert "".join(piece for piece, _ in marked(text, phrases)) == text
    assert all(unigrams(text[start:end]) for start, end in matches(text, phrases))


def test_snippet_is_short_and_around_the_match():
    text = "甲" * 500 + "许可" + "乙" * 500
    pieces = snippet(text, [["许", "可"]])
    assert ("许可", True) in pieces
    assert sum(len(piece) for piece, _ in pieces) < 200
    assert snippet(text, [["丙"]]) == ()
