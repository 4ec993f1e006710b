"""Walks a column of yearly reports: its list pages to the end, each report's page, and the documents linked there.

Notes for a site's web team: this spider asks for one page at a time with a pause between, obeys robots.txt, names a
contact in its user agent, and looks only at the column of yearly reports. Write to that contact and it stays away.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.spidermiddlewares.httperror import HttpError

from crawler import discovery, registry
from crawler.archive import Archive
from crawler.budget import NotWorthAsking
from crawler.config import CrawlConfig
from crawler.failures import classify_error, classify_status
from crawler.families import FAMILIES, Ask, Entry, Page, columns, judge, recognise
from crawler.families.page import ATTACHMENT, same_host, text_of
from crawler.families.titles import UNDECIDED, instead_of
from crawler.families.twins import canonical
from crawler.items import NO_LONGER_LISTED, Listing, Site
from crawler.known import NOTHING, Known, known_to
from crawler.mirrors import is_mirror
from crawler.readiness import require_contact, require_delay
from crawler.recorder import Recorder
from crawler.walls import is_shell, missing, wall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure as TwistedFailure

    from crawler.families import Family

_DOCUMENT_TIMEOUT = 300
_PAGES = ("", "text/html", "application/xhtml+xml")
_HOME = re.compile(r"/?(?:index\.(?:s?html?|jsp|php|aspx))?", re.IGNORECASE)
_A_YEAR = re.compile(r"(?:19|20)\d{2}|二[〇○零]")
ENOUGH, PATIENCE = 3, 30  # after so many reports, links that hardly promise any get so many more tries in a row
BARREN = 3  # pages of a column of yearly reports without one that is new, after which no further page is asked for
BEHIND = 200  # so that what is found is walked before more is looked for
_DEEPEST_COLUMN = 4  # annual column, year, group, agency: sites were seen to nest three or four levels


class ColumnSpider(Spider):
    """``scrapy crawl column -a site=ID``: one site of the registry, from its home page or its column."""

    name = "column"

    def __init__(self, site: Site, recorder: Recorder, known: Known = NOTHING, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site = site
        self.recorder = recorder
        self.known = known
        self.columns: dict[str, Column] = {}
        self.seen: set[str] = set()
        self.own: set[str] = set()
        self.links: set[str] = set()
        self.lists: set[str] = set()
        self.led: set[str] = set()
        self.fruitless = 0
        self.answered_at = 0.0
        self.stages = iter((self._ask_for_what_vanished, self._discover_again))

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """A contact that is given with a crawl stands in its user agent too."""
        super().update_settings(settings)
        if contact := settings["CONTACT"]:
            agent = CrawlConfig(contact=contact).user_agent(version("gongkai"))
            settings.set("USER_AGENT", agent, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> ColumnSpider:
        """Opens the archive and the run.

        Raises:
            RegistryError, ArchiveError, NotReadyError: the site is unknown, the archive cannot be used, no contact is
                set and the site is public, or there is no delay between requests.
        """
        settings = crawler.settings
        site = kwargs.pop("site", None) or args[0]
        if not isinstance(site, Site):
            sites = registry.load(Path(settings["SITES"]) if settings["SITES"] else registry.DEFAULT)
            (site,) = registry.choose(sites, [site])
        require_delay(settings.getfloat("DOWNLOAD_DELAY"))
        require_contact(site, settings["CONTACT"], settings.getlist("ALLOWED_ADDRESSES"))
        archive = Archive(Path(settings["ARCHIVE_ROOT"]), holds=settings["ARCHIVE_HOLDS"])
        now = settings.get("NOW") or (lambda: dt.datetime.now(dt.UTC))
        recorder = Recorder(archive, site, now=now, code_version=version("gongkai"))
        spider = super().from_crawler(crawler, site=site, recorder=recorder, known=known_to(recorder), **kwargs)
        assert isinstance(spider, cls)
        crawler.signals.connect(spider.idle, signal=signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """The columns that are known; else the page that the registry names, a column or the way to one."""
        pages = dict.fromkeys((*self.known.columns, *self.site.entry_points))
        for url in pages:
            yield self._ask(url, self.parse_lead, meta={"leads": False, "lead": 100})
        if not pages or self.known.should_discover(self.recorder.now()):
            yield self._first_page()

    def _first_page(self) -> Request:
        url = self.site.start_url
        if is_home(url):
            return self._ask(url, self.parse_lead, meta={"lead": 0}, dont_filter=True)
        self.lists.add(columns.list_key(url))
        return self._ask(url, self.parse_list, meta={"root": url}, dont_filter=True)

    def idle(self) -> None:
        """When nothing is left to ask: what earlier runs listed and this one did not, then the site anew.

        Raises:
            DontCloseSpider: something came of it.
        """
        for stage in self.stages:
            requests = list(stage())
            for request in requests:
                self.crawler.engine.crawl(request)
            if requests:
                raise DontCloseSpider

    def _ask_for_what_vanished(self) -> Iterator[Request]:
        """Reports that the last run listed: gone with their page, or only off the list."""
        for listing in self.known.listed.values():
            if canonical(listing.url) not in self.seen and not self.recorder.is_blocked:
                entry = Entry(listing.url, listing.title, listing.published_on, listing.publisher)
                context = {"entry": entry, "found_on": listing.found_on, "reason": NO_LONGER_LISTED}
                yield self._ask(listing.url, self.parse_detail, cb_kwargs=context, meta=_report_meta(entry))

    def _discover_again(self) -> Iterator[Request]:
        """The columns that were known gave nothing: the site may have moved them."""
        if self.columns and not self.recorder.counts["reports"] and not self.recorder.is_blocked and not self.led:
            self.logger.info("%s: no report where there were some; looking for its columns anew", self.site.id)
            home = urljoin(self.site.start_url, "/")
            yield self._ask(home, self.parse_lead, meta={"lead": 0, "guessed": True}, dont_filter=True)

    def _ask(self, ask: str | Ask, callback: Any, **more: Any) -> Request:
        if isinstance(ask, Ask):
            more |= {"method": "POST", "body": ask.body, "headers": {"Content-Type": ask.content_type}}
        return Request(_url_of(ask), callback=callback, errback=self.failed, **more)

    def refuses(self, score: int) -> str:
        """Why a lead of that score is not asked for any more; empty if it is."""
        if self.recorder.counts["discovery"] >= self.crawler.settings.getint("MOST_LEADS"):
            return "the budget for finding columns is spent"
        if score < discovery.LAST_RESORT and len(self.recorder.reports) >= ENOUGH and self.fruitless >= PATIENCE:
            return "reports were found by better links, and links like this one have led to none for a while"
        return ""

    def parse_lead(self, response: Response) -> Iterator[Any]:
        """A page on the way: a column is walked, reports that it links are taken, and further links wait their turn."""
        page = _page(response)
        if self._is_wall(response):
            return
        family = self._family(page, None)
        score, depth = response.meta["lead"], response.meta.get("steps", 0)
        listed, named = list(family.entries(page)), list(discovery.units_of_notice(page))
        if not named and (discovery.is_column(page, listed) or _names_columns(family, page)):
            self.fruitless = 0
            found = list(self.parse_list(response))
            yield self._column_listing(page)
            yield from found
            if not found:  # a page that is called so and only leads on
                yield from self._leads(page, score, depth)
            return
        self.fruitless = 0 if score >= discovery.LAST_RESORT else self.fruitless + 1
        if columns.is_report_itself(page) and depth:
            yield from self.parse_detail(response, Entry(response.url, family.detail(page).title), response.url)
            return
        self.own.update(entry.url for entry in named)
        dated = [one for one in listed if _is_report(one) and _A_YEAR.search(one.title)]  # else it names a column
        linked = self._fresh((*named, *dated))
        if linked:
            yield self._column_listing(page, "a page that links reports")
        for one in linked:
            yield from self._entry(one, response.url, 0, response.url)
        led = list(self._leads(page, score, depth)) if response.meta.get("leads", True) else []
        yield from led
        if depth == 0 and not linked and not led and response.meta.get("leads", True):
            kind = "blocked" if is_shell(response.body) else "other"
            self._fail(response.request, kind, "a home page without links; a script may draw them", response.status)

    def _leads(self, page: Page, score: int, depth: int) -> Iterator[Request]:
        for lead in discovery.leads(page, score=score, depth=depth):
            key = canonical(lead.url)
            if key not in self.led and columns.list_key(lead.url) not in self.lists:
                self.led.add(key)
                meta = {"lead": lead.score, "steps": depth + 1}
                yield self._ask(lead.url, self.parse_lead, meta=meta, priority=lead.score - BEHIND)

    def _column_listing(self, page: Page, reason: str = "") -> Listing:
        title = " ".join((page.root.findtext(".//title") or "").split())
        return self._listing(Entry(page.url, title), page.url, verdict="column", reason=reason)

    def _is_wall(self, response: Response) -> bool:
        message = wall(response.status, response.body)
        if message:
            self._fail(response.request, "blocked", message, response.status)
        return bool(message)

    def parse_list(self, response: Response, entry: Entry | None = None, found_on: str = "") -> Iterator[Any]:
        """A list page: entries judged by their titles, then the column's other pages and the columns below it.

        An ``entry`` whose title reads like a report's and whose address like a list's is either: where no reports are
        listed there, or the form's headings stand there, it is the report. So may be the page that the registry names.
        """
        page = _page(response)
        if self._is_wall(response):
            return
        root = response.meta.get("root", response.url)
        column = self.columns.setdefault(root, Column(root))
        family = self._family(page, column)
        depth = response.meta.get("column", 0)
        is_first = page.url == root or root in response.meta.get("redirect_urls", ())
        self.lists.add(columns.list_key(response.url))
        listed = self._new_entries(family, page, column, is_first=is_first)
        self.logger.info("%s: %d new entries (%s)", response.url, len(listed), family.NAME)
        if entry is None and columns.is_report_itself(page):
            entry = Entry(response.url, family.detail(page).title)
        leads_to_reports = any(_is_report(one) and not (entry and ATTACHMENT.search(one.url)) for one in listed)
        barren = 0 if leads_to_reports else response.meta.get("barren", 0) + 1
        if entry is not None and (columns.is_report_itself(page) or not leads_to_reports):
            yield from self.parse_detail(response, entry, found_on or response.url)
        for one in listed if entry is None or leads_to_reports else ():
            yield from self._entry(one, response.url, depth, root)
        leads_on = response.meta.get("first", True)
        further = list(self._further_lists(page, family, column, depth, first=leads_on, barren=barren))
        yield from further
        if is_first and root == self.site.start_url and entry is None and not listed and not further:
            led = list(self._leads(page, discovery.LAST_RESORT, 0))
            yield from led
            if not led:
                message = "no entry and no further list in the markup; a script may draw them"
                self._fail(response.request, "other", message)

    def _new_entries(self, family: Family, page: Page, column: Column, *, is_first: bool) -> list[Entry]:
        pages = {*map(_url_of, family.next_pages(page)), page.url}
        column.annual |= is_first and columns.is_annual(page)
        own = list(columns.own_articles(page, annual=column.annual))
        self.own.update(entry.url for entry in own)
        return [entry for entry in self._fresh((*family.entries(page), *own)) if entry.url not in pages]

    def _fresh(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those whose page, by any of its twins' addresses, was not listed before in this run."""
        new: dict[str, Entry] = {}
        for entry in entries:
            if (key := canonical(entry.url)) not in self.seen:
                new.setdefault(key, entry)
        self.seen.update(new)
        return list(new.values())

    def _further_lists(
        self, page: Page, family: Family, column: Column, depth: int, *, first: bool, barren: int
    ) -> Iterator[Request]:
        """The other pages of this list, unless this one brought no new links: then it repeats another, or is empty.

        Where a column of yearly reports has shown none for some pages, its pager leads on without end.
        """
        asks = [ask for ask in family.next_pages(page) if same_host(_url_of(ask), self.site.start_url)]
        following = {_url_of(ask) for ask in asks}
        links = {url for url, _, _ in page.anchors()} | {one.url for one in family.entries(page)}
        fresh = links - self.links - following
        self.links |= links
        meta = {"root": column.root, "column": depth}
        if (fresh or first) and not (column.annual and barren >= BARREN):
            for ask in asks:
                from_here = urlsplit(_url_of(ask)).path == urlsplit(page.url).path
                endpoint = isinstance(ask, Ask) or "?" in ask  # not a page that is called one more than this
                again: dict[str, Any] = {"guessed": family.GUESSES_PAGES and not endpoint, "barren": barren}
                again["first"] = (family.LISTS_ELSEWHERE or endpoint) and not from_here
                yield self._ask(ask, self.parse_list, meta={**meta, **again})
        for url in columns.sub_columns(page, column.root):
            if depth < _DEEPEST_COLUMN and columns.list_key(url) not in self.lists and url not in following:
                self.lists.add(columns.list_key(url))
                yield self._ask(url, self.parse_list, meta={**meta, "column": depth + 1})

    def _family(self, page: Page, column: Column | None) -> Family:
        """The system that made a page: that of its column once it is known, else told by the page, else the registry's.

        A newer generation keeps the addresses of the older one: neither column nor registry may know of the change.
        """
        family = (column.family if column else None) or FAMILIES.get(self.site.family)
        successor = FAMILIES.get(family.SUCCEEDED_BY) if family else None
        if family is None or (successor is not None and successor.recognises(page)) or column is None:
            recognised = recognise(page)
            family = family if family is not None and recognised.NAME == "generic" else recognised
        if column is not None and family.NAME != "generic":
            column.family = family
        return family

    def _entry(self, entry: Entry, found_on: str, depth: int, root: str) -> Iterator[Any]:
        verdict, reason = judge(entry.title, entry.url)
        if verdict == "unrelated" or (reason == UNDECIDED and entry.url in self.own):
            what = instead_of(entry.title)
            listed = "listed among yearly reports, though its title does not say so"
            verdict, reason = ("skipped", what) if what else ("report", listed)
        if is_mirror(entry.url):
            verdict, reason = "skipped", "a known spam mirror"
        elif not same_host(entry.url, self.site.start_url):
            verdict, reason = "skipped", "a link to another host"
        is_column = verdict == "report" and columns.is_list(entry.url)
        if is_column and columns.is_column_name(entry.title):
            if columns.list_key(entry.url) not in self.lists and not columns.is_below(entry.url, root):
                yield self._listing(entry, found_on, verdict="skipped", reason="a column and no report")
            return
        if verdict == "report" and is_column:
            self.lists.add(columns.list_key(entry.url))
            meta = {"root": root, "column": depth + 1}
            yield self._ask(entry.url, self.parse_list, cb_kwargs={"entry": entry, "found_on": found_on}, meta=meta)
        elif verdict == "report":
            context = {"entry": entry, "found_on": found_on, "reason": reason}
            yield self._ask(entry.url, self.parse_detail, cb_kwargs=context, meta=_report_meta(entry, root))
        else:
            yield self._listing(entry, found_on, verdict="skipped", reason=reason)

    def _listing(self, entry: Entry, found_on: str, **more: Any) -> Listing:
        fields: dict[str, Any] = {
            "title": entry.title,
            "published_on": entry.published_on,
            "publisher": entry.publisher,
            "verdict": "report",
            **more,
        }
        return Listing(
            run_id=self.recorder.run.run_id, site_id=self.site.id, url=entry.url, found_on=found_on, **fields
        )

    def parse_detail(self, response: Response, entry: Entry, found_on: str, reason: str = "") -> Iterator[Any]:
        """A report's page, or the document itself: the listing, then the documents linked from it."""
        if self._is_wall(response):
            return
        if not response.body.strip():
            self._fail(response.request, "other", "an empty answer", response.status)
            return
        capture = response.request.meta["capture"] if response.request else None
        if capture is not None and capture.sniffed_type not in ("text/html", "application/xml", "text/plain"):
            yield self._listing(entry, found_on, reason=reason)
            return
        page = _page(response)
        if message := missing(page.text):
            self._fail(response.request, "gone", message, response.status)
            return
        detail = self._family(page, self.columns.get(response.meta.get("root", ""))).detail(page)
        if columns.is_group_name(entry.title) and judge(detail.title)[0] == "report":
            entry = replace(entry, title=detail.title)  # linked by a year alone, which may be that of publication
        published_on = detail.published_on or entry.published_on
        yield self._listing(
            entry,
            found_on,
            reason=reason,
            published_on=published_on,
            publisher=detail.publisher or entry.publisher,
            attachments=detail.attachments,
        )
        for url in detail.attachments:
            if same_host(url, self.site.start_url):
                meta = {"download_timeout": _DOCUMENT_TIMEOUT, "kind": "document", "published_on": published_on}
                yield self._ask(url, self.parse_document, meta=meta)
            else:
                self.recorder.fail(url, "not_followed", "an attachment on another host")

    def parse_document(self, response: Response) -> None:
        """An attachment is stored by now; a page in its place is a failure (some servers answer a captcha)."""
        capture = response.request.meta["capture"] if response.request else None
        # Word's own HTML is offered as .doc with a document's type: that is one.
        if capture is not None and capture.sniffed_type == "text/html" and capture.claimed_type in _PAGES:
            message = wall(response.status, response.body)
            self._fail(
                response.request,
                "blocked" if message else "other",
                message or "a page in place of a document",
                response.status,
            )

    def failed(self, failure: TwistedFailure) -> None:
        """What a request came to instead of an answer: a Failure with its kind, at the address that was listed."""
        request: Any = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        error = failure.value
        if isinstance(error, NotWorthAsking):
            return  # the budget's own count says how many
        if isinstance(error, HttpError):
            status = error.response.status
            if status == 404 and (request.meta.get("guessed") or request.meta.get("steps")):
                return  # the page after the last one: the walk's end, not a loss; or a menu's dead link
            self._fail(request, *classify_status(status, error.response.body), status)
        else:
            self._fail(request, *classify_error(error))

    def _fail(self, request: Any, kind: str, message: str, status: int | None = None) -> None:
        """A Failure at the address that was listed, with what it was called there: so it is known what is missing."""
        listed = next(iter(request.meta.get("redirect_urls", [])), request.url)
        where = f" (redirected to {request.url})" if listed != request.url else ""
        entry = request.cb_kwargs.get("entry")
        title = f"; listed as {entry.title}" if entry is not None else ""
        self.recorder.fail(listed, kind, message + where + title, status)
        self.logger.info("%s: %s, %s", listed, kind, message)


@dataclass
class Column:
    """A column on its walk. ``annual``: it is one of yearly reports by its own words; ``family``: its system."""

    root: str
    family: Family | None = None
    annual: bool = False


def is_home(url: str) -> bool:
    """Whether an address is that of a site's home page.

    >>> is_home("http://x.example/"), is_home("http://x.example/index.html"), is_home("http://x.example/zwgk/")
    (True, True, False)
    """
    return bool(_HOME.fullmatch(urlsplit(url).path)) and not urlsplit(url).query


def _names_columns(family: Family, page: Page) -> bool:
    return family.NAMES_COLUMNS and any(family.next_pages(page))


def _is_report(entry: Entry) -> bool:
    return judge(entry.title, entry.url)[0] == "report"


def _report_meta(entry: Entry, root: str = "") -> dict[str, str]:
    return {"kind": "report", "published_on": entry.published_on, "root": root}


def _url_of(ask: str | Ask) -> str:
    return ask.url if isinstance(ask, Ask) else ask


def _page(response: Response) -> Page:
    sent = response.request.body.decode("utf-8", "replace") if response.request else ""
    return Page(response.url, text_of(response.body), sent)
