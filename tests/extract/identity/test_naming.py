"""The part of a title that names a body."""

from __future__ import annotations

from extract.identity.naming import name_in_title


def test_a_name_in_a_title():
    assert name_in_title("2023年度政府信息公开工作年度报告") == ""
    assert name_in_title("遂平县花庄镇人民政府 2024 年政府信息公开工作年度报告") == "遂平县花庄镇人民政府"
