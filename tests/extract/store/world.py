"""An archive in which all happens that may happen to reports, and databases made of it in any order."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace

from crawler.archive.ingest import ingest
from crawler.items import Failure, Listing
from extract import pipeline
from extract.reading import read_members
from extract.records import Reading
from extract.search_text import unigrams
from extract.store import wanted
from extract.store.basis import Basis, read_basis
from extract.store.database import open_for_writing
from extract.store.derive import derive, find_leads
from extract.store.digest import table_digests
from extract.store.load import load_records
from extract.store.readings import NOT_HAD, ReadingWriter
from tests.portal_archive import HOST, Builder, body, report

WATER, LATER_WATER, HEALTH, SCHOOLS = "岚汀县水务局", "岚汀县水利局", "岚汀县卫生健康局", "岚汀县教育局"
COUNTY, OFFICE, TOWN, STREET = "岚汀县人民政府", "岚汀县人民政府办公室", "砚池镇人民政府", "鹤汀街道办事处"
KEY = "disclosure.licensing_decisions"
READER, NEWER = "reader-1", "reader-2"
NOBODY = "<html><title>2019年政府信息公开工作年度报告</title><p>主动公开信息12条。</p></html>".encode()
DAYS = tuple(f"202{year}-0{month}-05T08:00:00Z" for year in (4, 5, 6) for month in (1, 2, 4, 6))


def altered(issuer, year, by=5):
    """The report with another number of licences."""
    first = body(issuer, year)
    value = int(report(issuer, year).cells[KEY])
    second = first.replace(f">{value}<".encode(), f">{value + by}<".encode(), 1)
    assert second != first
    return second


class Site(Builder):
    """A site whose runs end, list pages under titles, and lose pages."""

    def visit(self, at, pages, listings, *, lost=(), verdict="ok", publisher="", **site):
        """``listings``: address -> title, or (title, attachments). ``lost``: (address, kind of failure, title)."""
        self.site = replace(self.site, **site)
        run = super().run(pages, {}, at)
        ended = replace(run, finished_at=at, verdict=verdict)
        with self.archive.writer(self.site.id) as writer:
            for url, listed in listings.items():
                title, attachments = (listed, ()) if isinstance(listed, str) else listed
                linked = tuple(HOST + each for each in attachments)
                about = {
                    "title": title,
                    "found_on": HOST + "/",
                    "verdict": "report",
                    "attachments": linked,
                    "publisher": publisher,
                }
                writer.note(Listing(run_id=run.run_id, site_id=self.site.id, url=HOST + url, **about), at)
            for url, kind, title in lost:
                message = f"it is lost; listed as {title}" if title else "it is lost"
                about = {"failed_at": at, "kind": kind, "message": message}
                writer.note(Failure(run_id=run.run_id, site_id=self.site.id, url=HOST + url, **about), at)
            writer.note(ended, at)


def annual(issuer, year):
    return f"{issuer}{year}年政府信息公开工作年度报告"


def portal(root, folder):
    """Three sites and what was taken from elsewhere."""
    county = Site(root, "county", name="岚汀县", agency=COUNTY, level="county", region_code="990101")
    first = {f"/gov/{year}.html": body(COUNTY, year) for year in (2021, 2022)}
    first |= {f"/water/{year}.html": body(WATER, year) for year in (2021, 2022)}
    first |= {"/town.html": body(TOWN, 2021), "/2022/town.html": body(TOWN, 2022), "/moves.html": body(SCHOOLS, 2021)}
    titles = dict.fromkeys(first, "年报")
    lost = [("/health/2022.html", "refused", annual(HEALTH, 2022)), ("/gone.html", "timeout", annual(TOWN, 2020))]
    county.visit(DAYS[0], first, titles, lost=lost)
    cover = "<html><title>2023年政府信息公开工作年度报告</title><p>各单位年度报告见附件</p></html>".encode()
    health = report(HEALTH, 2022)
    document = body(HEALTH, 2022, "/attach/0/" + health.attachments[0].rsplit("=", 1)[1])
    county.visit(
        DAYS[1],
        {
            "/water/2022.html": altered(WATER, 2022),
            "/gov/2021.html": (404, b"<html>gone</html>"),
            "/all.html": cover, "/1.html": body(WATER, 2023), "/2.html": body(TOWN, 2023),
            "/town.html": body(TOWN, 2021).replace(b"2021", b"2019"),
            "/moves.html": (302, b"/moved.html"),
            "/health.html": body(HEALTH, 2022),
        },
        {"/all.html": ("汇总", ("/1.html", "/2.html")), "/moves.html": "年报", "/health.html": ("年报", ("/health.docx",))},
        lost=[("/gov/2021.html", "gone", "")],
    )  # fmt: skip
    county.visit(
        DAYS[2],
        {
            "/water/2022.html": body(WATER, 2022),
            "/moved.html": altered(SCHOOLS, 2021, 3),
            "/health.docx": document,
            "/again.html": body(COUNTY, 2022) + b"<!-- again -->",
            "/gov/2021.html": (404, b"<html>gone</html>"),
            "/1.html": (302, b"/elsewhere.html"),
            "/elsewhere.html": altered(WATER, 2023),
        },
        {"/again.html": "年报", "/gov/2022.html": annual(COUNTY, 2022), "/all.html": ("汇总", ("/1.html",))},
        lost=[("/gov/2021.html", "gone", "")],
    )
    county.visit(DAYS[3], {}, {}, verdict="blocked")
    back = {"/1.html": body(WATER, 2023), "/moves.html": (302, b"/moved/twice.html")}
    zipped = _zip({"甲.html": body(LATER_WATER, 2024), "乙.html": body(STREET, 2023), "丙.html": body(STREET, 2022)})
    back |= {"/moved/twice.html": altered(SCHOOLS, 2021, 7), "/all.zip": zipped, "/nobody.html": NOBODY}
    pages = back | {"/office.html": body(OFFICE, 2023)}
    listed = {"/office.html": "年报", "/nobody.html": "年报", "/zip.html": ("各单位", ("/all.zip",))}
    county.visit(DAYS[5], pages, listed, region_code="990101")
    county.visit(DAYS[6], {}, {"/nobody.html": annual(WATER, 2019)}, publisher=WATER)

    bureaus = Site(root, "bureaus", name="各部门", agency="", level="county", region_code="")
    plain = (
        "<html><title>水务局2020年政府信息公开工作年度报告</title><p>水务局2020年主动公开信息12条。</p></html>".encode()
    )
    bureaus.visit(DAYS[0], {"/b/1.html": plain}, {"/b/1.html": "水务局2020年政府信息公开工作年度报告"})
    pages = {"/b/2.html": body(LATER_WATER, 2024), "/b/3.html": body(HEALTH, 2023), "/b/4.html": body(COUNTY, 2023)}
    bureaus.visit(DAYS[4], pages, dict.fromkeys(pages, "年报"), region_code="990101")
    bureaus.visit(DAYS[6], {"/b/5.html": body(LATER_WATER, 2025)}, {"/b/5.html": "年报"}, agency=WATER)

    town = Site(root, "a-town", name="柳笙镇", agency="柳笙镇人民政府", level="township", region_code="990101")
    town.visit(DAYS[1], {}, {}, verdict="robots")
    town.visit(
        DAYS[6],
        {"/t.html": body("柳笙镇人民政府", 2024), "/water/2021.html": body(WATER, 2021)},
        {"/t.html": "年报", "/water/2021.html": "年报"},
        region_code="990101101",
        lost=[("/t2.html", "robots", annual("柳笙镇人民政府", 2022))],
    )

    files = {"gov.html": body(COUNTY, 2020), "street.html": body(STREET, 2021)}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    now = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    ingest(root, [folder / name for name in files], holds="sample", now=lambda: now, code_version="t")
    foreign = folder / "foreign.warc.gz"
    foreign.write_bytes(_warc({"/health/2022.html": body(SCHOOLS, 2022), "/unlisted.html": body(STREET, 2022),
                               "/health.docx": document, "/moved.html": body(SCHOOLS, 2021)}))  # fmt: skip
    ingest(root, [foreign], holds="sample", now=lambda: now, code_version="t")
    return county.archive


def _zip(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, content in files.items():
            file.writestr(zipfile.ZipInfo(name), content)
    return data.getvalue()


def _warc(pages):
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    for url, data in pages.items():
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        about = {"WARC-Date": "2023-03-04T05:06:07Z"}
        writer.write_record(
            writer.create_warc_record(
                HOST + url, "response", io.BytesIO(data), len(data), warc_headers_dict=about, http_headers=http
            )
        )
    return file.getvalue()


class World:
    """The records of an archive by site, and what is read of its documents, each of them once."""

    def __init__(self, archive):
        self.archive = archive
        self.streams = {site: [record for _, record in archive.records(site)] for site in archive.site_ids()}
        self.readings = {}
        self.basis: Basis = read_basis(pipeline.config_of("sample"), "test")

    def reading(self, capture):
        if capture.sha256 not in self.readings:
            found = read_members(self.archive.get(capture), name=capture.url)
            self.readings[capture.sha256] = [replace(reading, reader=READER) for reading in found]
        return self.readings[capture.sha256]

    def load(self, db, site, start, end):
        load_records(db, site, self.streams[site][start:end], {})

    def read(self, db, lost=lambda: False):
        """Read what is to be read, and derive. What is ``lost`` the archive does not give this time."""
        unread = wanted.unread(db, lambda _: READER, find_leads(db, self.basis))
        writer = ReadingWriter(db)
        for number, capture in unread:
            not_had = Reading(capture.sha256, capture.size, capture.sniffed_type, NOT_HAD, error="not had")
            readings = [not_had] if lost() else self.reading(capture)
            writer.write([[(reading, number) for reading in readings]])
        derive(db, self.basis)

    def read_newly(self, db):
        """A newer reader reads some of the documents that were read, and sees another number in them."""
        writer = ReadingWriter(db)
        known = db.execute("select distinct sha256 from readings where reader = ?", [READER]).fetchall()
        for (sha256,) in known:
            if int(sha256, 16) % 3 == 0:
                writer.write([[(self._newer(reading), None) for reading in self.readings[sha256]]])

    def _newer(self, reading):
        report_ = reading.report
        if report_ is None or KEY not in report_.cells or report_.cells[KEY].value is None:
            return replace(reading, reader=NEWER)
        cell = report_.cells[KEY]
        cells = {**report_.cells, KEY: replace(cell, value=cell.value + 1, raw=str(cell.value + 1))}
        return replace(reading, reader=NEWER, report=replace(report_, cells=cells))

    def whole(self, path):
        """A database made at once."""
        with open_for_writing(path) as db:
            for site, stream in self.streams.items():
                self.load(db, site, 0, len(stream))
            self.read(db)
            self.read_newly(db)
            derive(db, self.basis)
            return said(db)

    def step_by_step(self, path, dice, lengths=(1, 2, 5, 12, 40)):
        """A database made of pieces of the sites, each of any length, in any order of sites."""
        with open_for_writing(path) as db:
            done = dict.fromkeys(self.streams, 0)
            while left := [site for site, at in done.items() if at < len(self.streams[site])]:
                for site in dice.sample(left, dice.randint(1, len(left))):
                    end = done[site] + dice.choice(lengths)
                    self.load(db, site, done[site], end)
                    done[site] = end
                if dice.random() < 0.3:
                    self.read_newly(db)
                if dice.random() < 0.8:
                    self.read(db, lambda: dice.random() < 0.1)
                if dice.random() < 0.2:
                    self.read_newly(db)
            self.read(db)
            self.read_newly(db)
            derive(db, self.basis)
            return said(db)


def said(db):
    """All that a database says: each table's rows and digest, and every word of the full-text index."""
    return {table: (rows, digest) for table, rows, digest in table_digests(db)} | {"reports_fts": index(db)}


