"""What reaches a person is masked at its length; what may be a number of the report never is."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.decisions.contacts import found, mask, mask_reading
from tests.extract.decisions.readings import reading

MASKED = {
    "联系人：张三，联系电话：0930-6221234，地址：岚汀县砚池镇1号": ["张三", "0930-6221234"],
    "（联系人：阿卜杜拉·买买提 电话：13812345678）": ["阿卜杜拉·买买提", "13812345678"],
    "联 系 人： 张 三": ["张 三"],
    "联系人：李四、王五；传真：0930—6221235转801": ["李四", "王五", "0930—6221235转801"],
    "联系电话\t6221234\n": ["6221234"],
    "联系人\t张三\t手机\t13812345678": ["张三", "13812345678"],
    "电话（传真）：0930-6221234、6221235": ["0930-6221234", "6221235"],
    "电子邮箱：a.b@lanting.example.cn。": ["a.b@lanting.example.cn"],
    "编号110101199003070021": [],
    "身份证号 110101199003070038，": ["110101199003070038"],
    "可拨打0930-6221234咨询": ["0930-6221234"],
    "010-12345678": ["010-12345678"],
    "微信号：lanting_2023": ["lanting_2023"],
    "填表人：王小明 审核人：赵六": ["王小明", "赵六"],
    "联系人：办公室 电话：6221234": ["6221234"],
    "联系人：张三李四电话0930-6221234": ["张三李四", "0930-6221234"],
}
LEFT = [
    "电话：13812x345678，1381至2345至6789",
    "拨打12345热线1234567次",
    "电话答复13800001件，热线受理 8000000 余件",
    "其中：电话\t8123456\t0",
    "统计期限为20230101至20231231，电话：20231231",
    "2023-01-01至2023-12-31",
    "13812345678\t0\t0",
    "0\t13812345678\n",
    "收费13812345678元",
    "兰政发〔2024〕3号，邮编 848204",
    "联系人员3人，经办人签字",
    "镇长王小明主持召开会议",
    "电话咨询：1234567人次",
    "1,381,234,567.89",
]


@pytest.mark.parametrize("text", MASKED)
def test_what_reaches_a_person_is_masked(text):
    assert [text[start:end] for start, end in found(text)] == MASKED[text]
    assert len(mask(text)) == len(text)


@pytest.mark.parametrize("text", LEFT)
def test_what_may_count_something_is_left(text):
    assert mask(text) == text


NUMBER = st.one_of(
    st.integers(0, 10**12).map(str),
    st.integers(0, 10**12).map("{:,}".format),
    st.decimals(0, 10**8, places=2, allow_nan=False).map(str),
    st.sampled_from(["", "/", "—", "-3", "+12", "13812345678", "20230101", "12345678"]),
)
LABEL = st.sampled_from(
    ["", "（一）予以公开", "规章", "其中：电话", "热线", "3.信函、传真申请数", "总计", "当面申请数"]
)


@given(st.lists(st.tuples(LABEL, st.lists(NUMBER, min_size=1, max_size=7)), max_size=6))
def test_no_number_of_a_table_is_masked(rows):
    text = "\n".join("\t".join([label, *numbers]) for label, numbers in rows)
    assert mask(text) == text


DAY = st.dates(dt.date(1990, 1, 1), dt.date(2035, 12, 31)).flatmap(
    lambda day: st.sampled_from(
        [
            day.isoformat(),
            day.strftime("%Y%m%d"),
            day.strftime("%Y/%m/%d"),
            day.strftime("%Y.%m.%d"),
            f"{day.year}年{day.month}月{day.day}日",
        ]
    )
)


@given(
    st.sampled_from(["", "时间：", "联系人：", "电话：", "联系电话 ", "截至", "热线"]),
    DAY,
    st.sampled_from(["至", "，", " ", "止", "\n", "\t", "、"]),
    DAY,
)
def test_no_date_is_masked(before, first, between, second):
    text = before + first + between + second
    assert mask(text) == text


@given(st.text(alphabet="联系人电话手机传真：:0123456789-（）()、，张三李 \t\n@.aX年件", max_size=80))
def test_whatever_the_text_its_length_and_its_lines_stay_and_twice_is_once(text):
    once = mask(text)
    assert len(once) == len(text)
    assert [i for i, c in enumerate(once) if c in "\n\t"] == [i for i, c in enumerate(text) if c in "\n\t"]
    assert mask(once) == once


@given(st.integers(0, 10**8).map(str), st.sampled_from(["件", "次", "万元", "年", "条", " 件", "余件", "人次"]))
def test_no_count_behind_a_telephone_is_masked(count, unit):
    text = f"通过电话：{count}{unit}，热线{count}{unit}"
    assert mask(text) == text


def test_a_reading_keeps_cells_facts_and_spans():
    before = reading()
    after = mask_reading(before)
    assert "李四" not in after.text
    assert after.report.sections["overview"].endswith("联系人：**，联系电话：************。")
    assert after.report.cells == before.report.cells
    assert after.report.facts == before.report.facts
    assert (after.report.title, after.report.issuer) == (before.report.title, before.report.issuer)
    differs = [old != new for old, new in zip(before.text, after.text, strict=True)]
    assert sum(now and not earlier for earlier, now in pairwise([False, *differs])) == 2  # a name, and a number
