"""What all systems share: routes, pages of columns and items, walls. A system's class says how things are addressed.

Addresses are laid out anew when a day turns; bodies are made when they are asked for, and kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, partial
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from sample.portal.page import Resource
from sample.province import bodies, walls
from sample.province.items import decoys_of, news_of, notices_of, reports_of
from sample.province.page import encoded, frame
from sample.province.shapes import ANNUAL, SHAPES
from sample.world import Decoy, WorldReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sample.province.columns import Column
    from sample.province.items import Item
    from sample.province.places import Place

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
JSON = "application/json; charset=utf-8"
CLOSED = "/nbzl/"
_TERRITORY = re.compile(r".+?[省市县区镇乡]")


@dataclass(frozen=True)
class Request:
    """What is asked: target is path and query, header names are in small letters."""

    target: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @cached_property
    def path(self) -> str:
        """Without the query."""
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> dict[str, str]:
        """The first value of each parameter."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}


class Site:
    """One site; ``base`` is its address without the slash at the end. Systems override what they do their own way."""

    per_page = 8
    news_count = 160
    row_template = '<li><a href="{href}" title="{title}" target="_blank">{shown}</a><span>{date}</span></li>'

    def __init__(self, place: Place, base: str, number: int, neighbours: Mapping[str, str]) -> None:
        self.place, self.base, self.number, self.neighbours = place, base, number, neighbours
        territory = _TERRITORY.match(place.name)
        self.territory = territory[0] if territory else place.name
        self.reports = reports_of(place.id, place.agencies)
        self.others = [] if place.wall else decoys_of(place.id, self.territory, place.agencies, number)
        if place.shape == "notice":
            self.others += notices_of(place.id, self.territory)
        self.news = news_of(place.id, self.territory, self.news_count)
        self.by_address: dict[str, Callable[[], Resource]] = {}
        self.patterns: list[tuple[re.Pattern[str], Callable[[Request, re.Match[str]], Resource]]] = []
        self.made: dict[str, Resource] = {}
        self.arrange()

    # How a system addresses things.

    def list_path(self, column: Column, number: int, count: int) -> str:
        """Where page ``number`` (from 1) of a column's ``count`` pages is."""
        raise NotImplementedError

    def item_path(self, item: Item) -> str:
        """Where an item's page is."""
        raise NotImplementedError

    def twin_paths(self, item: Item) -> list[str]:  # noqa: ARG002  # most systems have none
        """Other addresses of an item's page."""
        return []

    def attachment_path(self, item: Item, kind: str) -> str:
        """Where a document of an item is."""
        return f"{self.path_of(item).rpartition('/')[0]}/P0{item.day}{item.serial}0012.{kind}"

    # How a system writes pages.

    def pager(self, column: Column, number: int, count: int) -> str:
        """Links to the other pages of a list."""
        links = [f'<a href="{self.list_path(column, n, count)}">{n}</a>' for n in range(1, count + 1) if n != number]
        if number < count:
            links.append(f'<a href="{self.list_path(column, number + 1, count)}">下一页</a>')
        return f'<div class="pager">{"".join(links)}</div>' if count > 1 else ""

    def list_body(self, column: Column, number: int, count: int) -> str:
        """The rows of a list's page, and its pager."""
        return f'<ul class="list">{self.rows(column, number)}</ul>{self.pager(column, number, count)}'

    def article(self, item: Item, text: str, attached: str) -> str:
        """The page of an item."""
        return (
            f'<h1>{escape(item.title)}</h1><p class="info">发布时间：{item.date}　来源：{item.agency or self.place.name}</p>'
            f'<div id="zoom">{text}</div>{attached}'
        )

    def more_routes(self) -> None:
        """Endpoints and other routes of the system's own."""

    # What follows from that.

    def columns(self) -> list[Column]:
        """The columns below the menu, made of what is published now."""
        return SHAPES[self.place.shape](self.published(), self.place.agencies)

    def published(self) -> list[Item]:
        """All that lists of reports show."""
        return [item for item in self.reports if item.live] + self.others

    def arrange(self) -> None:
        """Lay out all addresses anew."""
        from sample.province import front  # noqa: PLC0415  # it needs this module's names

        self.by_address, self.patterns, self.made = {}, [], {}
        self.top = self.columns()
        self.news_column = front.news_column(self)
        for column in self.all_columns():
            self._place_lists(column)
        for item in (*self.published(), *self.news):
            self._place_item(item)
        front.place(self)
        self.more_routes()

    def all_columns(self) -> Iterator[Column]:
        """Those of reports, then that of news."""
        for column in (*self.top, self.news_column):
            yield from column.all_below()

    def _place_lists(self, column: Column) -> None:
        count = self.pages(column)
        for number in range(1, count + 1):
            self.by_address[self.list_path(column, number, count)] = partial(self.list_page, column, number, count)

    def pages(self, column: Column) -> int:
        """How many pages a column has."""
        return max(1, -(-len(column.items) // self.per_page))

    def home_of(self, column: Column) -> str:
        """Where a column begins."""
        return self.list_path(column, 1, self.pages(column))

    def path_of(self, item: Item) -> str:
        """Where an item is: its own place, that of documents behind robots.txt, or the system's way."""
        if item.closed == "robots":
            return f"{CLOSED}{item.month}/t{item.day}_{item.serial}.html"
        return item.fixed_path or self.item_path(item)

    def link_of(self, item: Item) -> str:
        """What lists link to: the item's page, or its document where there is no page."""
        return self.attachment_path(item, item.attachments[0]) if item.direct else self.path_of(item)

    def _place_item(self, item: Item) -> None:
        if item.fixed_path.startswith("http"):
            return
        for path in () if item.direct else (self.path_of(item), *self.twin_paths(item)):
            self.by_address[path] = partial(self.item_page, item)
        for kind in item.attachments:
            self.by_address[self.attachment_path(item, kind)] = partial(self.document, item, kind)

    def route(self, pattern: str, answer: Callable[[Request, re.Match[str]], Resource]) -> None:
        """Answers for all addresses (path and query) that match as a whole."""
        self.patterns.append((re.compile(pattern), answer))

    def answer(self, request: Request) -> Resource:
        """What the site sends; what does not hang on the request is made once."""
        if wall := walls.of_site(self.place.wall, request.path):
            return wall
        if request.target in self.made:
            return self.made[request.target]
        make = self.by_address.get(request.target) or self.by_address.get(request.path)
        if make is not None:
            answer = self.made[request.target] = make()
            return answer
        for pattern, respond in self.patterns:
            if match := pattern.fullmatch(request.target):
                return respond(request, match)
        return walls.not_found(self)

    def page(self, title: str, body: str, tags: Mapping[str, str] | None = None) -> Resource:
        """A page in the site's frame and encoding."""
        return encoded(frame(self, title, body, tags or {}), self.place.charset)

    def list_page(self, column: Column, number: int, count: int) -> Resource:
        """A column's page: what lies below it, then what it lists."""
        below = self._below(column)
        listed = self.list_body(column, number, count) if column.items or not column.children else ""
        if self.place.gate and column.kind == ANNUAL:
            listed += "<h4>各地年报</h4>" + "".join(
                f'<p><a href="{url}/">{name}政府信息公开年报</a></p>' for name, url in self.neighbours.items()
            )
        tags = {"ColumnName": column.name, "ColumnType": column.kind or "工作动态"} if self.place.tags else {}
        return self.page(column.name, f"<h3>{escape(column.name)}</h3>{below}{listed}", tags)

    def _below(self, column: Column) -> str:
        """What lies below a column: links, all but the first three in a selection box, or what only a click tells."""
        ways = [
            (self.home_of(child), escape(child.shown or child.name)) for child in column.children if not child.hidden
        ]
        links = [f'<li><a href="{path}">{name}</a></li>' for path, name in ways]
        if self.place.links == "options" and len(ways) > 3:
            options = "".join(f'<option value="{path}">{name}</option>' for path, name in ways[3:])
            links[3:] = [f'<select onchange="window.location=this.value"><option>更多</option>{options}</select>']
        if self.place.links == "clicks":
            links = [f"<li onclick=\"window.open('{path}')\">{name}</li>" for path, name in ways]
        return f'<div class="sub"><ul>{"".join(links)}</ul></div>' if links else ""

    def rows(self, column: Column, number: int) -> str:
        """The rows of a list's page."""
        return "".join(self.row(item) for item in self.part(column, number))

    def part(self, column: Column, number: int) -> list[Item]:
        """What page ``number`` of a column lists."""
        return column.items[(number - 1) * self.per_page : number * self.per_page]

    def row(self, item: Item) -> str:
        """One line of a list; a long title is cut, as far as the reader sees."""
        shown = item.title if len(item.title) <= 26 else item.title[:24] + "…"
        href = escape(self.link_of(item))
        return self.row_template.format(href=href, title=escape(item.title), shown=escape(shown), date=item.date)

    def item_page(self, item: Item) -> Resource:
        """An item's page, or the wall before it."""
        if item.closed in walls.BEFORE_PAGES:
            return walls.of_page(item.closed, self)
        links = [f'<p class="fj">附件：{self.attachment_link(item, kind)}</p>' for kind in item.attachments]
        text = bodies.text_of(item)
        if item.text == "publication":
            text += self._reports_of(item.year)
        tags = {
            "ArticleTitle": item.title,
            "PubDate": f"{item.date} 09:30",
            "ContentSource": item.agency or self.place.name,
        }
        if item.why not in ("", "news") or not self.place.tags:
            tags = {}
        return self.page(item.title, self.article(item, text, "".join(links)), tags)

    def _reports_of(self, year: int) -> str:
        found = [item for item in self.reports if item.live and item.year == year]
        return "".join(f'<p><a href="{escape(self.link_of(item))}">{escape(item.agency)}</a></p>' for item in found)

    def attachment_link(self, item: Item, kind: str) -> str:
        """A document's link below the text."""
        return f'<a href="{escape(self.attachment_path(item, kind))}">{escape(item.title)}.{kind}</a>'

    def document(self, item: Item, kind: str) -> Resource:
        """A document, or the captcha in its place."""
        if item.closed == "captcha":
            return walls.CAPTCHA
        return Resource(bodies.document_of(item, kind), TYPES[kind])

    # What the world says of it.

    def world_reports(self) -> list[WorldReport]:
        """The reports that can be had here now."""
        return [self._world_report(item) for item in self.reports if item.live and not self.place.wall]

    def _world_report(self, item: Item) -> WorldReport:
        documents = [self.url_of_document(item, kind) for kind in item.attachments]
        if item.has_page_text:
            documents.insert(0, self.base + self.path_of(item))
        twins = () if item.direct else tuple(self.base + path for path in self.all_twins(item))
        return WorldReport(
            self.place.id, self.base + self.link_of(item), item.title, item.agency, item.year, tuple(documents), twins
        )

    def url_of_document(self, item: Item, kind: str) -> str:
        """Where a document's bytes come from in the end."""
        return self.base + self.attachment_path(item, kind)

    def all_twins(self, item: Item) -> list[str]:
        """The system's twins, and the page behind the gate of traditional script."""
        gate = [f"/gate/big5/{self.base.split('//')[1]}{self.path_of(item)}"] if self.place.gate else []
        return [*self.twin_paths(item), *gate]

    def world_decoys(self) -> list[Decoy]:
        """What is no report here, or cannot be had."""
        if self.place.wall:
            return [self._decoy(item, self.place.wall) for item in self.reports if item.live]
        return [self._decoy(item, item.why) for item in self.others]

    def _decoy(self, item: Item, why: str) -> Decoy:
        path = self.attachment_path(item, "pdf") if item.closed == "captcha" else self.link_of(item)
        return Decoy(self.place.id, path if path.startswith("http") else self.base + path, item.title, why)

    @property
    def forbidden(self) -> tuple[str, ...]:
        """The prefixes that robots.txt closes; all of it where robots.txt says so or fails."""
        if self.place.wall.startswith("robots"):
            return ("/",)
        return (CLOSED,) if any(item.closed == "robots" for item in self.others) else ()
