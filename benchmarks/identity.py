"""How surely places and bodies are told: ``python -m benchmarks.identity``. Exit status 1 if a limit is missed.

Four questions: the five reports of the corpus (``GONGKAI_CORPUS``) from their text alone; 200 townships' names, drawn
by a fixed seed over all editions, with one hint each and with none; the same where the report is of years that the
tree does not know yet (a tree cut at 2019, reports of 2023); the registry's sites from their agency's name alone.
"""

from __future__ import annotations

import csv
import os
import random
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from extract.identity.clues import Clues, Identity, Site
from extract.identity.divisions import Division, Divisions, load
from extract.identity.hints import area_codes
from extract.identity.identify import identify
from extract.identity.variants import canonical
from extract.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 20_240_131
DRAWN = 200
SITES = Path(__file__).resolve().parent.parent / "config" / "sites.csv"
SEEDS = {
    "seed-000": "622923109", "seed-001": "411728109", "seed-002": "469021104", "seed-003": "510411107",
    "seed-004": "653224103",
}  # fmt: skip
TOWNSHIPS = {"town", "township", "ethnic_township", "subdistrict", "sumu"}
PROSE = "全年主动公开政府信息 12 条。按照要求，结合本单位实际，编制本报告。"


@dataclass(slots=True)
class Tally:
    """How often an answer was right, wrong, or left to a person."""

    right: int = 0
    wrong: int = 0
    ambiguous: int = 0
    unknown: int = 0

    def add(self, identity: Identity, is_right: bool) -> None:
        """Counts one answer."""
        if identity.status == "resolved":
            self.right += is_right
            self.wrong += not is_right
        elif identity.status == "ambiguous":
            self.ambiguous += 1
        else:
            self.unknown += 1

    @property
    def precision(self) -> float:
        """The share of right answers among answers."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    def __str__(self) -> str:
        total = self.right + self.wrong + self.ambiguous + self.unknown
        return (
            f"{total:4d} asked  {self.right + self.wrong:4d} resolved  {self.ambiguous:4d} ambiguous  "
            f"{self.unknown:3d} unknown  {self.wrong:2d} wrong  precision {self.precision:.2%}"
        )


def seeds(corpus: Path, divisions: Divisions) -> Iterator[tuple[str, str, Identity]]:
    """Each report of the corpus, the code that is right, and who it is told to be from: from its text alone."""
    for name, code in SEEDS.items():
        reading = read((corpus / "seeds" / name / "doc.txt").read_bytes())
        assert reading.report
        report = reading.report
        clues = Clues(title=report.title, issuer=report.issuer, year=report.year, text=reading.text)
        yield name, code, identify(clues, divisions)


def draw(divisions: Divisions, count: int = DRAWN, seed: int = SEED) -> list[tuple[Division, int]]:
    """Townships of different names, each with a year in which it was there."""
    rows = sorted((each for each in divisions.every() if each.kind in TOWNSHIPS), key=lambda each: each.id)
    chance = random.Random(seed)
    chance.shuffle(rows)
    found: dict[str, tuple[Division, int]] = {}
    for each in rows:
        first, last = each.spans()[0][1], each.spans()[-1][2]
        years = [year for year in range(first, last + 1) if each.code_in(year)]
        found.setdefault(canonical(each.name), (each, chance.choice(years)))
        if len(found) == count:
            break
    return list(found.values())


def _superior(division: Division, level: str, divisions: Divisions) -> Division | None:
    return next((each for each in divisions.line(division)[:-1] if each.level == level), None)


def _county(division: Division, divisions: Divisions) -> Division:
    return divisions[division.parent]


def _code(division: Division, year: int) -> str:
    return division.code_in(year) or division.spans()[-1][0]


def _phone(division: Division, year: int, divisions: Divisions) -> str:
    codes = {_code(each, year) for each in divisions.line(division)[:-1]}
    phones, _ = area_codes()
    return next((phone for phone, places in phones.items() if codes & set(places)), "")


def hinted(division: Division, year: int, divisions: Divisions) -> Iterator[tuple[str, Clues]]:
    """One report of a township, told with one hint at a time: the hint's name and the clues."""
    name, county = division.name, _county(division, divisions)
    prefecture = _superior(division, "prefecture", divisions)
    code = _code(county, year)
    bare = Clues(title=f"{name}{year}年政府信息公开工作年度报告", issuer=name, year=year, text=PROSE)
    yield "nothing", bare
    yield "county in title", replace(bare, title=f"{county.name}{name}{year}年政府信息公开工作年度报告", issuer="")
    yield "signature", replace(bare, signature=f"{county.name}{name}人民政府")
    yield "site of county", replace(bare, site=Site("x", level="county", region_code=code))
    if prefecture:
        site = Site("x", level="prefecture", region_code=_code(prefecture, year))
        yield "site of prefecture", replace(bare, site=site)
        yield "prefecture in title", replace(bare, title=f"{prefecture.name}{bare.title}", issuer="")
    yield "site code", replace(bare, text=f"{PROSE} 网站标识码：{code}0012")
    yield "police", replace(bare, text=f"{PROSE} 某公网安备{code}02000123号")
    yield "county in text", replace(bare, text=f"{PROSE}在{county.name}的指导下开展工作。")
    yield "breadcrumb", replace(bare, breadcrumb=f"首页>{county.name}>乡镇街道>年报")
    if phone := _phone(division, year, divisions):
        yield "phone", replace(bare, text=f"{PROSE}联系电话：{phone}-6212345。")


