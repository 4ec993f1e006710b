"""How far a crawl goes: to the last page and the deepest column, never off the site, not on against walls."""

import json

import pytest

from crawler.archive import Archive
from crawler.items import Failure, Listing, Site
from crawler.run import crawl

from .crawling import SETTINGS, captures, column, fails, failures, listings, of_kind, redirect, serving, title

BODY = "一、总体情况 二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况 五、存在的主要问题及改进情况".encode()
REPORT = b"<html><body>" + BODY + b"</body></html>"


def article(number):
    return f"/bs/c100001/202401/{number:032x}.shtml"


def page(*links):
    anchors = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in links)
    return f"<html><body><ul>{anchors}</ul></body></html>".encode()


def away(other):
    return {
        "/away/": column("/moved.html", "/refreshed.html"),
        "/moved.html": redirect(other.url + "/login"),
        "/refreshed.html": f'<html><head><meta http-equiv="refresh" content="0;url={other.url}/login"></head></html>'.encode(),
    }


WALLED = {
    "/walled/": column(*(f"/walled/{number}.html" for number in range(12))),
    **{f"/walled/{number}.html": fails(412) for number in range(12)},
}
TREE = {
    "/nb/": page(
        ("./", "政府信息公开年报"), ("/gk/nb/", "县政府信息公开年报"), ("2023n/", "2023年"), ("one/", title("水务局"))
    ),
    "/nb/2023n/": page(("xz/", "乡镇街道"), ("bm/", "水务所"), ("../../gk/zn/", "政府信息公开指南")),
    "/nb/2023n/xz/": page(("bsz/", "白石镇")),
    "/nb/2023n/xz/bsz/": column("/r.html")
    + page(
        ("202401/t20240120_55.html", "白石镇"),
        ("202401/t20240121_56.html", "畜牧局2023年度报告"),
        ("/news/1234.html", "雪"),
    ),
    "/nb/2023n/xz/bsz/202401/t20240120_55.html": REPORT,
    "/nb/2023n/xz/bsz/202401/t20240121_56.html": REPORT,
    "/nb/2023n/bm/": b"<html><head><title>" + title("白石镇水务所").encode() + b"</title></head>" + REPORT,
    "/nb/one/": REPORT + page(("/previous.html", title("上一篇 白石镇"))),
    "/r.html": REPORT,
    "/previous.html": REPORT,
}
ITSELF = {
    "/module/nb.jsp?area=1&fbtime=2023": b"<html><head><title>" + title("青溪乡").encode() + b"</title></head>" + REPORT
}
REPEATING = {f"/same/c100001/list{n}.shtml": column(article(1)) for n in ("", *(f"_{i}" for i in range(2, 9)))}
UNIT = "{'parseType':'bulidstatic','webId':'1','tplSetId':'T','pageType':'column','tagId':'信息列表','editType':'null','pageId':'9'}"
JPAAS = {"/col/col9/index.html": f'<html><script src="/unitbuild.js" queryData="{UNIT}"></script></html>'.encode()}


def unit(number):
    markup = f'<ul><li><a href="/art/2024/art_{number:032x}.html">{title("麦浦镇")}</a></li></ul>'
    return json.dumps({"data": {"html": markup}}).encode()


GUID = "7eb5f7f1-0000-4000-8000-8fcb82ea831a"
REST = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
MANUSCRIPTS = "/interface-cms/qryManuscriptByWebsiteId"
SEARCH = f"/common/search/{11:032x}?_isAgg=true&_isJson=true&_pageSize=1&_template=index&page="
ANNUAL = "/module/xxgk/xxgkAnnualReport.jsp"


def posted(number):
    return f"/govxxgk/YCZ/2024-01-20/cfa9849a-3f74-4747-82de-{number:012d}.html"


def rest(handler):
    """Three pages, counted from 1: what is asked for as page 0 is the first one."""
    number = max(json.loads(handler.sent)["pageIndex"], 1)
    rows = [{"infourl": posted(number), "realtitle": title(f"砚池镇{number}号")}] if number <= 3 else []
    handler.reply(json.dumps({"custom": {"total": 41, "data": rows}}).encode())


