"""The sample portal crawled twice: all of it is found and nothing else, politely; then nothing is new."""

from urllib.parse import urljoin

import pytest

from crawler.archive import Archive
from crawler.families import judge
from crawler.items import Failure
from crawler.run import crawl
from sample.manifest import load, registry
from sample.server import Portal, answer

from .crawling import SETTINGS, captures, failures, free_port, keeps_its_distance, listings, of_kind, runs

DELAY = 0.08
MANIFEST = load()
SITES = {site.id: site for site in MANIFEST.sites}


class Crawled:
    """Both crawls: the archive, the runs, and what the portal was asked in each."""

    def __init__(self, root):
        self.root = root
        with Portal(port=free_port("127.0.0.11")) as portal:
            self.port = portal.port
            for site in MANIFEST.sites:
                answer(site, site.start_path)  # the pages are made now, so that the log's times are those of requests
            self.first = self._crawl()
            self.asked = list(portal.log)
            self.second = self._crawl()
            self.asked_again = portal.log[len(self.asked) :]

    def _crawl(self):
        settings = {**SETTINGS, "DOWNLOAD_DELAY": DELAY, "DOWNLOAD_DELAY_JITTER": 0}
        return crawl(
            registry(self.port),
            archive_root=self.root,
            holds="sample",
            allow_addresses=["127.0.0.8/29"],
            workers=2,
            settings=settings,
        )

    def url(self, site_id, path):
        return urljoin(f"http://{SITES[site_id].address}:{self.port}/", path)

    def captures(self, site_id, run):
        run_id = next(found.run_id for found in run if found.site_id == site_id)
        return [capture for capture in captures(self.root, site_id) if capture.run_id == run_id]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    return Crawled(tmp_path_factory.mktemp("sample") / "archive")


def test_every_run_is_ok_and_in_the_order_asked_for(crawled):
    assert [run.site_id for run in crawled.first] == list(SITES)
    assert {run.verdict for run in crawled.first} == {"ok"}
    assert all(run.finished_at >= run.started_at for run in crawled.first)
    assert list(Archive(crawled.root).verify()) == []


def test_every_page_and_attachment_of_the_manifest_is_in_the_archive_byte_for_byte(crawled):
    archive = Archive(crawled.root)
    for report in MANIFEST.reports:
        kept = {capture.url: capture for capture in crawled.captures(report.site, crawled.first)}
        for path in (report.page, *report.attachments):
            capture, sent = kept[crawled.url(report.site, path)], answer(SITES[report.site], path)
            while capture.location:
                capture = kept[capture.location]
                sent = answer(SITES[report.site], "/" + capture.url.split("/", 3)[3])
            assert (capture.status, archive.get(capture)) == (200, sent.body)


def test_every_report_is_listed_once_with_its_attachments(crawled):
    for site_id in SITES:
        listed = [listing for listing in listings(crawled.root, site_id) if listing.verdict == "report"]
        assert len(listed) == len({(listing.run_id, listing.url) for listing in listed})
        listed = {listing.url: listing for listing in listed}
        for report in MANIFEST.of(site_id):
            listing = listed[crawled.url(site_id, report.page)]
            assert listing.title == report.title
            assert listing.published_on == report.published_on
            assert listing.attachments == tuple(crawled.url(site_id, path) for path in report.attachments)


def test_what_cannot_be_had_is_a_failure_of_its_kind(crawled):
    assert MANIFEST.unavailable
    for other in MANIFEST.unavailable:
        assert failures(crawled.root, other.site)[other.path] == other.what
    noted = [f for site_id in SITES for f in of_kind(crawled.root, site_id, Failure)]
    assert {"/" + f.url.split("/", 3)[3] for f in noted} == {other.path for other in MANIFEST.unavailable}


def test_decoys_are_left_with_a_reason_and_never_asked_for(crawled):
    told_by_title = [decoy for decoy in MANIFEST.decoys if judge(decoy.title)[0] != "report"]
    assert len(told_by_title) >= 5
    for decoy in told_by_title:
        url = crawled.url(decoy.site, decoy.path)
        skipped = [listing for listing in listings(crawled.root, decoy.site) if listing.url == url]
        assert {(listing.verdict, bool(listing.reason)) for listing in skipped} == {("skipped", True)}
        assert not [asked for asked in crawled.asked if url.endswith(asked.path) and decoy.path.startswith("/")]


def test_the_portal_never_sees_two_requests_at_once_at_an_address(crawled):
    assert len(crawled.asked) > len(MANIFEST.reports)
    assert {asked.in_flight for asked in crawled.asked + crawled.asked_again} == {1}


@pytest.mark.parametrize("site_id", SITES)
def test_requests_to_an_address_keep_their_distance(crawled, site_id):
    delay = 0.1 if site_id == "lanting" else DELAY  # the Crawl-delay of its robots.txt
    for log in (crawled.asked, crawled.asked_again):
        times = [asked.at for asked in log if asked.address == SITES[site_id].address]
        keeps_its_distance(times, delay)


def test_robots_txt_is_asked_first_and_what_it_closes_never(crawled):
    for site in MANIFEST.sites:
        paths = [asked.path for asked in crawled.asked if asked.address == site.address]
        assert paths[0] == "/robots.txt"
        assert len(paths) == len(set(paths))
    closed = [other.path for other in MANIFEST.unavailable if other.what == "robots"]
    assert closed
    assert not [
        asked for asked in crawled.asked + crawled.asked_again if asked.path in closed or "/neibu/" in asked.path
    ]


def test_the_second_crawl_brings_nothing_new(crawled):
    assert {run.site_id: run.verdict for run in crawled.second} == dict.fromkeys(SITES, "nothing_new")
    for site_id in SITES:
        before = {capture.sha256 for capture in crawled.captures(site_id, crawled.first)}
        again = crawled.captures(site_id, crawled.second)
        assert {capture.sha256 for capture in again} <= before
        assert all(capture.revisit_of or capture.size == 0 for capture in again)
        assert len(again) == len(crawled.captures(site_id, crawled.first))


def test_the_second_crawl_asks_what_changed_where_the_site_can_tell(crawled):
    statuses = {
        site_id: [a.status for a in crawled.asked_again if a.address == SITES[site_id].address] for site_id in SITES
    }
    assert 304 not in statuses.pop("maipu")  # it sends no validators
    for found in statuses.values():
        assert 200 not in found
        assert 304 in found


def test_both_crawls_list_the_same_and_have_two_runs(crawled):
    for site_id in SITES:
        first, second = (next(r for r in found if r.site_id == site_id) for found in (crawled.first, crawled.second))
        assert first.counts["reports"] == second.counts["reports"] == len(MANIFEST.of(site_id)) + _taken(site_id)
        assert first.run_id != second.run_id
        assert {run.run_id for run in runs(crawled.root, site_id)} == {first.run_id, second.run_id}


def _taken(site_id):
    """Decoys whose title is that of a report: only reading them tells."""
    here = [decoy for decoy in MANIFEST.decoys if decoy.site == site_id and decoy.path.startswith("/")]
    return sum(judge(decoy.title)[0] == "report" for decoy in here)
