"""Answers that are walls: recognised by their signs, recorded as such, never climbed.

Signs and names from what others met at government sites (瑞数 412, 加速乐 521, captchas, script shells).
"""

from __future__ import annotations

import re

_STATUSES = {
    412: "a challenge page (412, as 瑞数 sends it)",
    521: "a challenge page (521, as 加速乐 sends it)",
    403: "the server refuses us (403)",
    405: "the server refuses the method (405)",
    418: "the server refuses us (418)",
    429: "the server asks for fewer requests (429)",
    451: "closed for legal reasons (451)",
    468: "a block page (468)",
}
_CHALLENGE = re.compile(rb"\$_ts\b|__jsl_clearance|FSSBBIl1UgzbN7N80|codeValue|\bC3VK\b")
SHELL = 3000
"""Bytes: challenge pages and script shells are smaller."""
_MISSING = re.compile(
    r"(?:页面|网页|内容|文章|信息|文件|栏目)(?:已经?)?(?:不存在|被删除|已删除|未找到|找不到|丢失)|(?:找不到|无法找到|没有找到).{0,12}(?:页面|网页)"
    r"|404.{0,12}(?:错误|not found|页面)|page not found",
    re.IGNORECASE,
)
_TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]+>", re.IGNORECASE | re.DOTALL)
_FEW_WORDS = 600


def wall(status: int, body: bytes) -> str:
    """What wall an answer is, in words; empty if it is none.

    >>> wall(412, b"")
    'a challenge page (412, as 瑞数 sends it)'
    >>> wall(200, b"<html>" + b"x" * 5000)
    ''
    """
    if status in _STATUSES:
        return _STATUSES[status]
    if status in (200, 202) and len(body) < SHELL and _CHALLENGE.search(body):
        return "a challenge page in place of the document"
    return ""


def is_shell(body: bytes) -> bool:
    """Whether a page is hardly more than a script that would draw it.

    >>> is_shell(b"<html><script src='/a.js'></script><div id='app'></div></html>")
    True
    """
    return len(body) < SHELL and b"<script" in body.lower() and b"<a " not in body.lower()


def missing(text: str) -> str:
    """What says that a page sent with status 200 is none (a soft 404); empty if nothing does.

    >>> missing("<html><title>提示</title><body>对不起，您访问的页面不存在或已删除。</body></html>")
    'the page says that it does not exist'
    >>> missing("<html><body>本机关2023年政府信息公开工作年度报告如下</body></html>")
    ''
    """
    if len(text) > 100 * _FEW_WORDS:
        return ""
    words = "".join(_TAGS.sub(" ", text).split())
    return "the page says that it does not exist" if len(words) < _FEW_WORDS and _MISSING.search(words) else ""
