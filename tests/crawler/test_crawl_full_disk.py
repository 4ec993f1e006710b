"""The archive takes no more: the run has no end, the site is left in peace, and the next crawl goes on and loses nothing."""

import datetime as dt
import random
import resource
from collections import Counter
from contextlib import contextmanager

import pytest

from crawler.archive import Archive, ArchiveFullError
from crawler.items import Listing, Site
from crawler.recorder import Recorder
from crawler.run import crawl

from .crawling import SETTINGS, captures, column, failures, listings, runs, serving

TOWN = Site(id="town", start_url="http://town.example/nb/")


@contextmanager
def full_at(size):
    """Files may not grow beyond so many bytes: those of this process and of the crawling ones that it begins."""
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))


def recorder_of(archive):
    return Recorder(archive, TOWN, now=lambda: dt.datetime.now(dt.UTC), code_version="1")


def listing(recorder, number):
    url = f"http://town.example/{number}.html"
    return Listing(
        run_id=recorder.run.run_id, site_id="town", url=url, found_on=TOWN.start_url, title="t", verdict="report"
    )


def test_a_run_whose_note_found_no_room_has_no_end_and_is_continued(tmp_path):
    archive = Archive(tmp_path, holds="sample")
    recorder = recorder_of(archive)
    recorder.note(listing(recorder, 1))
    with full_at(100), pytest.raises(ArchiveFullError):
        recorder.note(listing(recorder, 2))
    recorder.note(listing(recorder, 3))  # there is room again, but one is lost to this process
    assert recorder.end("finished").verdict == "archive_failed"
    assert [run.finished_at for run in runs(tmp_path, "town")] == [""]
    assert len(listings(tmp_path, "town")) == 1

    again = recorder_of(archive)
    assert again.run.run_id == recorder.run.run_id
    for number in (1, 2, 3):
        again.note(listing(again, number))
    assert again.end("finished").counts == {"reports": 3}
    assert len(listings(tmp_path, "town")) == 3


@pytest.mark.parametrize("moment", ["beginning", "end"])
def test_a_run_that_cannot_begin_or_end_gives_its_site_back(tmp_path, moment):
    archive = Archive(tmp_path, holds="sample")
    if moment == "beginning":
        with full_at(100), pytest.raises(ArchiveFullError):
            recorder_of(archive)
    else:
        recorder = recorder_of(archive)
        with full_at(100), pytest.raises(ArchiveFullError):
            recorder.end("finished")
    again = recorder_of(archive)  # in the same process
    assert again.resumed == (moment == "end")
    again.end("finished")
    assert list(archive.verify()) == []


def test_a_listing_that_found_no_room_is_not_lost_where_smaller_records_still_find_some(tmp_path):
    chance = random.Random(7)
    documents = [f"/{chance.randbytes(100).hex()}.pdf" for _ in range(60)]
    links = "".join(f'<p><a href="{path}">附件{number}</a></p>' for number, path in enumerate(documents))
    page = f"<html><body>{links}</body></html>".encode()
    with serving() as server:
        server.routes = {"/nb/": column("/1.html"), "/1.html": page, **dict.fromkeys(documents, b"%PDF-1.4 report")}
        given = {"archive_root": tmp_path, "allow_addresses": ["127.0.0.0/8"], "settings": SETTINGS}
        site = Site(id="town", start_url=server.url + "/nb/")
        with full_at(14_000):  # the page of 60 long links has room, the note of them beside it has none
            (run,) = crawl([site], **given)
        assert run.verdict == "interrupted"
        assert "/1.html" in server.asked
        assert len(server.asked) <= 4  # one request may have been under way
        assert list(Archive(tmp_path).verify()) == []
        (run,) = crawl([site], **given)
    assert run.verdict == "ok"
    (found,) = listings(tmp_path, "town")
    assert len(found.attachments) == len(documents)
    assert set(Counter(server.asked).values()) == {1}
    assert set(Counter(capture.url for capture in captures(tmp_path, "town")).values()) == {1}
    assert failures(tmp_path, "town") == {}
