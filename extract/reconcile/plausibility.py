"""What sense and the law rule out, whatever the sums say: negative counts, rules of an agency that can make none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from extract.names import squeeze
from extract.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.forms import Form
    from extract.records import Report

COUNTED = ("requests", "disputes")
_OFFICE = re.compile(r"(?:人民政府)?(?:办公室|办公厅)$|人民政府$|政府$|管理委员会$|管委会$|办事处$")
_CANNOT = re.compile(
    r"(?:镇|乡|街道|苏木|县|旗)$"
    r"|(?<!自治)(?<!地)(?<!新)(?<!发)(?<!园)(?<!验)(?<!示范)区$"
    r"|.[省市县区旗州镇乡].{2,}(?:局|委员会|委|厅|办|中心|分局|总队|支队|大队|所|站)$"
)
_CAN = re.compile(
    r"(?:省|自治区|自治州)$|^(?:北京|上海|天津|重庆)市$|^中华人民共和国|^国务院|^国家(?:(?!总局.).)+(?:总局|委员会|局)$"
    r"|^[^省市县区旗州]{2,9}部$|^[^省市县区旗州]{2,4}总署$"
)


def check_counts(report: Report, form: Form, _text: str) -> Iterator[Finding]:
    """T2-MONOTONE: no count of tables 2 and 3 is negative or has a fraction: one finding for each, or a pass."""
    for table in form.tables:
        if table.key not in COUNTED:
            continue
        cells = [report.cells[cell.key] for row in table.rows for cell in row.cells if cell.key in report.cells]
        stated = [(cell.key, cell.value) for cell in cells if cell.value is not None]
        wrong = [(key, value) for key, value in stated if value < 0 or value != int(value)]
        for key, value in wrong:
            subject = key.split(".")[1]
            message = f"件数应为非负整数：{value}"
            yield Finding("T2-MONOTONE", "fail", (key,), value, 0, message, "unknown", subject)
        if stated and not wrong:
            yield Finding("T2-MONOTONE", "pass", (stated[0][0],), subject=table.key)


def check_rule_power(report: Report, form: Form, _text: str) -> Iterator[Finding]:
    """T1-RULE-POWER: who has no power to make rules (规章) reports none.

    立法法 (2023) art. 91 and 93 give it to departments of the State Council, provinces, cities with districts and
    autonomous prefectures. Whether a 市 has districts its name does not say: not assessable then.
    """
    rules = next((row for table in form.tables for row in table.rows if row.key == "rules"), None)
    keys = tuple(cell.key for cell in rules.cells if cell.key in report.cells) if rules else ()
    if not keys:
        return
    numbers = [report.cells[key].value for key in keys]
    power = rule_power(report.issuer)
    stated = sum(number for number in numbers if number is not None)
    verdict: Literal["pass", "fail", "not_assessable"] = "pass"
    message = ""
    if None in numbers and not stated:
        verdict, message = "not_assessable", "规章一行有格没有数字，无法核对"
    elif stated and power == "none":
        verdict, message = (
            "fail",
            f"规章 {stated} 件：县级及以下政府和地方政府部门没有规章制定权，可能是把规范性文件填到了规章行",
        )
    elif stated and power == "unclear":
        verdict, message = "not_assessable", "从机关名称看不出有没有规章制定权"
    yield Finding(
        "T1-RULE-POWER", verdict, keys, stated, 0, message, "unknown" if verdict == "fail" else "", "rules", "warn"
    )


def rule_power(issuer: str) -> Literal["has", "none", "unclear"]:
    """Whether a body can make rules, as far as its name says.

    >>> [rule_power(name) for name in ("云溪县白石镇人民政府", "云溪县水务局", "云江市东山区人民政府", "云东省民政厅")]
    ['none', 'none', 'none', 'none']
    >>> [rule_power(name) for name in ("云东省人民政府", "教育部", "国家统计局", "北部自治区人民政府")]
    ['has', 'has', 'has', 'has']
    >>> [rule_power(name) for name in ("云江市人民政府", "云江高新技术产业开发区管委会", "水务局", "")]
    ['unclear', 'unclear', 'unclear', 'unclear']
    """
    name = squeeze(issuer)
    body = _OFFICE.sub("", name)
    if not body:
        return "unclear"
    if _CAN.search(body):
        return "has"
    return "none" if _CANNOT.search(body) else "unclear"
