"""Parts of the items by subject: 主动公开 220 件（乡村振兴 45 条，生态环保 17 条）. Any words may name a subject."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extract.interpret.claims import Claim, number_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.fact_rules import FactRules

_PIECE = re.compile(
    r"(?P<name>[^\d，。]{2,30}?)(?P<before>约|近|超过)?(?P<digits>(?<![\d.,])\d+(?:\.\d+)?)(?P<scale>万)?(?P<more>余|多)?"
    r"(?P<unit>条|件|篇)(?=[，、。]|等|$)"
)
_JOINT = re.compile(r"[，、:]|分别|其中|有|为|和|及")
_NO_SUBJECT = re.compile(
    r"申请|复议|诉讼|办结|答复|培训|访问|阅读|留言|会议|通过|^在|利用|印发|制定|制发|召开|开展|组织|举办|办理|回复"
    r"|回应|收到|受理|解读|废止|增加|减少|同比|上年|去年|未|共计|合计|总计|网站|微信|微博|公众号|新媒体|公告栏|公开栏"
)
_TOTAL, _KEY = "proactive_items", "proactive_items.topic"


def subjects_of(
    text: str, claims: Sequence[Claim], listed: tuple[int, Claim | None] | None, rules: FactRules
) -> list[Claim]:
    """The parts in the list that begins at ``listed`` after a total of items, up to where it is no such list."""
    if listed is None or listed[1] is None or listed[1].rule.key != _TOTAL:
        return []
    position, total = listed[0], listed[1]
    found: list[Claim] = []
    unit = ""
    while position < len(text):
        joint = _JOINT.match(text, position)
        if joint and joint.end() > position:
            position = joint.end()
            continue
        piece = _PIECE.match(text, position)
        if piece is None or (unit and piece["unit"] != unit):
            break
        value = number_of(piece.groupdict())
        claimed = any(claim.number == piece.start("digits") for claim in claims)
        if value is None or value > total.value or claimed or _NO_SUBJECT.search(piece["name"]):
            break
        unit = piece["unit"]
        approximate = bool(piece["before"] or piece["more"])
        found.append(
            Claim(rules.rule(_KEY), value, unit, piece.start(), piece.end(), piece.start("digits"), approximate)
        )
        position = piece.end()
    return found