def manuscripts(handler):
    number = json.loads(handler.sent)["pageNum"]
    rows = [{"url": f"http://{handler.headers['Host']}{article(number + 20)}", "title": title(f"松岭乡{number}号")}]
    handler.reply(json.dumps({"results": rows if number <= 2 else []}).encode())


def found(number):
    row = {"title": title(f"砚池镇{number}号"), "url": article(30 + number)}
    return json.dumps({"data": {"total": 3, "results": [row]}}).encode()


ASKED = {
    "/epoint/govInfoPub.html?categorynum=003": b"<html><script src='/js/webBuilderCommon.js'></script></html>",
    "/js/webBuilderCommon.js?deptcode=&categorynum=003": f'var siteInfo = {{"siteGuid": "{GUID}"}};'.encode(),
    "POST " + REST: rest,
    "/bs/c100008/list.shtml": f'{MANUSCRIPTS}" websiteId: "{"a1" * 8}", channelId: ["{"b2" * 8}"]'.encode(),
    "POST " + MANUSCRIPTS: manuscripts,
    "/bs/c100009/list.shtml": column(article(31)) + f'<script>get("{SEARCH}" + n)</script>'.encode(),
    **{SEARCH + str(number): found(number) for number in (1, 2)},
    **{posted(number): REPORT for number in (1, 2, 3)},
    **{article(number): REPORT for number in (21, 22, 31, 32)},
}
YEARS = {
    f"{ANNUAL}?fbtime=2024&area=11": REPORT
    + page((f"{ANNUAL}?fbtime=2010&area=11", "2010年"), (f"{ANNUAL}?area=12", "松岭乡")),
    f"{ANNUAL}?area=12": REPORT + page((f"{ANNUAL}?area=12&fbtime=2023", "2023年")),
    f"{ANNUAL}?area=12&fbtime=2023": REPORT,
    f"{ANNUAL}?area=11&fbtime=2010": "<h1>砚池镇2009年政府信息公开工作年度报告</h1>一、概述".encode(),
}


class Routes(dict):
    """The endpoint of a JPaaS site answers its second page for all later ones too."""

    def get(self, path, default=None):
        if path.startswith("/api-gateway/"):
            return unit(1 if "pageNo%22%3A1%2C" in path else 2)
        return super().get(path, default)


WORD = b"<html xmlns:w='urn:schemas-microsoft-com:office:word'><body>report</body></html>"
DOCUMENTS = {
    "/documents/": column("/with.html", "/empty.html"),
    "/with.html": page(("/documents/word.doc", "年报.doc"), ("/documents/file?id=2", "年报2.docx")),
    "/documents/word.doc": lambda handler: handler.reply(WORD, headers=[("Content-Type", "application/msword")]),
    "/documents/file?id=2": lambda handler: handler.reply(WORD, headers=[("Content-Type", "text/html")]),
    "/empty.html": b" ",
}
SCRIPT = {"/script/": b"<html><body><script>document.writeln(rows)</script></body></html>"}
MIXED = {
    "/mixed/c100001/list.shtml": column(article(2)),
    "/mixed/c100001/list_2.shtml": page((article(3), "我县召开春耕备耕工作会议")),
    "/mixed/c100001/list_3.shtml": column(article(4)),
}
STARTS = {
    "away": "/away/",
    "walled": "/walled/",
    "tree": "/nb/",
    "documents": "/documents/",
    "script": "/script/",
    "byname": "/nb/",  # at localhost, which leads to an address that is not open
    "itself": "/module/nb.jsp?area=1&fbtime=2023",
    "jpaas": "/col/col9/index.html",
    "same": "/same/c100001/list.shtml",
    "mixed": "/mixed/c100001/list.shtml",
    "epoint": "/epoint/govInfoPub.html?categorynum=003",
    "manuscripts": "/bs/c100008/list.shtml",
    "search": "/bs/c100009/list.shtml",
    "years": f"{ANNUAL}?fbtime=2024&area=11",
}


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """All the sites above in one crawl of one server: (archive root, runs by site, what was asked, what elsewhere).

    What was sent with a POST is among what was asked, as one text with its path.
    """
    root = tmp_path_factory.mktemp("walk") / "archive"
    with serving("127.0.0.41") as server, serving("127.0.0.42") as other:
        server.routes = Routes(
            {
                **away(other),
                **WALLED,
                **TREE,
                **ITSELF,
                **REPEATING,
                **JPAAS,
                **MIXED,
                **DOCUMENTS,
                **SCRIPT,
                **ASKED,
                **YEARS,
            }
        )
        server.routes |= {f"/art/2024/art_{number:032x}.html": REPORT for number in (1, 2)}
        server.routes |= {article(number): REPORT for number in range(1, 5)}
        hosts = {"byname": f"http://localhost:{server.port}"}
        known = {"jpaas": "hanweb"}  # what a registry says that knows the older generation
        sites = [
            Site(id=name, start_url=hosts.get(name, server.url) + path, family=known.get(name, ""))
            for name, path in STARTS.items()
        ]
        runs = crawl(sites, archive_root=root, allow_addresses=["127.0.0.40/30"], settings=SETTINGS)
        posts = [f"POST {path} {body.decode()}" for path, body in server.posted]
        yield root, {run.site_id: run for run in runs}, [*server.asked, *posts], other.asked


