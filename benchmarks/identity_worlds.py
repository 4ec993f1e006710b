"""Whose the reports of the sample worlds are told to be: ``python -m benchmarks.identity_worlds DIR``.

DIR keeps the archives: they are crawled (see ``benchmarks.crawl``) and read where they are not there yet. The invented
places get a tree of their own, written beside the archive. Each report is then told in several ways: with the
registry's line of its site and without, among all places of the country and with every township's name there twice,
with less and less that names the body, and with a tree that has none of these places: there every answer is wrong.
Right is only the very place and organ. Exit status 1 if an answer is wrong.
"""

from __future__ import annotations

import argparse
import csv
import pickle
import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import sqlite_utils

from benchmarks.crawl import WORLDS, Visit, first_day
from benchmarks.identity import Tally
from extract import pipeline
from extract.identity.clues import Clues, Site
from extract.identity.divisions import COLUMNS, CONFIG, ZONES, Divisions, load
from extract.identity.identify import identify
from extract.identity.organs import organ_of
from extract.store.agencies import clues_of
from sample.elsewhere import Elsewhere
from sample.province.places import PLACES, PROVINCE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from sample.world import WorldReport

PROVINCE_CODE = "970000"
_DELAY = 0.03
_TOWNSHIP = re.compile(r"^(?P<county>.{2,5}?[县区市旗])?(?P<name>.{2,4}(?:镇|乡|街道))(?:人民政府|办事处)$")
_PLACE = re.compile(r"^(?P<place>.{2,5}?[省市县区旗])(?P<organ>.+)$")
_KINDS = {"市": "prefecture_city", "县": "county", "区": "district", "旗": "banner"}
_TOWN_KINDS = {"镇": "town", "乡": "township", "街道": "subdistrict"}


def whole(clues: Clues, places: Collection[str]) -> Clues:  # noqa: ARG001  # all are asked alike
    """All that is known."""
    return clues


def without_places(clues: Clues, places: Collection[str]) -> Clues:
    """Names as a body writes them on its own site: 水利局, 砚池镇人民政府."""
    title, issuer = clues.title, clues.issuer
    for place in places:
        title, issuer = title.replace(place, ""), issuer.replace(place, "")
    return replace(clues, title=title, issuer=issuer)


def without_names(clues: Clues, places: Collection[str]) -> Clues:  # noqa: ARG001  # all are asked alike
    """A title that names nobody, and no issuer; the publisher is left."""
    return replace(clues, title="政府信息公开工作年度报告", issuer="")


@dataclass(frozen=True)
class Way:
    """What is asked.

    ``line``: what the registry's line of the site says: its division's code, its name only, or nothing. ``tree``: the
    made one, the whole country's with it, or the country's alone, where every answer is wrong. ``twins``: each
    township's name is there twice. ``lessen``: what is left of the clues.
    """

    name: str
    line: Literal["code", "name", ""] = "code"
    tree: Literal["made", "both", "country"] = "made"
    twins: bool = True
    lessen: Callable[[Clues, Collection[str]], Clues] = whole


WAYS = (
    Way("with the site's division", twins=False),
    Way("without it", "", twins=False),
    Way("with, names twice", tree="both"),
    Way("the site's name only", "name", "both"),
    Way("without, names twice", "", "both"),
    Way("with, place struck", tree="both", lessen=without_places),
    Way("without, place struck", "", "both", lessen=without_places),
    Way("with, nobody named", tree="both", lessen=without_names),
    Way("not in the tree, site's name", "name", "country"),
    Way("not in the tree, without", "", "country"),
    Way("not in the tree, place struck", "", "country", lessen=without_places),
)


def owners_of(world: str) -> dict[str, str]:
    """Site id -> the place that it is the site of."""
    if world == "province":
        return {place.id: re.sub(r"(?:人民政府|政府信息公开.*)$", "", place.name) for place in PLACES}
    return {site.id: site.place_name for site in Elsewhere().sites}


def tree_of(owners: Mapping[str, str], reports: Sequence[WorldReport], *, twins: bool) -> list[dict[str, str]]:
    """The rows of a divisions file: one province, its cities, the counties under the first of them, the townships.

    ``twins``: each township's name is that of a township of the county after it, too.
    """
    issuers = [(report.issuer, owners[report.site]) for report in reports]
    names = dict.fromkeys([*owners.values(), *(found for issuer, _ in issuers if (found := _county_of(issuer)))])
    cities = [name for name in names if name.endswith("市")]
    counties = [name for name in names if name[-1] in "县区旗"]
    rows = [_row(PROVINCE_CODE, PROVINCE, "province", "province", "")]
    ids = {PROVINCE: rows[0]["id"]}
    for number, name in enumerate(cities, 1):
        rows.append(_row(f"97{number:02d}00", name, "prefecture_city", "prefecture", ids[PROVINCE]))
        ids[name] = rows[-1]["id"]
    for number, name in enumerate(counties, 21):
        rows.append(
            _row(f"97{1 + number // 60:02d}{number % 60 + 21:02d}", name, _KINDS[name[-1]], "county", ids[cities[0]])
        )
        ids[name] = rows[-1]["id"]
    townships: dict[tuple[str, str], None] = {}
    for issuer, owner in issuers:
        if match := _TOWNSHIP.match(issuer):
            county = match["county"] or (owner if owner in ids else counties[0])
            townships[county, match["name"]] = None
            if twins:
                other = counties[(counties.index(county) + 1) % len(counties)] if county in counties else counties[0]
                townships[other, match["name"]] = None
    for number, (county, name) in enumerate(townships, 100):
        kind = next(kind for ending, kind in _TOWN_KINDS.items() if name.endswith(ending))
        rows.append(_row(f"{ids[county][:6]}{number:03d}", name, kind, "township", ids[county]))
    return rows


