"""The way of columns that a page shows above its text: 当前位置：首页 > 乡镇街道 > 砚池镇 > 年度报告.

It is read from the head of the page's plain text. Steps that name no body (首页, 政务公开, 委办局) are left out;
the rest tells where on its site the page stands.
"""

from __future__ import annotations

import re

SEPARATOR = " > "
"""What stands between the steps of the answer; ``identify`` splits there."""

_LABEL = re.compile(
    r"^.{0,12}?(?:当前|现在|所在|您|你)(?:的)?(?:所在)?(?:的)?(?:位置|栏目)(?:是|为)?\s*[:：]?\s*(?P<rest>.*)$"
)
_HOME = re.compile(r"^(?:网站|本站|政府网站)?首\s?页\s*[>›»＞→]")
_BETWEEN = re.compile(r"\s*(?:[>›»＞→/|｜\\\t]|&gt;|\s[-–—]+\s|\s{2,})+\s*")
_ONLY_BETWEEN = re.compile(r"^[>›»＞→/|｜\\-]+$")
_SAYS_SO = ("位置", "栏目", "首页", "首 页")
_FURTHER_LINES = 12
_LONGEST_STEP = 24
_MOST_STEPS = 12
_HEAD = 4_000

_EVERYBODY = (
    r"(?:网站|本站)?首页|(?:政务|政府信息|信息|党务|财政)公开(?:工作)?(?:专栏|目录|平台|指南|制度|网)?|(?:法定)?主动公开(?:内容|目录)?|依申请公开"
    r"|(?:政府)?(?:信息公开)?(?:工作)?(?:年度报告|年报)|正文|内容|详情|信息目录|公开目录|基层政务公开"
    r"|[省市县区旗州盟]?(?:级|直|直属|各)?(?:政府)?(?:部门|单位|机构|委办局|部委办局|委局|乡镇|街道|镇街|乡镇街道|镇乡街道|镇办|园区|开发区|乡|镇|科局)"
    r"(?:[和、及/]?(?:部门|单位|街道|乡镇|园区))*(?:信息|政府信息|政务)?(?:公开|目录)?(?:平台|专栏|网站)?"
)
_NOBODY = re.compile(rf"^(?:{_EVERYBODY})$")
_GLUED = re.compile(
    r"(?:网站)?首页|政务公开|政府信息公开(?:工作)?(?:年度报告|年报)?|信息公开|法定主动公开内容|主动公开|年度报告|年报|乡镇街道|镇街|部门|正文"
)


def breadcrumb_of(text: str) -> str:
    r"""The steps that may name a body, joined with ``>``; empty where the page shows no way.

    >>> breadcrumb_of("岚汀县人民政府\n当前位置：首页 > 政务公开 > 乡镇街道 > 砚池镇 > 年度报告\n正文")
    '砚池镇'
    >>> breadcrumb_of("您的位置：\n首页\n>\n岚汀县\n>\n水务局\n2023年政府信息公开工作年度报告")
    '岚汀县 > 水务局'
    >>> breadcrumb_of("当前位置：首页政务公开乡镇街道砚池镇年报"), breadcrumb_of("本局把公开摆在重要位置：首先")
    ('砚池镇', '')
    """
    head = text[:_HEAD]
    if not any(word in head for word in _SAYS_SO):  # most texts show none: `in` is fast
        return ""
    lines = [line.strip() for line in head.splitlines()]
    for number, line in enumerate(lines):
        match = _LABEL.match(line)
        if match:
            words = match["rest"]
        elif _HOME.match(line):
            words = line
        else:
            continue
        words = _with_further_lines(words, lines[number + 1 : number + 1 + _FURTHER_LINES])
        if steps := _steps(words):
            return SEPARATOR.join(steps)
    return ""


def _with_further_lines(words: str, following: list[str]) -> str:
    """A way whose steps stand each on a line of its own: it goes on as long as separators do."""
    is_open = not words or words.endswith(("首页", ">", "›", "»", "＞", "→", "/"))
    found = [words]
    for line in following:
        if not line:
            continue
        starts = _BETWEEN.match(line) is not None or _ONLY_BETWEEN.match(line) is not None
        if not (is_open or starts) or len(line) > _LONGEST_STEP:
            break
        if words == "" and len(found) == 1 and not line.startswith(("首页", "网站首页", "本站首页", ">", "＞")):
            break
        found.append(line)
        is_open = line.endswith((">", "›", "»", "＞", "→", "/"))
    return " ".join(found)


def _steps(words: str) -> list[str]:
    words = re.sub(r"(?<=[>›»＞→/])\s+|\s+(?=[>›»＞→/])", "", words)
    steps = [step.strip(" :：>") for step in _BETWEEN.split(words)]
    if len(steps) == 1:  # the separators are pictures: the steps stand without anything between them
        steps = _GLUED.split(words) if words.startswith(("首页", "网站首页")) else []
    kept = (
        step
        for step in steps[:_MOST_STEPS]
        if 1 < len(step) <= _LONGEST_STEP and not _NOBODY.match(step) and not re.search(r"\d{4}", step)
    )
    return list(dict.fromkeys(kept))
