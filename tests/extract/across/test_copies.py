"""Copied prose: found among many by fingerprint, told by an exact comparison; figures and places make no difference."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from extract.across.copies import (
    COPIED,
    SIZE,
    WORTH_A_LOOK,
    bare,
    compare_prose,
    compare_with_last_year,
    compare_with_neighbours,
    fingerprint,
    share,
)
from extract.across.findings import caution
from extract.present_checks import InWords
from tests.documents import FORM

WORDS = [
    "认真落实条例要求",
    "规范公开目录",
    "健全保密审查机制",
    "主动公开规划和预算",
    "及时回应群众关切",
    "依法办理公开申请",
    "加强队伍培训",
    "完善监督考核",
    "推进河道治理",
    "强化就业帮扶",
    "优化营商环境",
    "公开招标结果",
    "发布水质信息",
    "修订公开指南",
    "开展政策解读",
    "召开座谈会",
    "设立查阅点",
    "更新门户网站",
    "明确专人负责",
    "组织业务学习",
    "建立台账",
    "接受社会评议",
    "畅通受理渠道",
    "提升服务水平",
]


def prose(seed, sentences=30):
    return "，".join(random.Random(seed).choices(WORDS, k=sentences)) + "。"


def edited(text, changes, seed):
    """The text with so many single characters put in, taken out or changed."""
    chance, letters = random.Random(seed), list(text)
    for _ in range(changes):
        place = chance.randrange(len(letters))
        letters[place : place + chance.randint(0, 1)] = chance.choice("政务公开信息申请报告镇")
    return "".join(letters)


def test_figures_spaces_and_names_of_places_are_left_out():
    one = bare("2023年，岚汀县 砚池镇主动公开１２条。", ["岚汀县", "砚池镇"])
    assert one == bare("2022年，青沙县梧桐乡主动公开 9 条。", ["梧桐乡", "青沙县"]) == "年,主动公开条。"
    assert bare("岚汀县砚池镇", ["砚池", "砚池镇", ""]) == "岚汀县"


def test_a_fingerprint_is_small_and_always_the_same():
    mark = fingerprint(prose(1))
    assert len(mark) == 4 * SIZE <= 100
    assert mark == fingerprint(prose(1))
    assert (
        fingerprint("，".join(WORDS))[:8].hex() == "005b698c00ef8d43"
    )  # another digest would make every stored one useless
    assert fingerprint("太短") == b""


@given(st.text(max_size=400))
def test_any_text_has_a_fingerprint_that_is_all_its_own(text):
    mark = fingerprint(text)
    assert len(mark) <= 100
    assert share(mark, mark) == (1.0 if mark else 0.0)


def test_no_text_that_was_hardly_changed_escapes_the_fingerprint():
    chance, seen = random.Random(7), 0
    for seed in range(400):
        text = prose(seed, 40)
        other = edited(text, chance.randint(0, len(text) // 14), seed)
        if fuzz.ratio(text, other) >= COPIED:
            seen += 1
            assert share(fingerprint(text), fingerprint(other)) >= WORTH_A_LOOK
    assert seen > 200


def test_prose_of_last_year_is_found_whatever_its_figures():
    now, before = bare(f"2023年公开12条。{prose(1)}"), bare(f"2022年公开9条。{prose(1)}")
    finding = compare_with_last_year(fingerprint(now), fingerprint(before), lambda: (now, before))
    assert (finding.basis, finding.check, finding.verdict, finding.left, finding.severity) == (
        "years",
        "N-COPY",
        "fail",
        100,
        "info",
    )
    assert "上年 100%" in finding.message
    assert caution(*finding.cautions)[0].startswith("第一部分多按上级模板写")


def test_texts_that_cannot_be_alike_are_not_even_fetched():
    def fetched():
        raise AssertionError

    now, before = fingerprint("岚汀水务" + prose(1)), fingerprint("青沙林业改革防火巡护责任体系" * 12)
    assert compare_with_last_year(now, before, fetched).verdict == "pass"
    assert compare_with_last_year(now, b"", fetched).code == "no_text"


def test_a_likely_pair_is_judged_by_its_exact_text():
    text = prose(1, 40)
    half = text[: len(text) // 4 * 3] + prose(2, 10)
    finding = compare_with_last_year(fingerprint(text), fingerprint(half), lambda: (text, half))
    assert finding.verdict == "pass"
    assert compare_prose(text, text[1:], "years").left == 99
    assert compare_prose("短", text, "years").verdict == "not_assessable"


def test_each_of_the_neighbours_is_told_the_one_most_like_it():
    texts = {"a": prose(1), "b": edited(prose(1), 12, 5), "c": edited(prose(1), 1, 6), "d": prose(9), "e": ""}
    fetched = []

    def text_of(key):
        fetched.append(key)
        return texts[key]

    told = {
        key: (other, f)
        for key, other, f in compare_with_neighbours({k: fingerprint(t) for k, t in texts.items()}, text_of)
    }
    assert list(told) == ["a", "b", "c", "d", "e"]
    assert {key: (other, f.verdict) for key, (other, f) in told.items()} == {
        "a": ("c", "fail"),
        "b": (told["b"][0], "fail"),
        "c": ("a", "fail"),
        "d": ("", "pass"),
        "e": ("", "not_assessable"),
    }
    finding = told["a"][1]
    assert finding.basis == "neighbours"
    assert finding.left == int(fuzz.ratio(texts["a"], texts["c"]))
    assert len(fetched) == len(set(fetched)) < 5
    assert "谁抄谁无从判断" in caution(*finding.cautions)[0]
    assert "neighbour" in InWords(FORM, en=True).sentence(finding.as_finding())


def test_whoever_has_no_neighbour_is_not_judged():
    ((_, other, finding),) = compare_with_neighbours({"a": fingerprint(prose(1))}, str)
    assert (other, finding.verdict, finding.code) == ("", "not_assessable", "no_neighbour")


@given(st.permutations(range(6)))
def test_the_order_in_which_neighbours_come_changes_nothing(order):
    texts = {str(n): edited(prose(n // 3), n, n) for n in range(6)}
    marks = {str(n): fingerprint(texts[str(n)]) for n in order}
    expected = list(compare_with_neighbours({key: fingerprint(text) for key, text in texts.items()}, texts.__getitem__))
    assert list(compare_with_neighbours(marks, texts.__getitem__)) == expected
    assert {finding.verdict for _, _, finding in expected} == {"fail"}


@pytest.mark.parametrize("size", [2, 30])
def test_a_model_text_for_all_is_found_for_each(size):
    texts = {f"{n:02}": prose(4) for n in range(size)}
    found = list(compare_with_neighbours({key: fingerprint(text) for key, text in texts.items()}, texts.__getitem__))
    assert [(f.verdict, f.left) for _, _, f in found] == [("fail", 100)] * size