def _county_of(issuer: str) -> str:
    match = _TOWNSHIP.match(issuer) or _PLACE.match(issuer)
    found = match.groupdict().get("county") or match.groupdict().get("place") if match else ""
    return found or ""


def _row(code: str, name: str, kind: str, level: str, parent: str) -> dict[str, str]:
    values = (f"{code}-2015", name, kind, level, parent, "2015", "", "", "", f"{code}:2015-2023")
    return dict(zip(COLUMNS, values, strict=True))


def write_tree(path: Path, rows: Sequence[Mapping[str, str]]) -> Divisions:
    """The rows as a file, and the tree that they are."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return load(path)


def right_key(report: WorldReport, owner: str, divisions: Divisions) -> str:
    """The key of the body that a report is from."""
    if match := _TOWNSHIP.match(report.issuer):
        county = match["county"] or owner
        fits = [each for each in divisions.named(match["name"]) if divisions[each.parent].name == county]
        fits = fits or list(divisions.named(match["name"]))[:1]
        return f"{fits[0].id}:政府"
    match = _PLACE.match(report.issuer)
    assert match, report.issuer
    return f"{divisions.named(match['place'])[0].id}:{organ_of(match['organ']).name}"


def crawled(world: str, folder: Path) -> Sequence[WorldReport]:
    """The world's own list of its reports; archive and database lie in the folder afterwards."""
    noted = folder / "world.pickle"
    if not noted.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with WORLDS[world]() as served:
            Visit(served, folder / "archive", _DELAY).crawl(first_day)
            noted.write_bytes(pickle.dumps((dict(served.homes), list(served.reports))))
    if not (folder / "archive.db").exists():
        pipeline.extract(folder / "archive", folder / "archive.db")
    return cast("Sequence[WorldReport]", pickle.loads(noted.read_bytes())[1])  # noqa: S301  # written above


def told(folder: Path, sites: Mapping[str, Site]) -> Iterator[tuple[set[str], Clues]]:
    """Each report of the database: the addresses that it stands at, and what is known of it."""
    db = sqlite_utils.Database(folder / "archive.db")
    numbers = [number for (number,) in db.execute("select id from reports order by id")]
    addresses: dict[int, set[str]] = {}
    for number, url in db.execute(
        "select report_id, url from report_documents union select w.report_id, a.url from report_leads w "
        "join leads a on a.id = w.lead_id"
    ):
        addresses.setdefault(number, set()).add(url)
    for number, clues in clues_of(db, numbers, sites):
        yield addresses[number], clues


def measure(world: str, folder: Path) -> Iterator[tuple[str, Tally, list[str]]]:
    """What was asked, how it went, and the wrong and open answers as lines."""
    reports = crawled(world, folder)
    owners = owners_of(world)
    at = {url: report for report in reports for url in (report.url, *report.documents, *report.twins)}
    for way in WAYS:
        made = write_tree(folder / "divisions.csv", tree_of(owners, reports, twins=way.twins))
        country = {"made": (), "both": (CONFIG, ZONES, folder / "divisions.csv"), "country": (CONFIG, ZONES)}[way.tree]
        divisions = load(*country) if country else made
        sites = {key: _site(key, owner, made, way.line) for key, owner in owners.items()}
        tally, lines = Tally(), Counter[str]()
        for addresses, clues in told(folder, sites):
            truth = next((at[url] for url in sorted(addresses) if url in at), None)
            if truth is None:
                lines["not one of the world's reports"] += 1
                continue
            found = identify(way.lessen(clues, owners.values()), divisions)
            key = right_key(truth, owners[truth.site], made)
            tally.add(found, found.agency_key == key)
            if found.agency_key != key:
                mark = "WRONG" if found.status == "resolved" else found.status
                lines[f"{mark}: {truth.issuer}: {found.name or found.why}"] += 1
        yield way.name, tally, [f"{count:4d} {line}" for line, count in lines.most_common()]


def _site(key: str, owner: str, divisions: Divisions, line: str) -> Site:
    places = [each for each in divisions.named(owner) if each.level != "township"]
    if not places or line != "code":
        return Site(key, name=f"{owner}人民政府" if line else "")
    return Site(key, name=owner, level=places[0].level, region_code=places[0].spans()[-1][0])


def main() -> int:
    """Prints all figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity_worlds", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the worlds' archives lie, or will")
    parser.add_argument("--lines", type=int, default=12, help="how many wrong and open answers to name")
    options = parser.parse_args()
    wrong = 0
    for world in WORLDS:
        for how, tally, lines in measure(world, options.folder / world):
            print(f"{world:10s} {how:29s} {tally}")
            print("\n".join(f"      {line}" for line in lines[: options.lines]))
            wrong += tally.wrong
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