def townships(divisions: Divisions, drawn: list[tuple[Division, int]]) -> dict[str, Tally]:
    """The tally of each hint. Right is only the division of that year, with its code of that year."""
    tallies: dict[str, Tally] = {}
    for division, year in drawn:
        for hint, clues in hinted(division, year, divisions):
            found = identify(clues, divisions)
            is_right = found.division == division and found.code == division.code_in(year)
            if found.status == "resolved" and not is_right:
                print(f"   wrong ({hint}): {clues.title}: {found.name} {found.code}, not {division.code_in(year)}")
            tallies.setdefault(hint, Tally()).add(found, is_right)
    return tallies


def cut(divisions: Divisions, year: int) -> Divisions:
    """The tree as it was known after the edition of a year."""
    kept = []
    for each in divisions.every():
        spans = [(code, first, min(last, year)) for code, first, last in each.spans() if first <= year]
        if spans and each.valid_from <= year:
            last = None if each.valid_to is None or each.valid_to >= year else each.valid_to
            codes = ";".join(f"{code}:{first}-{end}" for code, first, end in spans)
            kept.append(replace(each, valid_to=last, codes=codes))
    return Divisions(kept)


def later(divisions: Divisions, count: int = DRAWN) -> dict[str, Tally]:
    """Reports of 2023 told by a tree that ends with 2019: a place that began since must not become another one."""
    known = cut(divisions, 2019)
    tallies: dict[str, Tally] = {}
    there = [(each, 2023) for each, _ in draw(divisions, 20_000, SEED + 1) if each.is_valid(2023)]
    fresh = [pair for pair in there if pair[0].valid_from > 2019][:count]
    for which, drawn in (("drawn of all", there[:count]), ("began since", fresh)):
        for division, year in drawn:
            line = divisions.same_line(division)
            for hint, clues in hinted(division, year, divisions):
                if hint in {"nothing", "site of county", "county in title", "site of prefecture"}:
                    found = identify(clues, known)
                    is_right = found.division is not None and found.division.id in line
                    if found.status == "resolved" and not is_right:
                        print(f"   wrong ({which}, {hint}): {clues.title}: {found.name}")
                    tallies.setdefault(f"{which}: {hint}", Tally()).add(found, is_right)
    return tallies


def registry(divisions: Divisions) -> Tally:
    """The registry's sites that have agency and region: right if the name alone gives that region."""
    tally = Tally()
    with SITES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["agency"] and row["region_code"]:
                found = identify(Clues(issuer=row["agency"], year=2023), divisions)
                is_right = found.division is not None and row["region_code"] == found.code
                if not is_right:
                    print(f"   {found.status}: {row['agency']} ({row['region_code']}): {found.name} {found.why}")
                tally.add(found, is_right)
    return tally


def unique_only_today(divisions: Divisions) -> Tally:
    """Every name that one place has in the last edition and others had before, without a hint."""
    tally = Tally()
    last = divisions.last_edition
    for division in divisions.every():
        if division.kind in TOWNSHIPS and division.is_valid(last) and len(divisions.named(division.name, last)) == 1:
            lines = {divisions.same_line(each) for each in divisions.named(division.name) if each.kind != "pseudo"}
            if len(lines) > 1:
                found = identify(Clues(title=f"{division.name}{last}年政府信息公开工作年度报告", year=last), divisions)
                tally.add(found, found.division == division)
    return tally


def speed(divisions: Divisions, count: int = 5_000) -> tuple[float, float]:
    """CPU microseconds a call: five years of each township on its county's site, and the same without a site."""
    drawn = draw(divisions, count // 5, SEED + 2)
    identify(Clues(title=f"{drawn[0][0].name}2023年", site=Site("s", region_code="110101")), divisions)  # what is kept
    timed = []
    for has_site in (True, False):
        clues = []
        for division, last in drawn:
            code = _code(_county(division, divisions), last)
            site = Site(f"s{code}", level="county", region_code=code) if has_site else None
            for year in range(2019, 2024):
                title = f"{year}年{division.name}政府信息公开工作年度报告"
                issuer = f"{division.name}人民政府"
                clues.append(Clues(title=title, issuer=issuer, year=year, site=site, text=PROSE * 100))
        begin = time.process_time()
        for each in clues:
            identify(each, divisions)
        timed.append((time.process_time() - begin) / len(clues) * 1e6)
    return timed[0], timed[1]


def main() -> int:
    """Prints all figures."""
    begin = time.perf_counter()
    divisions = load()
    divisions.ever_coded("")
    print(f"tree: {len(divisions)} divisions, ready in {time.perf_counter() - begin:.2f} s")
    holds = True
    if corpus := os.environ.get("GONGKAI_CORPUS"):
        for name, code, found in seeds(Path(corpus), divisions):
            holds &= found.code == code
            print(f"  {name}: {found.status} {found.code} {found.name}{'' if found.code == code else ' WRONG'}")
    else:
        print("  GONGKAI_CORPUS is not set: the five reports are left out")
    print(f"{DRAWN} names of townships, all editions")
    for hint, tally in townships(divisions, draw(divisions)).items():
        holds &= tally.precision >= 0.99
        print(f"  {hint:20s} {tally}")
    tally = unique_only_today(divisions)
    holds &= tally.precision >= 0.99
    print(f"  unique only today    {tally}")
    print("reports of 2023 with a tree that ends with 2019")
    for hint, each in later(divisions).items():
        print(f"  {hint:34s} {each}")
    print("registry, by the agency's name alone")
    sites = registry(divisions)
    holds &= sites.precision >= 0.99
    print(f"  {sites}")
    with_site, without = speed(divisions)
    holds &= with_site <= 100
    print(f"CPU microseconds a call: {with_site:.0f} with a site, {without:.0f} without (the text is searched)")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
