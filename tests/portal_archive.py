"""An archive with pages of the fictional county in it, put there without a crawl."""

from __future__ import annotations

from crawler.archive import Archive, Exchange
from crawler.items import Listing, Run, Site
from sample.manifest import load
from sample.server import answer

MANIFEST = load()
SITES = {site.id: site for site in MANIFEST.sites}
HOST = "http://county.example"


def report(issuer, year):
    return next(r for r in MANIFEST.reports if r.issuer == issuer and r.year == year)


def body(issuer, year, path=None):
    wanted = report(issuer, year)
    return answer(SITES[wanted.site], path or wanted.page).body


class Builder:
    """Puts pages and listings into an archive's site, a run at a time."""

    def __init__(self, root, site_id="county", **site):
        self.archive = Archive(root, holds="sample")
        self.site = Site(id=site_id, start_url=HOST + "/", **site)
        self.runs = 0

    def run(self, pages, listings, at="2024-02-01T08:00:00Z"):
        self.runs += 1
        run = Run(run_id=f"{self.site.id}-{self.runs}", site_id=self.site.id, started_at=at, code_version="test")
        with self.archive.writer(self.site.id) as writer:
            writer.note(self.site, at)
            writer.note(run, at)
            for url, data in pages.items():
                status, given = data if isinstance(data, tuple) else (200, data)
                headers = ((b"Content-Type", b"text/html"),)
                if status == 302:
                    headers, given = ((b"Location", given),), b""
                writer.put(
                    Exchange(url=HOST + url, fetched_at=at, status=status, body=given, response_headers=headers),
                    run.run_id,
                )
            for url, attachments in listings.items():
                linked = tuple(HOST + a for a in attachments)
                fields = {"title": "年报", "found_on": HOST + "/", "verdict": "report", "attachments": linked}
                writer.note(Listing(run_id=run.run_id, site_id=self.site.id, url=HOST + url, **fields), at)
        return run
