"""A database of made-up reports of the sample's county, without files, crawls or reading: what is derived, in a moment."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace

from crawler.items import Capture, Failure, Listing, Run, Site
from extract import pipeline
from extract.records import Cell, GridPlace, Reading, Report
from extract.store.basis import read_basis
from extract.store.derive import derive
from extract.store.digest import table_digests
from extract.store.load import load_records
from extract.store.readings import ReadingWriter

COUNTY = Site(id="county", start_url="http://county.example/", name="岚汀县", level="county", region_code="990101")
DAY = "2025-04-05T08:00:00Z"
RECEIVED, CARRIED_IN, CARRIED_OUT = (f"requests.{row}.total" for row in ("received_new", "carried_in", "carried_out"))
HEAD = "kind,from,to,where,year,reason,source\n"


def config(folder, agencies="", more_divisions=""):
    """A config directory with the sample's divisions, and these decisions."""
    folder.mkdir(exist_ok=True)
    shutil.copy(pipeline.config_of("sample") / "divisions.csv", folder)
    with (folder / "divisions.csv").open("a", encoding="utf-8") as file:
        file.write(more_divisions)
    (folder / "agencies.csv").write_text(HEAD + agencies, "utf-8")
    return folder


def address(issuer, year, site=COUNTY):
    return f"{site.start_url}{hashlib.sha256(f'{issuer} {year}'.encode()).hexdigest()[:8]}.html"


class Made:
    """Reports are told one by one; ``derive`` brings the tables up to date."""

    def __init__(self, db, config_folder=None):
        self.db = db
        self.basis = read_basis(config_folder or pipeline.config_of("sample"), "test")
        self.runs = 0

    def site(self, site=COUNTY, verdict="ok", at=DAY):
        self.runs += 1
        run = Run(run_id=f"{site.id}-{self.runs}", site_id=site.id, started_at=at, code_version="t", finished_at=at,
                  verdict=verdict)  # fmt: skip
        load_records(self.db, site.id, [site, run], {})

    def received(self, url, sha256, site=COUNTY, at=DAY, status=200, location=""):
        load_records(self.db, site.id, [capture(site, url, sha256, at, status, location)], {})

    def lost(self, url, kind, title="", site=COUNTY, at=DAY):
        message = f"it is lost; listed as {title}"
        failure = Failure(run_id="r", site_id=site.id, url=url, failed_at=at, kind=kind, message=message)
        load_records(self.db, site.id, [failure], {})

    def listed(self, url, title="年报", attachments=(), site=COUNTY):
        about = {"title": title, "found_on": site.start_url, "verdict": "report", "attachments": tuple(attachments)}
        load_records(self.db, site.id, [Listing(run_id="r", site_id=site.id, url=url, **about)], {})

    def read(self, sha256, issuer="", year=None, cells=(), *, error="", reader="r1", media_type="text/html", **more):
        """What was read of a document; ``cells``: key -> number, or None for an empty one."""
        text = more.pop("text", "")
        told = None if error else report(issuer, year, dict(cells), **more)
        reading = Reading(sha256, 9, media_type, reader, text=text, report=told, error=error)
        ReadingWriter(self.db).write([[(reading, None)]])

    def told(self, issuer, year, cells=(), *, site=COUNTY, at=DAY, url="", attachments=(), **more):
        """A report on a page of its own."""
        url = url or address(issuer, year, site)
        sha256 = more.pop("sha256", hashlib.sha256(f"{url} {issuer} {year} {at}".encode()).hexdigest())
        self.received(url, sha256, site, at)
        self.listed(url, attachments=attachments, site=site)
        self.read(sha256, issuer, year, cells, **more)
        return url

    def derive(self):
        derive(self.db, self.basis)

    def rows(self, sql, *values):
        return [tuple(row) for row in self.db.execute(sql, values)]

    def digests(self):
        return {table: (rows, digest) for table, rows, digest in table_digests(self.db)}

    def same_as_anew(self):
        """Which tables would come out otherwise if everything was derived anew from the rows that were loaded."""
        before = self.digests()
        derive(self.db, replace(self.basis, digest=f"{self.basis.digest} again"))
        return not [table for table, said in self.digests().items() if said != before[table]]


def report(issuer, year, cells, *, title=None, scope="own_office", form="2021", published_on="", sections=()):
    made = {
        key: Cell(key, value, "" if value is None else str(value), "blank" if value is None else "number", 1.0,
                  GridPlace(0, row, 0))
        for row, (key, value) in enumerate(cells.items())
    }  # fmt: skip
    title = f"{issuer}{year}年政府信息公开工作年度报告" if title is None else title
    return Report("report", title=title, issuer=issuer, year=year, form=form, scope=scope, published_on=published_on,
                  cells=made, sections=dict(sections), confidence=1.0)  # fmt: skip


def capture(site, url, sha256, at, status=200, location=""):
    return Capture(
        run_id="r", site_id=site.id, url=url, fetched_at=at, status=status, claimed_type="text/html",
        sniffed_type="text/html", size=9, sha256=sha256, payload_digest="", warc=f"{site.id}/1.warc.gz",
        offset=int(hashlib.sha256(f"{url}{at}{sha256}".encode()).hexdigest()[:6], 16), length=9, record_id=f"<{url} {at}>",
        location=location,
    )  # fmt: skip
