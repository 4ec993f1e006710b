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
_SHELL = 3000


def wall(status: int, body: bytes) -> str:
    """What wall an answer is, in words; empty if it is none.

    >>> wall(412, b"")
    'a challenge page (412, as 瑞数 sends it)'
    >>> wall(200, b"<html>" + b"x" * 5000)
    ''
    """
    if status in _STATUSES:
        return _STATUSES[status]
    if status in (200, 202) and len(body) < _SHELL and _CHALLENGE.search(body):
        return "a challenge page in place of the document"
    return ""
