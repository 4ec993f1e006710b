"""What a web page states about itself: meta tags, and the little table or line that names source and date.

    <meta name="ArticleTitle" content="..."> <meta name="PubDate" content="2024-01-17 09:30">
    <tr><td>索 引 号</td><td>014314799/2024-00002</td><td>发布机构</td><td>云溪县发展和改革局</td></tr>
    <div class="info">发布日期：2024-01-20 来源：云溪县发展和改革局 浏览次数：12</div>

The meta names are those of 国办发〔2017〕47号 (政府网站发展指引), annex on page tags; the visible names those of the
catalogues of government information.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from extract.records import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element

    from extract.records import Block, TableCell

_LABELS = [
    "索引号",
    "发布机构",
    "发布单位",
    "发文机关",
    "发文单位",
    "发文机构",
    "公开责任部门",
    "信息来源",
    "文章来源",
    "稿件来源",
    "来源",
    "发布日期",
    "公开日期",
    "成文日期",
    "生成日期",
    "发文日期",
    "发布时间",
    "公开时间",
    "发文时间",
    "生成时间",
    "时间",
    "日期",
    "信息名称",
    "标题",
    "名称",
    "发文字号",
    "文号",
    "主题分类",
    "分类",
    "有效性",
    "关键词",
]
_NAMES = frozenset(_LABELS)
# In running text these words also mean other things, so there they count at the start of a line or after a label only.
_COMMON_WORDS = frozenset(("标题", "名称", "信息名称", "分类", "时间", "日期", "关键词"))
_ANY_LABEL = "|".join(r"\s*".join(label) for label in sorted(_LABELS, key=len, reverse=True))
_PAIR = re.compile(
    rf"(?P<label>{_ANY_LABEL})\s*[:：]\s*"
    rf"(?P<value>[^|【\[]*?)(?=\s*(?:{_ANY_LABEL})\s*[:：]|\s+[\u4e00-\u9fff]{{2,6}}\s*[:：]|\s*[|【\[]|\s*$)"
)
_BREADCRUMB = re.compile(r"(?:当前|您|你|现在|所在)(?:的)?(?:所在)?(?:的)?位置\s*[:：]?\s*(.*)")
_LONGEST_LINE = 240
_LONGEST_LABEL = 30
_SHORTEST_PAIR = 4
_LONGEST_VALUE = 120
_SPACE = re.compile(r"\s+")


def read_title(root: _Element) -> str:
    """What the page calls itself: the ArticleTitle tag, else its title element; empty where it has neither."""
    named = [_folded(meta.get("content")) for meta in root.iter("meta") if _name(meta).lower() == "articletitle"]
    return next((title for title in (*named, _folded(root.findtext(".//title"))) if title), "")


def read_metadata(root: _Element, blocks: Sequence[Block]) -> dict[str, str]:
    """Names as printed (visible labels without spaces and colon) to values; of a name given twice the first counts.

    ``breadcrumb``: the words after 当前位置.
    """
    found: dict[str, str] = {}
    for name, value in (*_meta_tags(root), *_visible(blocks)):
        if name and value:
            found.setdefault(name, value)
    return found


def _folded(text: str | None) -> str:
    return " ".join((text or "").split())


def _name(meta: _Element) -> str:
    return (meta.get("name") or meta.get("property") or "").strip("“”\"' \n")


def _meta_tags(root: _Element) -> Iterator[tuple[str, str]]:
    for meta in root.iter("meta"):
        yield _name(meta), _folded(meta.get("content"))


def _visible(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                yield from _pairs_in_row(row)
        else:
            yield from _pairs_in_line(block.text)


def _pairs_in_row(row: Sequence[TableCell]) -> Iterator[tuple[str, str]]:
    for cell, following in itertools.pairwise(row):
        if len(cell.text) <= _LONGEST_LABEL and (label := _as_label(cell.text)) in _NAMES:
            value = _folded(following.text)
            if len(value) <= _LONGEST_VALUE and _as_label(value) not in _NAMES:
                yield label, value
    for cell in row:
        if len(cell.text) >= _SHORTEST_PAIR:
            for line in cell.text.split("\n"):
                yield from _pairs_in_line(line)


def _as_label(text: str) -> str:
    return _SPACE.sub("", text).strip("：:【】[]")


def _pairs_in_line(line: str) -> Iterator[tuple[str, str]]:
    if len(line) > _LONGEST_LINE:
        return
    if breadcrumb := _BREADCRUMB.search(line):
        yield "breadcrumb", breadcrumb[1]
    if ":" not in line and "：" not in line:
        return
    for number, pair in enumerate(_PAIR.finditer(line)):
        label, value = _SPACE.sub("", pair["label"]), pair["value"].strip()
        if len(value) <= _LONGEST_VALUE and (number or pair.start() == 0 or label not in _COMMON_WORDS):
            yield label, value
