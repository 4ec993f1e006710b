"""Whose the reports of the sample worlds are told to be: ``python -m benchmarks.identity_worlds DIR``.

DIR keeps the archives: they are crawled (see ``benchmarks.crawl``) and read where they are not there yet. The invented
places get a tree of their own, written beside the archive. Each report is then told three ways: with the registry's
line of its site, with a line that names no division, and with the line in a tree in which every township's name is
also that of another county. An answer is right only if it is the very place and organ. Exit status 1 if one is wrong.
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
from typing import TYPE_CHECKING

import sqlite_utils

from benchmarks.crawl import WORLDS, Visit, first_day
from benchmarks.identity import Tally
from extract import pipeline
from extract.identity.divisions import COLUMNS, Divisions, load
from extract.identity.identify import Clues, Site, identify
from extract.identity.organs import organ_of
from extract.store.agencies import clues_of
from sample.elsewhere import Elsewhere
from sample.province.places import PLACES, PROVINCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sample.world import WorldReport

PROVINCE_CODE = "970000"
_DELAY = 0.03
_TOWNSHIP = re.compile(r"^(?P<county>.{2,5}?[县区市旗])?(?P<name>.{2,4}(?:镇|乡|街道))(?:人民政府|办事处)$")
_PLACE = re.compile(r"^(?P<place>.{2,5}?[省市县区旗])(?P<organ>.+)$")
_KINDS = {"市": "prefecture_city", "县": "county", "区": "district", "旗": "banner"}
_TOWN_KINDS = {"镇": "town", "乡": "township", "街道": "subdistrict"}


@dataclass(frozen=True)
class Made:
    """A world as it was crawled: its tree's rows, who owns each site, and what each address holds."""

    rows: Sequence[dict[str, str]]
    owners: Mapping[str, str]
    reports: Sequence[WorldReport]


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
        rows.append(_row(f"97{1 + number // 60:02d}{number % 60 + 21:02d}", name, _KINDS[name[-1]], "county", ids[cities[0]]))
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
    return pickle.loads(noted.read_bytes())[1]  # noqa: S301  # written above


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
    for how in ("with the site's division", "without", "with, names twice"):
        divisions = write_tree(folder / "divisions.csv", tree_of(owners, reports, twins=how.endswith("twice")))
        sites = {key: _site(key, owner, divisions, is_coded=how != "without") for key, owner in owners.items()}
        tally, lines = Tally(), Counter[str]()
        for addresses, clues in told(folder, sites):
            truth = next((at[url] for url in sorted(addresses) if url in at), None)
            if truth is None:
                lines["not one of the world's reports"] += 1
                continue
            found = identify(clues, divisions)
            key = right_key(truth, owners[truth.site], divisions)
            tally.add(found, found.agency_key == key)
            if found.agency_key != key:
                lines[f"{found.status} {found.name or found.why}: {truth.issuer} ({key}); issuer read {clues.issuer!r}"] += 1
        load.cache_clear()
        yield how, tally, [f"{count:4d} {line}" for line, count in lines.most_common()]


def _site(key: str, owner: str, divisions: Divisions, *, is_coded: bool) -> Site:
    places = [each for each in divisions.named(owner) if each.level != "township"]
    code = places[0].spans()[-1][0] if places and is_coded else ""
    return replace(Site(key, name=owner), level=places[0].level if places else "township", region_code=code)


def main() -> int:
    """Prints all figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity_worlds", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the worlds' archives lie, or will")
    parser.add_argument("--lines", type=int, default=12, help="how many wrong and open answers to name")
    options = parser.parse_args()
    wrong = 0
    for world in WORLDS:
        for how, tally, lines in measure(world, options.folder / world):
            print(f"{world:10s} {how:26s} {tally}")
            print("\n".join(f"      {line}" for line in lines[: options.lines]))
            wrong += tally.wrong
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
