"""Any number of read reports of a country that does not exist: records of the crawl, and readings, from a seed.

Layouts, places and prose are those of the sample portal's documents as they are read; names and numbers are drawn anew.
As in real reports most numbers are 0 (some 12 of 200 are not). The same seed gives the same reports.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.documents import documents
from crawler.items import Capture, Listing, Run, Site
from extract.identity.divisions import COLUMNS
from extract.reading import read
from extract.records import Cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from extract.records import Reading, Report

YEARS = tuple(range(2018, 2026))
_FIRST = "云岚砚棠栖桐梅鹤枫芦苇青石樵萤落鸥竹松麦雁汀漱霁晴澄溪泠渚沚"
_SECOND = "岫汀池浦溪坞鸣渡汀塘笠榴风河雁岭泉篙隐浦荻垄樟栗湾陂埠洲墩"
_ORGANS = ("教育局", "财政局", "水务局", "自然资源局", "市场监督管理局")
_TOWNS = 4
_SHARE_OF_ZEROS = 0.94
UNITS = 1 + len(_ORGANS) + _TOWNS
PER_SITE = UNITS * len(YEARS)
"""Reports of one county's site: its government, departments and towns through the years."""


@dataclass(frozen=True)
class County:
    """One county, whose site publishes the reports of all its bodies."""

    number: int
    prefecture: str
    name: str
    towns: tuple[str, ...]

    @property
    def site(self) -> Site:
        """Its line of the registry."""
        return Site(
            id=f"c{self.number}",
            start_url=f"http://c{self.number}.example/",
            name=f"{self.name}人民政府",
            level="county",
            region_code=f"{900000 + self.number}",
        )

    @property
    def bodies(self) -> tuple[str, ...]:
        """The names of those that report, as they sign."""
        return (
            f"{self.name}人民政府",
            *(f"{self.name}{organ}" for organ in _ORGANS),
            *(f"{self.name}{town}人民政府" for town in self.towns),
        )


def counties(count: int) -> Iterator[County]:
    """That many counties, ten to a prefecture, each name once."""
    names = _names()
    for number in range(count):
        towns = tuple(f"{names[(number * 7 + k * 131) % len(names)]}镇" for k in range(_TOWNS))
        prefecture = names[(number // 10) % len(names)]
        rank, place = divmod(number, len(names))
        yield County(number, f"{prefecture}市", f"{names[place]}{'县区市旗'[rank % 4]}", towns)


def write_divisions(folder: Path, of: Iterable[County]) -> None:
    """The tree that the counties stand in, as a config directory's divisions.csv."""
    lines = [",".join(COLUMNS), _line("800000", "云岫省", "province", "province", "")]
    prefectures: set[str] = set()
    for county in of:
        above = f"8{county.number // 10 + 1:05}"
        if above not in prefectures:
            prefectures.add(above)
            lines.append(
                _line(above, f"{county.prefecture[:-1]}{county.number // 10}市", "city", "prefecture", "800000")
            )
        code = county.site.region_code
        lines.append(_line(code, county.name, "county", "county", above))
        lines += [_line(f"{code}10{place}", town, "town", "township", code) for place, town in enumerate(county.towns)]
    (folder / "divisions.csv").write_text("\n".join(lines) + "\n", "utf-8")


def _line(code: str, name: str, kind: str, level: str, above: str) -> str:
    parent = f"{above}-2015" if above else ""
    return ",".join((f"{code}-2015", name, kind, level, parent, "2015", "", "", "", f"{code}:2015-2023"))


def _names() -> list[str]:
    names = [a + b for a in _FIRST for b in _SECOND if a != b]
    random.Random(7).shuffle(names)  # a sample, not a secret
    return list(dict.fromkeys(names))


@dataclass(frozen=True)
class Batch:
    """What one county's site brings: the crawl's records, and the reading of each document in order of its capture."""

    county: County
    records: Sequence[Site | Run | Listing | Capture]
    readings: Sequence[Reading]


class Country:
    """Makes counties' reports; holds the layouts that they are printed in."""

    def __init__(self, seed: int = 20261125) -> None:
        self._seed = seed
        read_ones = [read(sample.data, name=sample.name) for sample in documents()]
        self._layouts = [one for one in read_ones if one.report and one.report.form and len(one.report.cells) > 150]

    def batch(self, county: County, years: Sequence[int] = YEARS) -> Batch:
        """The county's reports of those years."""
        dice = random.Random(f"{self._seed} {county.number}")  # a sample, not a secret
        run = Run(
            run_id=f"{county.site.id}-1",
            site_id=county.site.id,
            started_at="2026-03-01T00:00:00Z",
            code_version="1",
            finished_at="2026-03-01T01:00:00Z",
            verdict="ok",
        )
        records: list[Site | Run | Listing | Capture] = [county.site, run]
        readings: list[Reading] = []
        for body in county.bodies:
            for year in years:
                reading = self._reading(body, year, dice)
                url = f"http://c{county.number}.example/zwgk/zfxxgknb/{year + 1}02/t{len(readings):08}.html"
                records += _recorded(county, url, reading)
                readings.append(reading)
        return Batch(county, records, readings)

    def _reading(self, body: str, year: int, dice: random.Random) -> Reading:
        layout = dice.choice(self._layouts)
        report = layout.report
        assert report is not None
        title = f"{body}{year}年政府信息公开工作年度报告"
        old = report.issuer or "本机关"
        text = f"{layout.text.replace(old, body)}\n编号{dice.getrandbits(60)}"
        sections = {key: words.replace(old, body) for key, words in report.sections.items()}
        return replace(
            layout,
            sha256=hashlib.sha256(f"{body} {year} {self._seed}".encode()).hexdigest(),
            reader="gongkai-synthetic",
            text=text,
            report=replace(
                report, title=title, issuer=body, year=year, published_on=f"{year + 1}-01-{dice.randint(5, 28):02}",
                cells=_cells(report, dice), sections=sections,
            ),
        )  # fmt: skip


def _cells(report: Report, dice: random.Random) -> dict[str, Cell]:
    """The cells with numbers drawn anew; those without a number stay as they are."""
    cells = {}
    for key, cell in report.cells.items():
        if cell.value is None:
            cells[key] = cell
            continue
        value = 0 if dice.random() < _SHARE_OF_ZEROS else int(dice.expovariate(1 / 40)) + 1
        cells[key] = Cell(key, value, str(value), "number", cell.confidence, cell.place)
    return cells


def _recorded(county: County, url: str, reading: Reading) -> tuple[Listing, Capture]:
    report = reading.report
    assert report is not None
    listing = Listing(
        run_id=f"{county.site.id}-1",
        site_id=county.site.id,
        url=url,
        title=report.title,
        found_on=f"http://c{county.number}.example/zwgk/zfxxgknb/",
        verdict="report",
        published_on=report.published_on,
    )
    capture = Capture(
        run_id=f"{county.site.id}-1",
        site_id=county.site.id,
        url=url,
        fetched_at="2026-03-01T00:30:00Z",
        status=200,
        claimed_type=reading.media_type,
        sniffed_type=reading.media_type,
        size=reading.size,
        sha256=reading.sha256,
        payload_digest="",
        warc=f"{county.site.id}/2026.warc.gz",
        offset=1000,
        length=900,
        record_id=f"<urn:uuid:{reading.sha256[:32]}>",
    )
    return listing, capture