def reports(root, site_id):
    return {listing.url.split("/", 3)[3] for listing in listings(root, site_id) if listing.verdict == "report"}


def test_no_redirect_leads_off_the_site(walked):
    root, _, _, elsewhere = walked
    assert elsewhere == []
    assert failures(root, "away") == {"/moved.html": "not_followed", "/refreshed.html": "not_followed"}
    assert all("name that address in the registry" in one.message for one in of_kind(root, "away", Failure))


def test_a_name_that_leads_to_what_is_not_open_is_not_asked(walked):
    root, _, asked, _ = walked
    assert failures(root, "byname") == {"/nb/": "unsafe_address"}
    assert asked.count("/nb/") == 1


def test_a_site_that_shows_walls_rests_and_every_page_not_asked_for_is_named(walked):
    root, runs, asked, _ = walked
    assert len([path for path in asked if path.startswith("/walled/") and path.endswith(".html")]) == 3
    kinds = failures(root, "walled")
    assert (len(kinds), set(kinds.values())) == (12, {"blocked"})
    assert sum("rests until the next run" in one.message for one in of_kind(root, "walled", Failure)) == 9
    assert runs["walled"].verdict == "blocked"


def test_columns_by_year_group_and_agency_are_walked(walked):
    root, _, asked, _ = walked
    assert "r.html" in reports(root, "tree")
    assert asked.count("/nb/") == asked.count("/nb/2023n/") == 1


def test_a_column_is_no_report_and_what_is_beside_is_not_walked(walked):
    root, _, asked, _ = walked
    assert not {"/gk/nb/", "/gk/zn/"} & set(asked)
    skipped = {one.title: one.reason for one in of_kind(root, "tree", Listing) if one.verdict == "skipped"}
    assert skipped["县政府信息公开年报"] == "a column and no report"
    assert "nb/" not in reports(root, "tree")


def test_a_report_under_the_address_of_a_list_is_a_report_and_what_it_leads_to_is_followed(walked):
    root, _, _, _ = walked
    assert {"nb/one/", "previous.html"} <= reports(root, "tree")


def test_a_report_called_by_its_agency_alone_is_found_in_the_column(walked):
    root, _, asked, _ = walked
    assert reports(root, "tree") == {
        *("r.html", "nb/one/", "previous.html", "nb/2023n/bm/"),
        *("nb/2023n/xz/bsz/202401/t20240120_55.html", "nb/2023n/xz/bsz/202401/t20240121_56.html"),
    }
    assert "/news/1234.html" not in asked
    by_name = {one.title: one.reason for one in of_kind(root, "tree", Listing) if one.verdict == "report"}
    assert by_name["白石镇"] == "listed among yearly reports, though its title does not say so"
    assert by_name[title("水务局")] == ""


