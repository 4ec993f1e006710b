"""Walks a column of yearly reports: its list pages to the end, each report's page, and the documents linked there.

Notes for a site's web team: this spider asks for one page at a time with a pause between, obeys robots.txt, names a
contact in its user agent, and looks only at the column of yearly reports. Write to that contact and it stays away.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.spidermiddlewares.httperror import HttpError

from crawler import discovery, registry
from crawler.archive import Archive
from crawler.budget import NotWorthAsking
from crawler.config import CrawlConfig
from crawler.failures import classify_error, classify_status
from crawler.families import Ask, Entry, Page, columns, judge
from crawler.families.page import same_host, text_of
from crawler.families.twins import canonical
from crawler.items import LISTED_AS, NO_LONGER_LISTED, Listing, Site
from crawler.known import NOTHING, Known, known_to
from crawler.readiness import require_contact, require_delay
from crawler.recorder import Recorder
from crawler.rest import DownError, SiteRestsError
from crawler.walk import Column, Walk, leads_to_reports, url_of
from crawler.walls import is_shell, missing, wall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure as TwistedFailure

    from crawler.families import Family

_DOCUMENT_TIMEOUT = 300
_PAGES = ("", "text/html", "application/xhtml+xml")
_ENOUGH, _PATIENCE = 3, 30  # after so many reports, links that hardly promise any get so many more tries in a row
_BEHIND = 200  # so that what is found is walked before more is looked for
_SURE = 100


class ColumnSpider(Spider):
    """``scrapy crawl column -a site=ID``: one site of the registry, from its home page or its column."""

    name = "column"

    def __init__(self, site: Site, recorder: Recorder, known: Known = NOTHING, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site = site
        self.recorder = recorder
        self.known = known
        self.walk = Walk(site)
        self.searched = False
        self.answered: set[str] = set()
        self.list_failed = self.rests = False
        self.answered_at = 0.0  # monotonic seconds
        self.stages = iter((self._discover_again, self._ask_for_what_vanished))

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
            yield self._ask(url, self.parse_lead, meta={"leads": False, "lead": _SURE})
        if not pages or (self.site.start_url not in pages and self.known.should_discover(self.recorder.now())):
            yield self._first_page()

    def _first_page(self) -> Request:
        url = self.site.start_url
        self.searched = True
        self.walk.lists.add(columns.list_key(url))  # every page of the site links back to it
        if discovery.is_home(url):
            return self._ask(url, self.parse_lead, meta={"lead": 0}, dont_filter=True)
        return self._ask(url, self.parse_list, meta={"root": url}, dont_filter=True)

    def idle(self) -> None:
        """When nothing is left to ask: the site anew where it gave nothing, then what was listed before and is not now.

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
        """Reports that the last run listed: gone with their page, or only off the list.

        Where a list did not answer nobody knows what it lists.
        """
        for listing in self.known.listed.values():
            is_listed = canonical(listing.url) in self.walk.listed
            is_unknown = self.list_failed and listing.found_on not in self.answered
            if not (is_listed or is_unknown or self.recorder.is_blocked or self.rests):
                entry = Entry(listing.url, listing.title, listing.published_on, listing.publisher)
                context = {"entry": entry, "found_on": listing.found_on, "reason": NO_LONGER_LISTED}
                yield self._ask(listing.url, self.parse_detail, cb_kwargs=context, meta=self._report_meta(entry))

    def _discover_again(self) -> Iterator[Request]:
        """The columns that were known, or that the registry names, gave nothing: the site may have moved them."""
        if self.recorder.reports or self.walk.led or (self.recorder.is_blocked and self.answered):
            return
        if not self.searched and self.site.start_url not in self.site.entry_points:
            self.logger.info("%s: no report where there should be some; looking for its columns anew", self.site.id)
            yield self._first_page()
        elif self.walk.columns and not discovery.is_home(self.site.start_url):
            home = urljoin(self.site.start_url, "/")
            yield self._ask(home, self.parse_lead, meta={"lead": 0, "guessed": True}, dont_filter=True)

    def _ask(self, ask: str | Ask, callback: Any, **more: Any) -> Request:
        if isinstance(ask, Ask):
            more |= {"method": "POST", "body": ask.body, "headers": {"Content-Type": ask.content_type}}
        return Request(url_of(ask), callback=callback, errback=self.failed, **more)

    def refuses(self, score: int) -> str:
        """Why a lead of that score is not asked for any more; empty if it is."""
        counts, most = self.recorder.counts, self.crawler.settings.getint("MOST_LEADS")
        if counts["discovery"] >= most:
            return "the budget for finding columns is spent"
        if score < discovery.LAST_RESORT and len(self.recorder.reports) >= _ENOUGH and self.walk.fruitless >= _PATIENCE:
            return "reports were found by better links, and links like this one have led to none for a while"
        return ""

    def parse_lead(self, response: Response) -> Iterator[Any]:
        """A page on the way: a column is walked, reports that it links are taken, and further links wait their turn."""
        page = _page(response)
        if self._is_wall(response):
            return
        self.answered.add(response.url)
        family = self.walk.family_of(page)
        named = list(discovery.units_of_notice(page))
        if not named and (discovery.is_column(page, list(family.entries(page))) or _names_columns(family, page)):
            self.walk.fruitless = 0
            yield from self._column(response, page)
        elif columns.is_report_itself(page) and (response.meta.get("steps") or not response.meta.get("leads", True)):
            itself = self.walk.fresh([Entry(response.url, family.detail(page).title)])
            for entry in itself:
                yield from self.parse_detail(response, entry, response.url)
            for entry in self.walk.entries_on_the_way(family, page, named):
                yield from self._entry(entry, response.url, 0, response.url)
        else:
            promising = response.meta["lead"] >= discovery.LAST_RESORT
            self.walk.fruitless = 0 if promising else self.walk.fruitless + 1
            yield from self._on_the_way(response, page, self.walk.entries_on_the_way(family, page, named))

    def _column(self, response: Response, page: Page) -> Iterator[Any]:
        found = list(self.parse_list(response))
        yield self._column_listing(page)
        yield from found
        if not found:  # a page that is called so and only leads on
            yield from self._leads(response, page)

    def _on_the_way(self, response: Response, page: Page, linked: list[Entry]) -> Iterator[Any]:
        if linked:
            yield self._column_listing(page, "a page that links reports")
        for one in linked:
            yield from self._entry(one, response.url, 0, response.url)
        led = list(self._leads(response, page)) if response.meta.get("leads", True) else []
        yield from led
        if not (any(page.anchors()) or led or response.meta.get("steps")) and response.meta.get("leads", True):
            kind = "blocked" if is_shell(response.body) else "other"
            self._fail(response.request, kind, "a home page without links; a script may draw them", response.status)

    def _leads(self, response: Response, page: Page) -> Iterator[Request]:
        steps, score = response.meta.get("steps", 0), response.meta.get("lead", discovery.LAST_RESORT)
        for lead in self.walk.new_leads(page, score=score, depth=steps):
            meta = {"lead": lead.score, "steps": steps + 1}
            yield self._ask(lead.url, self.parse_lead, meta=meta, priority=lead.score - _BEHIND)

    def _column_listing(self, page: Page, reason: str = "") -> Listing:
        title = " ".join((page.root.findtext(".//title") or "").split())
        return self._listing(Entry(page.url, title), page.url, verdict="column", reason=reason)

    def _is_wall(self, response: Response) -> bool:
        message = wall(response.status, response.body)
        if message:
            self.list_failed |= "kind" not in response.meta
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
        self.answered.add(response.url)
        root, depth = response.meta.get("root", response.url), response.meta.get("column", 0)
        column = self.walk.columns.setdefault(root, Column(root))
        family = self.walk.family_of(page, column)
        is_first = page.url == root or root in response.meta.get("redirect_urls", ())
        self.walk.lists.add(columns.list_key(response.url))
        listed = self.walk.entries_of_list(family, page, column, is_first=is_first)
        self.logger.info("%s: %d new entries (%s)", response.url, len(listed), family.NAME)
        if entry is None and columns.is_report_itself(page):
            entry = Entry(response.url, family.detail(page).title)
        reports = leads_to_reports(listed, of_a_report=entry is not None)
        if entry is not None and (columns.is_report_itself(page) or not reports):
            yield from self.parse_detail(response, entry, found_on or response.url)
        for one in listed if entry is None or reports else ():
            yield from self._entry(one, response.url, depth, root)
        barren = 0 if reports else response.meta.get("barren", 0) + 1
        further = list(self._further(response, page, family, column, barren))
        yield from further
        if is_first and root == self.site.start_url and columns.is_report_itself(page):
            yield from self._from_a_report(response, page)
        elif is_first and root == self.site.start_url and entry is None and not listed and not further:
            yield from self._start_without_entries(response, page)

    def _further(
        self, response: Response, page: Page, family: Family, column: Column, barren: int
    ) -> Iterator[Request]:
        first, depth = response.meta.get("first", True), response.meta.get("column", 0)
        for one in self.walk.further_pages(page, family, column, first=first, barren=barren):
            meta = {"root": column.root, "column": depth, "barren": barren}
            yield self._ask(one.ask, self.parse_list, meta={**meta, "guessed": one.guessed, "first": one.first})
        for url in self.walk.lists_below(page, family, column, depth):
            yield self._ask(url, self.parse_list, meta={"root": column.root, "column": depth + 1})

    def _from_a_report(self, response: Response, page: Page) -> Iterator[Request]:
        """From one known report to its column: what its address tells, what its page links, the site's home page."""
        for url in discovery.lists_of(response.url):
            yield self._ask(url, self.parse_lead, meta={"lead": _SURE, "steps": 1})
        yield from self._leads(response, page)
        yield self._ask(urljoin(response.url, "/"), self.parse_lead, meta={"lead": discovery.LAST_RESORT, "steps": 1})

    def _start_without_entries(self, response: Response, page: Page) -> Iterator[Request]:
        led = list(self._leads(response, page))
        yield from led
        if not led:
            message = "no entry and no further list in the markup; a script may draw them"
            self._fail(response.request, "other", message)

    def _entry(self, entry: Entry, found_on: str, depth: int, root: str) -> Iterator[Any]:
        decision = self.walk.decide(entry, root)
        if decision.what == "skipped":
            yield self._listing(entry, found_on, verdict="skipped", reason=decision.reason)
        elif decision.what == "list":
            self.walk.lists.add(columns.list_key(entry.url))
            meta = {"root": root, "column": depth + 1}
            yield self._ask(entry.url, self.parse_list, cb_kwargs={"entry": entry, "found_on": found_on}, meta=meta)
        elif decision.what == "detail":
            context = {"entry": entry, "found_on": found_on, "reason": decision.reason}
            yield self._ask(entry.url, self.parse_detail, cb_kwargs=context, meta=self._report_meta(entry, root))

    def _report_meta(self, entry: Entry, root: str = "") -> dict[str, str]:
        """What decides when a report is due again; its date may stand on its own page alone, which was read before."""
        known = self.known.listed.get(entry.url)
        published_on = entry.published_on or (known.published_on if known else "")
        return {"kind": "report", "published_on": published_on, "root": root}

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
        column = self.walk.columns.get(response.meta.get("root", ""))
        detail = self.walk.family_of(page, column).detail(page)
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
        if capture is not None and capture.sniffed_type == "text/html" and _is_of_a_page(capture.claimed_type):
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
        self.rests |= isinstance(error, SiteRestsError | DownError)
        if isinstance(error, HttpError):
            status = error.response.status
            if status == 404 and (request.meta.get("guessed") or request.meta.get("steps")):
                return  # the page after the last one: the walk's end, not a loss; or a menu's dead link
            self.list_failed |= "kind" not in request.meta and status not in (404, 410)
            self._fail(request, *classify_status(status, error.response.body), status)
        else:
            self.list_failed |= "kind" not in request.meta
            self._fail(request, *classify_error(error))

    def _fail(self, request: Any, kind: str, message: str, status: int | None = None) -> None:
        """A Failure at the address that was listed, with what it was called there: so it is known what is missing."""
        listed = next(iter(request.meta.get("redirect_urls", [])), request.url)
        where = f" (redirected to {request.url})" if listed != request.url else ""
        entry = request.cb_kwargs.get("entry")
        title = f"{LISTED_AS}{entry.title}" if entry is not None else ""
        self.recorder.fail(listed, kind, message + where + title, status)
        self.logger.info("%s: %s, %s", listed, kind, message)


def _names_columns(family: Family, page: Page) -> bool:
    return family.NAMES_COLUMNS and any(family.next_pages(page))


def _is_of_a_page(claimed_type: str) -> bool:
    return claimed_type.partition(";")[0].strip().lower() in _PAGES


def _page(response: Response) -> Page:
    sent = response.request.body.decode("utf-8", "replace") if response.request else ""
    return Page(response.url, text_of(response.body), sent)
