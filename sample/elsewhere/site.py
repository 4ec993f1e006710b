"""One site: home page, menus, lists, pages, traps. Families override how addresses, lists and pagers are made.

Class names, nesting, the order of what stands in a page and the way links are written are drawn for each site, so that
no two are alike and none is like the pages that other code was written against.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from sample.elsewhere import words
from sample.elsewhere.chrome import FRAMES, class_name, menu
from sample.elsewhere.report import SEED, Report, as_html, document
from sample.elsewhere.serving import Answer, Request, Validators
from sample.world import Decoy, WorldReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Handler = Callable[[Request], Answer]
Link = tuple[str, str]
_SIBLINGS = ("机构职能", "财政预决算", "规划信息", "人事信息", "重大建设项目", "行政许可", "建议提案", "统计信息")
_SERVICES = ("个人办事", "法人办事", "办事指南", "结果公示", "网上信访", "民意征集")
_FILLER = "会议强调，要提高认识，压实责任，加强协同，把各项工作抓实抓细，确保年度目标任务圆满完成。"
MIME = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
_NEWS_COUNTS = {"要闻动态": 320, "部门动态": 240, "通知公告": 160, "财政预决算": 60, "规划计划": 45}


@dataclass(eq=False)
class Entry:
    """What a list shows, and the page behind it.

    ``why``: of what is no report or cannot be had. ``files``: kinds of documents that carry the report; ``shows``:
    whether the page prints it as well; ``direct``: the list links the document and there is no page. ``anchor``: the
    link's text where it is not the title. ``wall``: what its addresses answer instead.
    """

    title: str
    date: dt.date
    serial: int
    report: Report | None = None
    why: str = ""
    path: str = ""
    anchor: str = ""
    files: tuple[str, ...] = ()
    shows: bool = True
    direct: bool = False
    twins: tuple[str, ...] = ()
    wall: Answer | None = None

    @property
    def token(self) -> str:
        """32 hexadecimal digits."""
        return hashlib.md5(f"{SEED}{self.title}{self.serial}".encode(), usedforsecurity=False).hexdigest()

    @property
    def uuid(self) -> str:
        t = self.token
        return f"{t[:8]}-{t[8:12]}-{t[12:16]}-{t[16:20]}-{t[20:]}"


@dataclass(eq=False)
class Column:
    """A list, newest first; ``size`` entries a page, pages counted from 1."""

    slug: str
    title: str
    entries: list[Entry]
    size: int = 12
    tagged: bool = False

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.entries) // self.size))

    def page(self, number: int) -> list[Entry]:
        return self.entries[(number - 1) * self.size : number * self.size] if number > 0 else []


class Site:
    """The site of an invented place. Families override ``list_url``, ``entry_url``, ``list_body`` and the like."""

    body_mark = 'class="article"'
    codec = "utf-8"
    declared = "utf-8"
    header = "text/html; charset=utf-8"
    forces_gzip = False
    soft_404 = False

    def __init__(self, key: str, place: str, address: str, *, validators: Validators = "etag") -> None:
        self.id = key
        self.place_name = place
        self.address = address
        self.port = 0
        self.validators: Validators = validators
        self.dice = random.Random(f"{SEED}{key}")
        self.routes: dict[str, Handler] = {"/": self.home, "/index.html": self.home}
        self.columns: list[Column] = []
        self.decoys: list[Entry] = []
        self.robots: str | int = 404
        self.forbidden: tuple[str, ...] = ()
        self.delay: float | None = None
        self.menus: list[Link] = []
        self.pictures: list[Link] = []
        self.neighbours: list[Site] = []
        self.serials = itertools.count(self.dice.randint(3000, 800_000), self.dice.randint(2, 9))
        self.row_style = self.dice.randrange(6)
        self.link_style: Literal["root", "relative", "full"] = self.dice.choice(("root", "relative", "full"))
        self.order = self.dice.sample(range(4), 4)
        self.frame, self.menu_style = self.dice.randrange(len(FRAMES)), self.dice.randrange(4)
        self.sessions = itertools.count(1)
        for path, handler in (
            ("/rili", self.calendar),
            ("/hudong/more", self.letters),
            ("/hudong/letter", self.letter),
        ):
            self.route(path, handler)
        self.news = [self._news(title, count) for title, count in _NEWS_COUNTS.items()]

    # addresses ---------------------------------------------------------------------------------------------------

    @property
    def base(self) -> str:
        return f"http://{self.address}:{self.port}"

    def number(self, slug: str) -> int:
        """Five digits that stand for a column."""
        return (
            int(hashlib.md5(f"{self.id}{slug}".encode(), usedforsecurity=False).hexdigest()[:8], 16) % 90_000 + 10_000
        )

    def list_url(self, slug: str, page: int) -> str:
        return f"/{slug}/" if page == 1 else f"/{slug}/{page}.html"

    def entry_url(self, slug: str, entry: Entry) -> str:
        return f"/{slug}/{entry.serial}.html"

    def file_url(self, entry: Entry, kind: str) -> str:
        folder = entry.path.rsplit("/", 1)[0]
        return f"{folder}/{entry.date:%Y%m%d}{entry.serial}.{kind}"

    def twin_urls(self, entry: Entry) -> tuple[str, ...]:  # noqa: ARG002  # families have some
        return ()

    def href(self, target: str, page: str) -> str:
        """A link as this site writes it in the page at that path."""
        folder = page.rsplit("/", 1)[0] + "/"
        if "://" in target or self.link_style == "root":
            return target
        if self.link_style == "full":
            return self.base + target
        return "./" + target[len(folder) :] if target.startswith(folder) and len(target) > len(folder) else target

    # building ----------------------------------------------------------------------------------------------------

    def route(self, target: str, handler: Handler) -> None:
        """``target``: a path, with a query where the query tells pages apart."""
        self.routes[_canonical(target)] = handler

    def column(self, slug: str, title: str, entries: Iterable[Entry], *, size: int = 12, tagged: bool = False) -> str:
        """A list and its pages; gives its address. Its reports are the world's."""
        column = Column(slug, title, list(entries), size, tagged)
        column.entries.sort(key=lambda entry: (entry.date, entry.serial), reverse=True)
        self.columns.append(column)
        for entry in column.entries:
            self.place(column, entry)
        self.serve_list(column)
        return self.list_url(slug, 1)

    def serve_list(self, column: Column) -> None:
        """The list and its pages; a day may bring one page more."""
        for page in range(1, column.pages + 2):
            self.route(self.list_url(column.slug, page), partial(self.list_page, column, page))

    def menu(self, slug: str, title: str, children: Sequence[Link]) -> str:
        """A page of links to what is below; gives its address."""
        url = self.list_url(slug, 1)
        self.route(url, lambda _: self.page(title, url, self.links(children, url), trail=(title,)))
        return url

    def way(self, steps: Sequence[Link], *last: Link, picture: bool = False) -> None:
        """The clicks from the home page: (title, slug) of each menu in between, then what the innermost leads to.

        ``picture``: the first click is a picture of the home page and no word of the menu.
        """
        below = list(last)
        for title, slug in reversed(steps):
            children = [*self.siblings(self.dice.randint(2, 5)), *below]
            self.dice.shuffle(children)
            below = [(title, self.menu(slug, title, children))]
        (self.pictures if picture else self.menus).extend(below)

    def place(self, column: Column, entry: Entry) -> None:
        """Give an entry its address and serve it, its twins and its files."""
        if not entry.path:
            entry.path = self.entry_url(column.slug, entry)
            if entry.direct:
                entry.path = self.file_url(entry, entry.files[0])
            entry.twins = self.twin_urls(entry) if entry.report and not entry.direct else ()
        if "://" not in entry.path:
            if not entry.direct:
                for path in (entry.path, *entry.twins):
                    self.route(path, partial(self.detail, column, entry))
            for kind in entry.files:
                self.route(self.file_url(entry, kind), partial(self.file, entry, kind))
        if entry.why and entry not in self.decoys:
            self.decoys.append(entry)

    def take_away(self, entry: Entry) -> None:
        """Gone: from the lists, and its addresses answer 404."""
        for path in (entry.path, *entry.twins, *(self.file_url(entry, kind) for kind in entry.files)):
            self.routes.pop(_canonical(path), None)
        for column in self.columns:
            column.entries = [other for other in column.entries if other is not entry]

    def add_first(self, column: Column, entry: Entry) -> None:
        """A new entry at the head of a list."""
        column.entries.insert(0, entry)
        self.place(column, entry)

    def entries(self, agency: str, years: Iterable[int] = words.YEARS) -> list[Entry]:
        """An agency's reports."""
        return [self.entry(agency, year) for year in years]

    def entry(self, agency: str, year: int) -> Entry:
        """A report; the oldest were moved here together, on one day."""
        title = words.report_title(agency, year)
        date = dt.date(2019, 11, 8) if year < 2018 else dt.date(year + 1, 1, 4) + dt.timedelta(self.dice.randrange(85))
        return Entry(title, date, next(self.serials), Report(agency, year, title))

    def decoy_entries(self, count: int = 4, *, mirror: bool = False) -> list[Entry]:
        """What looks like a report in the same list; ``mirror``: and a link to a copy on a host of another kind."""
        made = [
            Entry(title, dt.date(year + 1, self.dice.randint(1, 9), 9), next(self.serials), why=why)
            for title, why, year in words.decoys(self.place_name, self.dice, count)
        ]
        if mirror:
            spam = self.entry(f"{self.place_name}人民政府", self.dice.choice(words.YEARS))
            spam.report, spam.why = None, "mirror"
            spam.path = f"http://www-{self.id}-gov.mirror.example/{spam.serial}.html"
            made.append(spam)
        return made

    def siblings(self, count: int) -> list[Link]:
        """Links that stand beside the one that matters."""
        chosen = self.dice.sample(_SIBLINGS, count)
        return [(text, self.list_url(self.dice.choice(self.news).slug, 1)) for text in chosen]

    def _news(self, title: str, count: int) -> Column:
        slug = f"xw{self.number(title) % 997}"
        first, newest = 100_000 + self.number(title) * 7, dt.date(2024, 12, 30)
        entries = [
            Entry(words.news_title(self.place_name, first + n), newest - dt.timedelta(n * 3), first + n)
            for n in range(count)
        ]
        column = Column(slug, title, entries, 20)
        for number, entry in enumerate(entries):
            entry.path = self.entry_url(slug, entry)
            self.route(entry.path, partial(self.article, column, number))
        self.serve_list(column)
        return column

    # answering ---------------------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        """What this site says to a request."""
        if request.path == "/robots.txt":
            if isinstance(self.robots, int):
                return Answer(b"", status=self.robots)
            kind = "text/html" if self.robots.startswith("<") else "text/plain"
            return Answer(self.robots.encode(), f"{kind}; charset=utf-8")
        handler = self.routes.get(_canonical(request.target)) or self.routes.get(request.path.partition(";")[0])
        return handler(request) if handler else self.missing(request)

    def missing(self, request: Request) -> Answer:
        """No such page; on some sites with a status that says otherwise."""
        body = "<p>您访问的页面不存在或已被删除（not found）。</p><p><a href='/'>返回首页</a></p>"
        page = self.page("页面不存在", request.path, body)
        return Answer(page.body, page.kind, 200 if self.soft_404 else 404)

    def list_page(self, column: Column, number: int, request: Request) -> Answer:
        """A page of a list."""
        if number > column.pages:
            return self.missing(request)
        url = self.list_url(column.slug, number)
        body = self.list_body(column, number, url)
        tags = (("ColumnName", column.title), ("ColumnType", "信息公开年报" if column.tagged else column.title))
        return self.page(column.title, url, body, trail=(column.title,), tags=tags)

    def list_body(self, column: Column, number: int, url: str) -> str:
        """The rows and the pager."""
        return self.rows(column.page(number), url) + self.pager(column, number, url)

    def pager(self, column: Column, number: int, url: str) -> str:
        """Links to the other pages."""
        steps = [("首页", 1), ("上一页", number - 1), *((str(n), n) for n in range(1, min(column.pages, 5) + 1))]
        steps += [("下一页", number + 1), ("尾页", column.pages)]
        made = (
            f'<a href="{self.href(self.list_url(column.slug, page), url)}">{text}</a>'
            if 0 < page <= column.pages
            else f"<span>{text}</span>"
            for text, page in steps
        )
        return f'<div class="{self.css("fy")}">{" ".join(made)}<em>共{column.pages}页</em></div>'

    def rows(self, entries: Iterable[Entry], url: str) -> str:
        """The entries of a list in this site's own markup."""
        css, made = self.css("lb"), []
        for entry in entries:
            text, day = escape(entry.anchor or entry.title), f"{entry.date:%Y-%m-%d}"
            link = f'href="{escape(self.href(entry.path, url))}"'
            made.append(
                (
                    f'<li><a {link} title="{text}" target="_blank">{text}</a><span>{day}</span></li>',
                    f"<tr><td>·</td><td><a {link}>{text}</a></td><td>{day}</td></tr>",
                    f"<dt>{day}</dt><dd><a target=_blank {link}>{text}</a></dd>",
                    f'<p><i>[{day}]</i> <a {link} title="{text}">{_short(text)}</a></p>',
                    f'<li><h4><a title="{text}" {link}>{text}</a></h4><small>发布时间：{day}</small></li>',
                    f"<section><a {link}><em>{text}</em><b>{day}</b></a></section>",
                )[self.row_style]
            )
        tag = ("ul", "table", "dl", "div", "ol", "div")[self.row_style]
        return f'<{tag} class="{css}">' + "\n".join(made) + f"</{tag}>"

    def links(self, children: Iterable[Link], url: str) -> str:
        """A menu."""
        return menu(self.menu_style, self.css("cd"), ((text, self.href(target, url)) for text, target in children))

    def file(self, entry: Entry, kind: str, _: Request) -> Answer:
        """A document, or the wall before it."""
        if entry.wall:
            return entry.wall
        assert entry.report
        return Answer(document(entry.report, kind, entry.report.edition), MIME[kind])

    def detail(self, column: Column, entry: Entry, request: Request) -> Answer:
        """The page behind an entry."""
        if entry.wall and not entry.files:
            return entry.wall
        tags = (("ArticleTitle", entry.title), ("PubDate", f"{entry.date} 09:30"), ("ColumnName", column.title))
        head = f'<h1 class="{self.css("bt")}">{escape(entry.title)}</h1><div>发布时间：{entry.date} 来源：{self.place_name}</div>'
        if self.order[0] % 2:
            head = (
                f"<table><tr><td>索引号</td><td>{self.number(column.slug)}/{entry.date:%Y}-{entry.serial % 99999:05d}</td>"
                f"<td>发布日期</td><td>{entry.date}</td></tr><tr><td>名称</td><td>{escape(entry.title)}</td></tr></table>{head}"
            )
        body = f"{head}<div {self.body_mark}>{self.content(entry)}</div>{self.attachments(entry, request.path)}"
        for twin in entry.twins:
            body += f'<p class="{self.css("sj")}"><a href="{twin}">手机版</a></p>'
        return self.page(entry.title, request.path, body, trail=(column.title, "正文"), tags=tags, whole=True)

    def content(self, entry: Entry) -> str:
        """What the page prints."""
        if entry.report:
            return as_html(entry.report, word=self.order[1] == 0) if entry.shows else "<p>报告全文见附件。</p>"
        if entry.why in ("company", "hospital", "school"):
            report = Report(entry.title.split("20")[0], entry.date.year - 1, entry.title)
            return as_html(report)
        return f"<p>{escape(entry.title)}。</p>" + f"<p>{_FILLER}</p>" * 3

    def attachments(self, entry: Entry, page: str) -> str:
        """Links to the documents of a page."""
        made = (
            f'<p>附件：<a href="{escape(self.href(self.file_url(entry, kind), page))}">{escape(entry.title)}.{kind}</a></p>'
            for kind in entry.files
        )
        return "".join(made)

    def article(self, column: Column, number: int, request: Request) -> Answer:
        """News: as many as one likes, each with links to others."""
        entry = column.entries[number]
        near = [column.entries[(number + step) % len(column.entries)] for step in (1, -1, 17)]
        body = f"<h1>{entry.title}</h1><div {self.body_mark}>" + f"<p>{_FILLER}</p>" * (2 + number % 4)
        body += f"</div><h5>相关阅读</h5>{self.rows(near, request.path)}"
        return self.page(entry.title, request.path, body, trail=(column.title,), whole=True)

    def calendar(self, request: Request) -> Answer:
        """A month, with links to its days and to the next: it never ends."""
        year, month = int(request.query.get("y", 2025)), int(request.query.get("m", 1))
        after, before = (year + month // 12, month % 12 + 1), (year - (month == 1), (month - 2) % 12 + 1)
        days = " ".join(f'<a href="/rili?y={year}&amp;m={month}&amp;d={day}">{day}</a>' for day in range(1, 29))
        body = f'<p>{days}</p><a href="/rili?y={before[0]}&amp;m={before[1]}">上月</a> <a href="/rili?y={after[0]}&amp;m={after[1]}">下月</a>'
        return self.page("政务日历", "/rili", body)

    def letters(self, request: Request) -> Answer:
        """A pager without a last page, whose links bear session ids."""
        page = int(request.query.get("p", 1))
        made = (
            f'<li><a href="/hudong/letter;jsessionid={next(self.sessions):032X}?id={page * 10 + n}">咨询{_FILLER[n : n + 6]}</a></li>'
            for n in range(10)
        )
        body = f'<ul>{"".join(made)}</ul><a href="/hudong/more?p={page + 1}">下一页</a>'
        return self.page("互动交流", "/hudong/more", body)

    def letter(self, request: Request) -> Answer:
        """A letter and its answer."""
        number = int(request.query.get("id", 1))
        link = f"/hudong/letter;jsessionid={next(self.sessions):032X}?id={number + 1}"
        return self.page("信件", "/hudong/letter", f'<p>来信{number}：{_FILLER}</p><a href="{link}">下一封</a>')

    def home(self, _: Request) -> Answer:
        """The home page: blocks in an order of its own."""
        news = "".join(
            f'<div class="{self.css("xw")}"><h2>{column.title} <a href="{self.list_url(column.slug, 1)}">更多</a></h2>'
            f"{self.rows(column.entries[:7], '/')}</div>"
            for column in self.news[:3]
        )
        banners = "".join(
            f'<a href="{self.list_url(self.news[n].slug, 1)}"><img src="/images/zt{n}.jpg" alt="专题{n}"></a>'
            for n in range(4)
        )
        banners += "".join(
            f'<a href="{url}" target="_blank"><img src="/images/gk.png" alt="{title}"></a>'
            for title, url in self.pictures
        )
        service = self.links([(text, f"/hudong/more?p={n + 1}") for n, text in enumerate(_SERVICES)], "/")
        others = self.links([(f"{site.place_name}人民政府", site.base + "/") for site in self.neighbours], "/")
        blocks = (news, banners, f"<h2>政务服务</h2>{service}", f"<h2>友情链接</h2>{others}")
        body = "".join(f'<div class="{self.css(f"k{n}")}">{blocks[n]}</div>' for n in self.order)
        return self.page(f"{self.place_name}人民政府", "/", body)

    def css(self, role: str) -> str:
        """A class name that only this site has."""
        return class_name(self.number(role))

    def page(
        self,
        title: str,
        url: str,
        body: str,
        *,
        trail: Sequence[str] = (),
        tags: Sequence[Link] = (),
        whole: bool = False,
    ) -> Answer:
        """A page of this site around what it holds; ``whole``: its title stands alone in the head."""
        name = f"{self.place_name}人民政府"
        fixed = [("首页", "/"), *((column.title, self.list_url(column.slug, 1)) for column in self.news[:2])]
        fixed += [*self.menus, ("互动交流", "/hudong/more"), ("政务日历", "/rili")]
        marks = "".join(f'<meta name="{key}" content="{escape(value)}">' for key, value in (("SiteName", name), *tags))
        head = (
            f'<meta http-equiv="Content-Type" content="text/html; charset={self.declared}">{marks}'
            f"<title>{escape(title)}{'' if whole else '-' + name}</title>"
            f'<script src="/js/jquery.js"></script><style>.{self.css("lb")} li{{line-height:2em}}</style>'
        )
        text = FRAMES[self.frame].format(
            head=head,
            nav=self.links(fixed, url),
            trail=f"当前位置：{' &gt; '.join(['首页', *map(escape, trail)])}",
            body=body,
            foot=f'{name}主办 <a href="{self.list_url(self.news[4].slug, 1)}">网站地图</a>',
            **{role: self.css(role) for role in "abcd"},
        )
        return Answer(text.encode(self.codec, "xmlcharrefreplace"), self.header)

    def json(self, value: object) -> Answer:
        """An answer for scripts."""
        return Answer(json.dumps(value, ensure_ascii=False).encode(), "application/json; charset=utf-8")

    # the truth ---------------------------------------------------------------------------------------------------

    def reports(self) -> list[WorldReport]:
        """What can be found here."""
        found = dict.fromkeys(
            entry for column in self.columns for entry in column.entries if entry.report and not entry.why
        )
        return [self._found(entry, entry.report) for entry in found if entry.report]

    def _found(self, entry: Entry, report: Report) -> WorldReport:
        files = tuple(self.base + self.file_url(entry, kind) for kind in entry.files)
        page = (self.base + entry.path,) if entry.shows and not entry.direct else ()
        same = dict.fromkeys((*entry.twins, _canonical(entry.path)))  # a query in another order is no other page
        twins = tuple(self.base + twin for twin in same if twin != entry.path)
        return WorldReport(
            self.id, self.base + entry.path, report.title, report.issuer, report.year, (*page, *files), twins
        )

    def no_reports(self) -> list[Decoy]:
        """What only looks like one, or cannot be had."""
        made = []
        for entry in self.decoys:
            url = entry.path if "://" in entry.path else self.base + entry.path
            made.append(Decoy(self.id, url, entry.title, entry.why))
        return made


def _canonical(target: str) -> str:
    if "?" not in target:
        return target
    parts = urlsplit(target)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{parts.path}?{query}" if query else parts.path


def _short(text: str) -> str:
    return text if len(text) <= 16 else text[:15] + "…"
