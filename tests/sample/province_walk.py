"""Walks a site of the province as a person with a browser would: links, and what the pages' scripts ask for."""

import html
import json
import re
from collections import deque
from urllib.parse import urljoin

from sample.province.site import Request

TRAPS = ("/rl/", "/hd/", "/gate/", "/wsdc/")
_HREF = re.compile(r"""href=\\?["']([^"'\\]+)""")
_JSON_URL = re.compile(r'"(?:url|infourl|staticUrl)": "([^"]+)"')
_CLICKED = re.compile(r"""<option value="([^"]+)"|window\.open\('([^']+)'\)""")
_ELSEWHERE = re.compile(r"""content="0; url=([^"]+)"|location\.href = "([^"]+)\"""")


def text_of(resource):
    for encoding in ("utf-8", "gb18030"):
        try:
            return resource.body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("neither UTF-8 nor GB18030")


def walk(site):
    """Address (path and query) -> clicks from the home page, for all that is linked; traps are left aside."""
    clicks, queue = {"/": 0}, deque(["/"])
    while queue:
        asked = queue.popleft()
        target, sent = asked if isinstance(asked, tuple) else (asked, "")
        answer = site.answer(Request(target, "POST" if sent else "GET", {"referer": site.base}, sent.encode()))
        for link in _following(site, target, answer):
            if link not in clicks:
                clicks[link] = clicks[asked] + 1
                queue.append(link)
    return clicks


def _following(site, target, answer):
    if answer.status == 302:
        yield dict(answer.headers)["Location"]
    if not answer.content_type.startswith(("text", "application/json")):
        return
    text = text_of(answer)
    links = [html.unescape(link) for link in _HREF.findall(text)] + _JSON_URL.findall(text)
    links += [one or other for one, other in (*_ELSEWHERE.findall(text), *_CLICKED.findall(text))]
    for link in (*links, *_pages(target, text)):
        url = urljoin(site.base + target, link)
        path = url.removeprefix(site.base)
        if url.startswith(site.base + "/") and not path.startswith(TRAPS):
            yield path
    yield from _posts(site, text)


def _pages(target, text):
    """What scripts ask for with a GET."""
    for count in re.findall(
        r'createPageHTML\((\d+), \d+, "index", "html"\)|pagination_script_config = \{total: (\d+)', text
    ):
        yield from (f"index_{number}.html" for number in range(1, int(count[0] or count[1])))
    for count, name in re.findall(r"createPageHTML\('page_div', (\d+), \d+, '(\w+)', 'shtml'", text):
        yield from (f"{name}_{number}.shtml" for number in range(2, int(count) + 1))
    for proxy, column, shown, total in re.findall(
        r'url: "(\S+)", columnid: "(\d+)".*?perpage: "(\d+)", totalRecord: (\d+)', text
    ):
        yield f"{proxy}?columnid={column}&startrecord={int(shown) + 1}&endrecord={total}"
    for unit in re.findall(r'queryData="(\{.*?\})"', text):
        query = "&".join(f"{name}={value}" for name, value in re.findall(r"'(\w+)':'([^']*)'", unit))
        for number in range(1, 4):
            asked = json.dumps({"pageNo": number, "pageSize": 50})
            yield f"/api-gateway/jpaas-publish-server/front/page/build/unit?{query}&paramJson={asked}"
    for search in re.findall(r'get\("(/common/search/[^"]+page=)"', text):
        yield from (f"{search}{number}" for number in range(1, 9))
    if '"TREE"' in text:
        sid = re.search(r'"SID": "(\d+)"', text)[1]
        for category in re.findall(r'"id": (\d+)', text):
            for number in range(1, 4):
                yield f"{target.split('/gkmlpt/')[0]}/gkmlpt/api/all/{category}?page={number}&sid={sid}"


def _posts(site, text):
    """What scripts ask for with a POST: (target, body)."""
    if found := re.search(r'websiteId = "(\w+)"; var channelId = "(\w+)"', text):
        for number in range(1, 9):
            body = {"websiteId": found[1], "channelId": [found[2]], "pageNum": number, "pageSize": 20, "title": ""}
            yield "/interface-cms/qryManuscriptByWebsiteId", json.dumps(body)
    if found := re.search(r'deptcode = "(\w+)"; var categorynum = "(\w+)"', text):
        script = text_of(site.answer(Request("/js/webBuilderCommon.js")))
        guid = re.search(r'siteGuid: "([^"]+)"', script)[1]
        for number in range(4):
            body = {
                "deptcode": found[1],
                "categorynum": found[2],
                "siteGuid": guid,
                "pageIndex": number,
                "pageSize": 10,
            }
            yield "/EWB-FRONT/rest/lightfrontaction/getgovinfolist", json.dumps(body)