def index(db):
    """Where each word of the index stands: report, column and place."""
    db.execute("drop table if exists temp.vocabulary")
    db.execute("create virtual table temp.vocabulary using fts5vocab(main, reports_fts, instance)")
    return sorted(
        db.execute(
            "select v.term, coalesce(r.report_key, v.doc), v.col, v.offset from temp.vocabulary v left join reports r on r.id = v.doc"
        )
    )


def index_made_anew(db):
    """What the index would hold if it was made of the rows that stand."""
    db.execute("drop table if exists temp.anew")
    db.execute("create virtual table temp.anew using fts5(title, body, tokenize='unicode61 remove_diacritics 0')")
    reports = db.execute("select report_key, title, issuer_printed, current_reading_id from reports").fetchall()
    keys = {}
    for number, (key, title, issuer, reading) in enumerate(reports, 1):
        texts = db.execute("select text from sections where reading_id = ? order by key", [reading]).fetchall()
        words = unigrams(f"{title or ''} {issuer}"), unigrams("\n".join(text for (text,) in texts))
        db.execute("insert into temp.anew (rowid, title, body) values (?, ?, ?)", [number, *words])
        keys[number] = key
    db.execute("drop table if exists temp.vocabulary")
    db.execute("create virtual table temp.vocabulary using fts5vocab(temp, anew, instance)")
    return sorted((term, keys[doc], *at) for term, doc, *at in db.execute("select * from temp.vocabulary"))


__all__ = ["DAYS", "Site", "World", "annual", "portal", "said"]
