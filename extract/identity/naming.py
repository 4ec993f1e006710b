"""The names printed on a report: the one in its title, what each says, and which of them tells whose report it is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from extract.identity.organs import clean
from extract.identity.places import Named, gazetteer
from extract.identity.signature import find_signature
from extract.names import squeeze

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract.identity.clues import Clues
    from extract.identity.divisions import Divisions

_YEAR = r"(?:(?:19|20)\d{2}|二[〇○零Oo0][〇○零Oo0一二三][〇○零Oo0一二三四五六七八九])"
_QUOTED = re.compile(r"《[^》]*》|〈[^〉]*〉")
_BEFORE = re.compile(rf"^(?:关于|附件\d*[:：]?|[(\[【]?{_YEAR}年?度?[)\]】]?)+")
_AFTER = re.compile(
    rf"[(\[【]?{_YEAR}|(?<!人民)政府信息(?:主动)?公开|(?<=人民政府)信息|政务公开|信息公开|依申请公开|年度报告|工作报告|年报|的"
)


def name_in_title(title: str) -> str:
    """The part of a title that names the body; empty where it names none.

    >>> name_in_title("关于云河县水务局 2023 年度政府信息公开工作情况的报告")
    '云河县水务局'
    >>> name_in_title("2023年青石镇人民政府信息公开工作年度报告"), name_in_title("政府信息公开工作年度报告（2023年度）")
    ('青石镇人民政府', '')
    """
    plain = _BEFORE.sub("", squeeze(_QUOTED.sub("", title)))
    return clean(_AFTER.split(plain, maxsplit=1)[0])


@lru_cache(maxsize=20_000)
def named(printed: str, divisions: Divisions) -> Named:
    """A printed name, freed of what is no part of it, taken apart."""
    return gazetteer(divisions).named(clean(printed))


def names_printed(clues: Clues, text: str | None, divisions: Divisions) -> dict[str, Named]:
    """The names by where they stand: title, issuer and signature (else the text's), and a publisher that is a body.

    ``clues.title``: the part of the title that names the body.
    """
    names = {
        "title": named(clues.title, divisions),
        "issuer": named(clues.issuer, divisions),
        "signature": named(clues.signature or (find_signature(text) if text else ""), divisions),
    }
    publisher = named(clues.publisher, divisions)
    if _is_place_alone(publisher) and names["issuer"] == publisher and not names["title"]:
        names["issuer"] = Named("")  # nothing but who put the page up: 岚汀县, for all its bodies
    if _names_a_body(publisher) or any(each and each.organ == publisher.organ for each in names.values()):
        names["publisher"] = publisher
    return names


def primary(names: Mapping[str, Named]) -> tuple[str, Named]:
    """The name that says whose report it is: the first with a place, unless an earlier one names another organ."""
    says = next(((key, each) for key, each in names.items() if each.is_central or says_who(each)), None)
    placed = next(((key, each) for key, each in names.items() if each.places), None)
    if says and (not placed or (not says[1].places and says[1].organ.name != placed[1].organ.name)):
        return says
    return placed or ("", Named(""))


def says_who(name: Named) -> bool:
    """Whether a name without a place says at least which organ: 水利局, 县政府; not 政府 or 办公室, which all have."""
    if name.organ.kind in {"government", "office"}:
        return bool(name.organ.of) or (name.organ.kind == "office" and "政府" in name.rest)
    return name.organ.kind != ""


def _is_place_alone(name: Named) -> bool:
    """岚汀县, without a word for the body; a township that puts up a page is meant itself."""
    return bool(name.places) and not name.rest and name.places[0].level != "township"


def _names_a_body(name: Named) -> bool:
    """A publisher that is one body and no one else: not a government or its office, which publish for all."""
    return bool(name) and not is_of_all(name)


def is_of_all(name: Named) -> bool:
    """A government or its office above the townships: it publishes for all bodies of its place."""
    is_general = name.organ.kind in {"government", "office"}
    return is_general and not (name.places and name.places[0].level == "township")
