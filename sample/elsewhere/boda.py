"""博达 webplus (§3.6): older pages counted down, documents whose kind only the link's text tells.

Assumed: page 2 of ``nb.htm`` is ``nb/<pages-1>.htm`` and the oldest ``nb/1.htm``; ``xxgk_content.jsp`` with wbtreeid and
wbnewsid is a twin; ``download.jsp`` wants a Referer and answers a page otherwise; behind some links stands a captcha.
"""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING

from sample.elsewhere import words
from sample.elsewhere.serving import Answer
from sample.elsewhere.site import Column, Entry, Site

if TYPE_CHECKING:
    from sample.elsewhere.serving import Request

CAPTCHA = Answer(
    ("<html><body><form>请输入验证码<input name='codeValue'><img src='/system/resource/js/filedownload/createimage.jsp'>"
     "</form>" + "<!-- -->" * 500 + "</body></html>").encode()
)  # fmt: skip


class Boda(Site):
    """Columns ``<name>.htm``, details ``/info/<column>/<id>.htm``."""

    body_mark = 'id="vsb_content_2"'

    def list_url(self, slug: str, page: int) -> str:  # noqa: ARG002  # older pages have numbers that change
        return f"/{slug}.htm"

    def entry_url(self, slug: str, entry: Entry) -> str:
        return f"/info/{self.number(slug) % 9000}/{entry.serial}.htm"

    def twin_urls(self, entry: Entry) -> tuple[str, ...]:
        column = entry.path.split("/")[2]
        return (f"/xxgk/xxgk_content.jsp?urltype=news.NewsContentUrl&wbtreeid={column}&wbnewsid={entry.serial}",)

    def file_url(self, entry: Entry, kind: str) -> str:
        number = entry.serial * 10 + (kind == "pdf")
        return f"/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1771&wbfileid={number}"

    def serve_list(self, column: Column) -> None:
        self.route(f"/{column.slug}.htm", partial(self.list_page, column, 1))
        for back in range(1, column.pages + 1):
            self.route(f"/{column.slug}/{back}.htm", lambda request, back=back: self.older(column, back, request))  # type: ignore[misc]

    def older(self, column: Column, back: int, request: Request) -> Answer:
        if back >= column.pages:
            return self.missing(request)
        return self.list_page(column, column.pages + 1 - back, request)

    def pager(self, column: Column, number: int, url: str) -> str:  # noqa: ARG002
        folder = column.slug.rsplit("/", 1)[-1] + "/" if number == 1 else ""
        following = f'<a href="{folder}{column.pages - number}.htm">下页</a> ' if number < column.pages else "下页 "
        last = f'<a href="{folder}1.htm">尾页</a>' if number < column.pages else "尾页"
        return f"<span>共{len(column.entries)}条 {number}/{column.pages}</span> {following}{last}"

    def attachments(self, entry: Entry, page: str) -> str:  # noqa: ARG002
        made = (
            f'<li>附件【<a href="{escape(self.file_url(entry, kind))}" target="_blank">{escape(entry.title)}.{kind}</a>】'
            f"已下载<span>37</span>次</li>"
            for kind in entry.files
        )
        return f"<ul>{''.join(made)}</ul>"

    def file(self, entry: Entry, kind: str, request: Request) -> Answer:
        if "referer" not in request.headers:
            return Answer(b"<html><body>" + b"<p>invalid request</p>" * 220 + b"</body></html>")
        return super().file(entry, kind, request)


def sites() -> list[Site]:
    site = Boda("jungu", "筠谷县", "127.2.6.61", validators="modified")
    entries = [
        e
        for agency in ("筠谷县人民政府", "筠谷县交通运输局", *words.townships("筠谷县", 2))
        for e in site.entries(agency)
    ]
    for entry in entries[3:6]:
        entry.files, entry.shows = ("pdf",), False
    entries[12].files = ("docx",)
    entries[6].files, entries[6].shows, entries[6].wall, entries[6].why = ("pdf",), False, CAPTCHA, "captcha"
    column = site.column("xxgk/fdnr/nb", "政府信息公开年报", [*entries, *site.decoy_entries(6)], size=9)
    site.way([("政府信息公开", "xxgk"), ("法定主动公开内容", "xxgk/fdnr")], ("政府信息公开年报", column))
    site.robots = "<!DOCTYPE html><html><body>404 您访问的页面不存在</body></html>"
    return [site]
