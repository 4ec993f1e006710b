"""The families' fixtures served as sites and crawled: reports by year alone, pages counted down, downloads by Referer."""

from urllib.parse import urlsplit

import pytest

from crawler.items import Listing, Site
from crawler.run import crawl

from .crawling import SETTINGS, captures, failures, of_kind, serving
from .families import fixtures

STARTS = {
    "webplus": "/zfxxgk/zfxxgknb.htm",
    "lonsun": "/public/column/551?type=3",
    "nfcms": "/zwgk/zfxxgknb/",
    "xxgk": "/OpennessAnnualReport/year/show/341/2023.html",
}
DOWNLOAD = "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1358721784&wbfileid="
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def path_of(url):
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def only_from(article):
    """What some hosts do with downloads: a page unless the article is the Referer."""

    def answer(handler):
        asked_from = path_of(handler.headers.get("Referer", ""))
        handler.reply(PDF if asked_from == article else b"<html><body>no such file</body></html>")

    return answer


def routes(url):
    pages = {
        path_of(page.url): page.text.replace("http://www.lanting.example", url).encode()
        for family in STARTS
        for page in fixtures.pages(family).values()
    }
    downloads = {DOWNLOAD + number: only_from("/info/1023/5521.htm") for number in ("9012", "9013")}
    documents = ("/__local/A/1B/C2/report.pdf", "/group1/2023.docx", "/attachment/0/537/537001/8780034.docx")
    return {**pages, **downloads, **dict.fromkeys(documents, PDF)}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """(archive root, what was asked) of one crawl of one server."""
    root = tmp_path_factory.mktemp("fixtures") / "archive"
    with serving("127.0.0.45") as server:
        server.routes = routes(server.url)
        sites = [Site(id=name, start_url=server.url + path) for name, path in STARTS.items()]
        crawl(sites, archive_root=root, allow_addresses=["127.0.0.45/32"], settings=SETTINGS)
        yield root, server.asked


def reports(root, site_id):
    return {path_of(one.url): one for one in of_kind(root, site_id, Listing) if one.verdict == "report"}


def test_a_download_that_wants_to_know_the_article_is_had(crawled):
    root, _ = crawled
    listing = reports(root, "webplus")["/info/1023/5521.htm"]
    assert [path_of(url) for url in listing.attachments][1:] == [DOWNLOAD + "9012", DOWNLOAD + "9013"]
    kinds = {path_of(one.url): one.sniffed_type for one in captures(root, "webplus")}
    assert kinds[DOWNLOAD + "9012"] == kinds[DOWNLOAD + "9013"] == "application/pdf"
    assert not [path for path in failures(root, "webplus") if path.startswith("/system/")]


def test_pages_counted_down_are_all_asked_and_none_that_the_pager_does_not_name(crawled):
    root, asked = crawled
    pages = {path for path in asked if path.startswith("/zfxxgk/zfxxgknb/") and path.count("/") == 3}
    assert pages - {"/zfxxgk/zfxxgknb/n2022n.htm"} == {f"/zfxxgk/zfxxgknb/{number}.htm" for number in (1, 2, 3)}
    assert "/info/1023/552.htm" in failures(root, "webplus")  # called by its agency alone, and not served here


def test_a_year_of_a_column_is_a_report_with_its_document(crawled):
    root, asked = crawled
    found = reports(root, "lonsun")["/public/column/551?type=3&nav=5&sub=4&timeFrame=2023&hasContent=true"]
    assert (found.title, found.publisher, found.published_on) == (
        "岚汀县人民政府2023年政府信息公开工作年度报告",
        "岚汀县人民政府办公室",
        "2024-01-25",
    )
    assert [path_of(url) for url in found.attachments] == ["/group1/2023.docx"]
    assert not [path for path in asked if "hasContent=false" in path or "type=4" in path or "type=2" in path]
    assert {"/public/column/552?type=3", "/public/column/553?type=3&nav=5"} <= set(asked)


def test_a_page_that_was_tried_and_is_not_there_is_no_loss(crawled):
    root, asked = crawled
    assert "/zwgk/zfxxgknb/index_2.html" in asked
    assert "/zwgk/zfxxgknb/index_2.html" not in failures(root, "nfcms")
    assert reports(root, "nfcms")["/zwgk/zfxxgknb/content/post_8780034.html"].publisher == "岚汀县人民政府办公室"


def test_the_years_of_an_agency_are_followed(crawled):
    root, asked = crawled
    assert {f"/OpennessAnnualReport/year/show/341/{year}.html" for year in (2021, 2022)} <= set(asked)
    assert len(failures(root, "xxgk")) == 2  # these two are not served here
