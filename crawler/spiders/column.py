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
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.spidermiddlewares.httperror import HttpError

from crawler import registry
from crawler.archive import Archive
from crawler.config import CrawlConfig
from crawler.failures import classify_error, classify_status
from crawler.families import FAMILIES, Ask, Entry, Page, columns, judge, recognise
from crawler.families.page import same_host, text_of
from crawler.families.titles import UNDECIDED
from crawler.items import Listing, Site
from crawler.mirrors import is_mirror
from crawler.readiness import require_contact, require_delay
from crawler.recorder import Recorder
from crawler.walls import wall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure as TwistedFailure

    from crawler.families import Family

_DOCUMENT_TIMEOUT = 300
_PAGES = ("", "text/html", "application/xhtml+xml")
_DEEPEST_COLUMN = 4  # annual column, year, group, agency: sites were seen to nest three or four levels


class ColumnSpider(Spider):
    """``scrapy crawl column -a site=ID``: one site of the registry, from its start_url."""

    name = "column"

    def __init__(self, site: Site, recorder: Recorder, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site = site
        self.recorder = recorder
        self.family: Family | None = FAMILIES.get(site.family)
        self.seen: set[str] = set()
        self.annual = False
        self.own: set[str] = set()
        self.links: set[str] = set()
        self.lists: set[str] = set()

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
        spider = super().from_crawler(crawler, site=site, recorder=recorder, **kwargs)
        assert isinstance(spider, cls)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """The column's first page."""
        self.lists.add(columns.list_key(self.site.start_url))
        yield self._ask(self.site.start_url, self.parse_list)

    def _ask(self, ask: str | Ask, callback: Any, **more: Any) -> Request:
        if isinstance(ask, Ask):
            more |= {"method": "POST", "body": ask.body, "headers": {"Content-Type": ask.content_type}}
        return Request(_url_of(ask), callback=callback, errback=self.failed, **more)

    def parse_list(self, response: Response, entry: Entry | None = None, found_on: str = "") -> Iterator[Any]:
        """A list page: entries judged by their titles, then the column's other pages and the columns below it.

        An ``entry`` whose title reads like a report's and whose address like a list's is either: where no reports are
        listed there, or the form's headings stand there, it is the report. So may be the page that the registry names.
        """
        page = Page(response.url, text_of(response.body), _sent(response))
        if message := wall(response.status, response.body):
            self._fail(response.request, "blocked", message, response.status)
            return
        family = self._family(page)
        depth = response.meta.get("column", 0)
        listed = self._new_entries(family, page)
        self.logger.info("%s: %d new entries (%s)", response.url, len(listed), family.NAME)
        if entry is None and columns.is_report_itself(page):
            entry = Entry(response.url, family.detail(page).title)
        leads_to_reports = any(judge(one.title, one.url)[0] == "report" for one in listed)
        if entry is not None and (columns.is_report_itself(page) or not leads_to_reports):
            yield from self.parse_detail(response, entry, found_on or response.url)
        for one in listed:
            yield from self._entry(one, response.url, depth)
        further = list(self._further_lists(page, family, depth, first=response.meta.get("first", True)))
        yield from further
        if response.url == self.site.start_url and entry is None and not listed and not further:
            self._fail(response.request, "other", "no entry and no further list in the markup; a script may draw them")

    def _new_entries(self, family: Family, page: Page) -> list[Entry]:
        new: dict[str, Entry] = {}
        pages = {*map(_url_of, family.next_pages(page)), page.url}
        self.annual |= page.url == self.site.start_url and columns.is_annual(page)
        own = list(columns.own_articles(page, annual=self.annual))
        self.own.update(entry.url for entry in own)
        for entry in (*family.entries(page), *own):
            if entry.url not in self.seen and entry.url not in pages:
                new.setdefault(entry.url, entry)
        self.seen.update(new)
        return list(new.values())

    def _further_lists(self, page: Page, family: Family, depth: int, *, first: bool) -> Iterator[Request]:
        """The other pages of this list, unless this one brought no new links: then it repeats another, or is empty."""
        asks = [ask for ask in family.next_pages(page) if same_host(_url_of(ask), self.site.start_url)]
        following = {_url_of(ask) for ask in asks}
        links = {url for url, _, _ in page.anchors()} | {one.url for one in family.entries(page)}
        fresh = links - self.links - following
        self.links |= links
        if fresh or first:
            for ask in asks:
                from_here = urlsplit(_url_of(ask)).path == urlsplit(page.url).path
                endpoint = isinstance(ask, Ask) or "?" in ask  # not a page that is called one more than this
                meta = {"guessed": family.GUESSES_PAGES and not endpoint, "column": depth}
                meta["first"] = (family.LISTS_ELSEWHERE or endpoint) and not from_here
                yield self._ask(ask, self.parse_list, meta=meta)
        for url in columns.sub_columns(page, self.site.start_url):
            if depth < _DEEPEST_COLUMN and columns.list_key(url) not in self.lists and url not in following:
                self.lists.add(columns.list_key(url))
                yield self._ask(url, self.parse_list, meta={"column": depth + 1})

    def _family(self, page: Page) -> Family:
        successor = FAMILIES.get(self.family.SUCCEEDED_BY) if self.family else None
        if self.family is None or (successor is not None and successor.recognises(page)):
            # A newer generation keeps the addresses of the older one: a registry may not know of the change.
            recognised = recognise(page)
            if recognised.NAME == "generic":
                return recognised
            self.family = recognised
        return self.family

    def _entry(self, entry: Entry, found_on: str, depth: int) -> Iterator[Any]:
        verdict, reason = judge(entry.title, entry.url)
        if verdict == "unrelated" or (reason == UNDECIDED and entry.url in self.own):
            verdict, reason = "report", "listed among yearly reports, though its title does not say so"
        if is_mirror(entry.url):
            verdict, reason = "skipped", "a known spam mirror"
        elif not same_host(entry.url, self.site.start_url):
            verdict, reason = "skipped", "a link to another host"
        is_column = verdict == "report" and columns.is_list(entry.url)
        if is_column and columns.is_column_name(entry.title):
            if columns.list_key(entry.url) not in self.lists and not columns.is_below(entry.url, self.site.start_url):
                yield self._listing(entry, found_on, verdict="skipped", reason="a column and no report")
            return
        if verdict == "report" and is_column:
            self.lists.add(columns.list_key(entry.url))
            meta = {"column": depth + 1}
            yield self._ask(entry.url, self.parse_list, cb_kwargs={"entry": entry, "found_on": found_on}, meta=meta)
        elif verdict == "report":
            context = {"entry": entry, "found_on": found_on, "reason": reason}
            yield self._ask(entry.url, self.parse_detail, cb_kwargs=context)
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
        if message := wall(response.status, response.body):
            self._fail(response.request, "blocked", message, response.status)
            return
        if not response.body.strip():
            self._fail(response.request, "other", "an empty answer", response.status)
            return
        capture = response.request.meta["capture"] if response.request else None
        if capture is not None and capture.sniffed_type not in ("text/html", "application/xml", "text/plain"):
            yield self._listing(entry, found_on, reason=reason)
            return
        page = Page(response.url, text_of(response.body))
        detail = self._family(page).detail(page)
        if columns.is_group_name(entry.title) and judge(detail.title)[0] == "report":
            entry = replace(entry, title=detail.title)  # linked by a year alone, which may be that of publication
        yield self._listing(
            entry,
            found_on,
            reason=reason,
            published_on=detail.published_on or entry.published_on,
            publisher=detail.publisher or entry.publisher,
            attachments=detail.attachments,
        )
        for url in detail.attachments:
            if same_host(url, self.site.start_url):
                yield self._ask(url, self.parse_document, meta={"download_timeout": _DOCUMENT_TIMEOUT})
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
        if isinstance(error, HttpError):
            status = error.response.status
            if status == 404 and request.meta.get("guessed"):
                return  # the page after the last one: the walk's end, not a loss
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


def _url_of(ask: str | Ask) -> str:
    return ask.url if isinstance(ask, Ask) else ask


def _sent(response: Response) -> str:
    return response.request.body.decode("utf-8", "replace") if response.request else ""