def test_a_start_without_anything_is_no_empty_column_but_a_question_for_a_person(walked):
    root, runs, _, _ = walked
    assert failures(root, "script") == {"/script/": "other"}
    assert "script" in of_kind(root, "script", Failure)[0].message
    assert runs["script"].verdict == "empty"


def test_a_failure_tells_which_report_is_missing(walked):
    root, _, _, _ = walked
    assert any(title("白石镇0号") in one.message for one in of_kind(root, "away", Failure))


def test_a_word_page_offered_as_a_document_is_one_and_a_login_page_is_none(walked):
    root, _, _, _ = walked
    assert failures(root, "documents") == {"/documents/file?id=2": "other", "/empty.html": "other"}
    (listing,) = [one for one in of_kind(root, "documents", Listing) if one.verdict == "report"]
    assert len(listing.attachments) == 2


def test_the_page_that_the_registry_names_may_be_the_report(walked):
    root, runs, _, _ = walked
    (listing,) = of_kind(root, "itself", Listing)
    assert (listing.verdict, listing.title) == ("report", title("青溪乡"))
    assert runs["itself"].verdict == "ok"


def test_a_pager_that_repeats_a_page_ends(walked):
    _, _, asked, _ = walked
    assert [path for path in asked if path.startswith("/same/")] == [
        "/same/c100001/list.shtml",
        "/same/c100001/list_2.shtml",
    ]


def test_a_list_behind_an_endpoint_is_read_to_the_page_that_repeats(walked):
    root, _, asked, _ = walked
    assert reports(root, "jpaas") == {f"art/2024/art_{number:032x}.html" for number in (1, 2)}
    assert len([path for path in asked if path.startswith("/api-gateway/")]) == 3


def test_a_page_of_other_news_is_not_the_last_one(walked):
    root, _, _, _ = walked
    assert reports(root, "mixed") == {article(2)[1:], article(4)[1:]}


def sent(walked, path, name):
    start = f"POST {path} "
    return [json.loads(asked.removeprefix(start))[name] for asked in walked[2] if asked.startswith(start)]


def test_a_list_that_is_asked_for_with_a_post_is_walked_to_its_end_and_stored(walked):
    root, runs, _, _ = walked
    assert sorted(sent(walked, REST, "pageIndex")) == [0, 1, 2, 3]
    assert reports(root, "epoint") == {posted(number)[1:] for number in (1, 2, 3)}
    assert runs["epoint"].verdict == "ok"
    archive = Archive(root)
    stored = [json.loads(archive.get(one)) for one in captures(root, "epoint") if one.url.endswith(REST)]
    urls = [row["infourl"] for answer in stored for row in answer["custom"]["data"]]
    assert sorted(urls) == sorted(posted(number) for number in (1, 1, 2, 3))


def test_a_post_list_without_a_count_ends_at_the_empty_answer(walked):
    root, _, _, _ = walked
    assert sent(walked, MANUSCRIPTS, "pageNum") == [1, 2, 3]
    assert reports(root, "manuscripts") == {article(number)[1:] for number in (21, 22)}


def test_an_endpoint_whose_first_page_repeats_the_list_is_walked_on_and_what_it_refuses_is_no_end(walked):
    root, _, asked, _ = walked
    assert sorted(path for path in asked if path.startswith(SEARCH)) == [SEARCH + str(number) for number in (1, 2, 3)]
    assert reports(root, "search") == {article(number)[1:] for number in (31, 32)}
    assert failures(root, "search") == {SEARCH + "3": "gone"}


def test_annual_pages_lead_to_other_years_and_agencies_and_take_their_year_from_the_title(walked):
    root, _, asked, _ = walked
    assert len([path for path in asked if path in YEARS]) == len(YEARS)
    titles = {one.url.split("?")[1]: one.title for one in of_kind(root, "years", Listing)}
    assert titles["area=11&fbtime=2010"] == "砚池镇2009年政府信息公开工作年度报告"
    assert set(titles) == {"fbtime=2024&area=11", "area=12", "area=12&fbtime=2023", "area=11&fbtime=2010"}
