"""The way of columns in the head of a page's text, as sites print it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.identity.breadcrumb import breadcrumb_of


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("当前位置：首页 > 政务公开 > 乡镇街道 > 砚池镇 > 年度报告", "砚池镇"),
        ("岚汀县人民政府\n您现在的位置：首页 - 政务公开 - 县水务局 - 年报\n正文", "县水务局"),
        ("首页>政府信息公开>县政府部门>水务局>年报", "水务局"),
        ("所在位置: 网站首页 » 各镇街道 » 砚池镇", "砚池镇"),
        ("当前位置： 首页 / 岚汀县 / 水务局", "岚汀县 > 水务局"),
        ("您的位置：\n首页\n>\n岚汀县\n>\n水务局\n政府信息公开工作年度报告", "岚汀县 > 水务局"),
        ("当前位置：首页政务公开乡镇街道砚池镇年报", "砚池镇"),  # the separators are pictures
        ("当前位置：首页政务公开政府信息公开政府信息公开年报", ""),
        ("当前位置：首页>区直部门>卫健局>信息公开年报>", "卫健局"),
        ("当前位置：首页>水务局>岚汀县水务局2023年政府信息公开工作年度报告", "水务局"),
        ("首页政务公开\n名 称", ""),
        ("本局把公开摆在重要位置：首先是制度", ""),
        ("所在位置偏远的村", ""),
        ("当前位置：\n砚池镇\n石门镇\n墨湖乡", ""),  # a menu, no way
        ("", ""),
    ],
)
def test_the_steps_that_may_name_a_body(text, steps):
    assert breadcrumb_of(text) == steps


def test_what_stands_far_down_is_no_way():
    assert breadcrumb_of("一" * 4_000 + "\n当前位置：首页 > 砚池镇 > 年报") == ""


@given(st.text(alphabet="当前位置您的所在首页：:>/ -\n砚池镇年报2023", max_size=80))
def test_whatever_is_printed_the_steps_stood_there(text):
    for step in filter(None, breadcrumb_of(text).split(" > ")):
        assert step in " ".join(text.split()) or step.replace(" ", "") in "".join(text.split())
