"""gkmlpt (Guangdong): the column tree stands in the page, the lists come from the site's own JSON endpoint.

1. Start: ``/gkmlpt/index`` holds ``window._CONFIG`` with ``SID`` and ``TREE``; the node whose name speaks of yearly
   reports gives the category::

    window._CONFIG = {"SID": "755041", "TREE": [{"id": 6000, "name": "政府信息公开年报", "children": []}]}

2. List: ``/gkmlpt/api/all/<category>?page=N&sid=<SID>`` counted from 1: ``articles`` of title, url, date, publisher;
   ``classify.post_count`` says how many there are.
3. Detail: ``/gkmlpt/content/<a>/<b>/post_<id>.html``; title, date and the body with its attachments stand in
   ``_CONFIG.DETAIL`` as JSON, the page itself has no body.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from crawler.families import generic
from crawler.families.page import Detail, Entry, Page, absolute, attachments_of, detail_of, iso_date

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "gkmlpt"
GUESSES_PAGES = False
NAMES_COLUMNS = True
LISTS_ELSEWHERE = True
SUCCEEDED_BY = ""
_API = re.compile(r"/gkmlpt/api/all/(\d+)")
_SID = re.compile(r"[\"']?SID[\"']?\s*:\s*[\"']?(\w+)")
_NODE = re.compile(r"\{[^{}]*")  # a node up to its children, its fields in any order, keys quoted or not
_ID = re.compile(r"\bid[\"']?\s*:\s*[\"']?(\d+)")
_NAME = re.compile(r"\bname[\"']?\s*:\s*(?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)')")
_TREE = re.compile(r"\bTREE\b")
_FIELD = r'"{}"\s*:\s*"((?:[^"\\]|\\.)*)"'
_COLUMN = re.compile(r"年报|年度报告")
_MOST_PAGES = 200


def recognises(page: Page) -> bool:
    """By the address, or the configuration in the page."""
    return "/gkmlpt/" in page.url or bool("window._CONFIG" in page.text and _TREE.search(page.text))


def entries(page: Page) -> Iterator[Entry]:
    """The articles of an API answer; a page with a tree has none itself."""
    for article in _articles(_answer(page)):
        if isinstance(article, dict) and article.get("url"):
            yield Entry(
                absolute(page.url, _whole(str(article["url"]))),
                _whole(str(article.get("title") or "")),
                iso_date(str(article.get("date") or article.get("display_publish_time") or "")),
                _whole(str(article.get("publisher") or "")),
            )


def next_pages(page: Page) -> Iterator[str]:
    """From the tree: the first API page of each column of yearly reports. From the first API page: the others."""
    if not _API.search(page.url):
        yield from _columns(page)
        return
    answer = _answer(page)
    shown, total = len(_articles(answer)), _post_count(answer)
    query = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    if shown and query.get("page", "1") == "1":
        for number in range(2, min(-(-total // shown), _MOST_PAGES) + 1):
            yield urljoin(page.url, "?" + urlencode({**query, "page": number}))


def _columns(page: Page) -> Iterator[str]:
    sid = _SID.search(page.text)
    for node in _NODE.findall(page.text):
        category, name = _ID.search(node), _NAME.search(node)
        if sid and category and name and _COLUMN.search(_plain(name[1] or name[2] or "")):
            base = page.url.split("/gkmlpt/", 1)[0]
            yield f"{base}/gkmlpt/api/all/{category[1]}?{urlencode({'page': 1, 'sid': sid[1]})}"


def _answer(page: Page) -> dict[str, Any]:
    """The JSON of an API page; empty for any other page."""
    if not _API.search(page.url):
        return {}
    try:
        answer = json.loads(page.text)
    except (json.JSONDecodeError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _articles(answer: dict[str, Any]) -> list[Any]:
    articles = answer.get("articles")
    return articles if isinstance(articles, list) else []


def _post_count(answer: dict[str, Any]) -> int:
    classify = answer.get("classify")
    count = str(classify.get("post_count")) if isinstance(classify, dict) else ""
    return int(count) if re.fullmatch(r"[0-9]{1,9}", count) else 0


def _whole(text: str) -> str:
    """Without halves of surrogate pairs, which JSON can hold and no encoding can write."""
    return text.encode("utf-8", "replace").decode()


def detail(page: Page) -> Detail:
    """What the configuration's DETAIL states, else the page's tags; with the attachments of the body in it."""
    body = _field(page.text, "content")
    if not body:
        return generic.detail(page)
    told = detail_of(page)
    return Detail(
        _field(page.text, "title") or told.title,
        iso_date(_field(page.text, "date")) or told.published_on,
        _field(page.text, "publisher") or told.publisher,
        attachments_of(Page(page.url, f"<div>{body}</div>")),
    )


def _field(text: str, name: str) -> str:
    found = re.findall(_FIELD.format(name), text)
    return max((_plain(value) for value in found), key=len, default="")


def _plain(literal: str) -> str:
    try:
        return _whole(str(json.loads(f'"{literal}"', strict=False)))
    except json.JSONDecodeError:
        return literal
