"""Facts about reports' pages: address, title, date, publisher, body, documents, the standard's page tags."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crawler.families import Page, judge
from crawler.families.page import ATTACHMENT, body_name
from crawler.probe.items import Fact
from crawler.sniff import HTML

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crawler.probe.items import Answer, Probed

_BODY_IN_SCRIPT = ("gkmlpt",)
_YEARLY_REPORTS = "信息公开年报"


def facts(probed: Probed) -> Iterator[Fact]:
    """Of the reports' pages, then of what every page should print."""
    yield _address(probed)
    yield from _stated(probed)
    yield _body(probed)
    yield _attachments(probed)
    yield from _site_tags(probed)
    yield _column_type(probed)


def _fact(probed: Probed, what: str, assumed: str, seen: str, holds: bool | None, url: str = "") -> Fact:
    return Fact(probed.site.id, probed.family.NAME, what, assumed, seen, holds, url)


def _tally(probed: Probed, what: str, assumed: str, good: Sequence[str], bad: Sequence[str], *, more: str = "") -> Fact:
    """Holds where at least half of the pages say so; names the first that does not."""
    of = len(good) + len(bad)
    if not of:
        return _fact(probed, what, assumed, "", None)
    seen = f"{len(good)} of {of}" + (f": {more}" if more else "")
    return _fact(probed, what, assumed, seen, len(good) * 2 >= of, (bad or good)[0])


def _address(probed: Probed) -> Fact:
    family = probed.family
    assumed = "reports' addresses have the form that the family's manual says"
    if family.NAME == "generic":
        return _fact(probed, "address form", assumed, "generic assumes none", None)
    listed = dict.fromkeys(one.url for one in probed.listings if one.verdict == "report")
    urls = [url for url in listed if not ATTACHMENT.search(url)]
    good = [url for url in urls if family.recognises(Page(url, ""))]
    bad = [url for url in urls if url not in good]
    return _tally(probed, "address form", assumed, good, bad, more=f"not {bad[0]}" if bad else "")


def _stated(probed: Probed) -> Iterator[Fact]:
    details = [(one, probed.family.detail(one.page), tags(one)) for one in probed.articles]

    def told(what: str, tag: str, has: Callable[[int], bool], elsewhere: str) -> Fact:
        good = [one.url for number, (one, _, _) in enumerate(details) if has(number)]
        bad = [one.url for one, _, _ in details if one.url not in good]
        tagged = sum(bool(found.get(tag.lower())) for _, _, found in details)
        more = f"the tag {tag} on {tagged}"
        return _tally(probed, what, f"the page tag {tag}{elsewhere} says it", good, bad, more=more)

    yield told("title", "ArticleTitle", lambda n: judge(details[n][1].title)[0] == "report", ", else <title>,")
    yield told("date", "PubDate", lambda n: bool(details[n][1].published_on), ", else the text,")
    yield told("publisher", "ContentSource", lambda n: bool(details[n][1].publisher), "")


def _body(probed: Probed) -> Fact:
    assumed = "the text stands in an element with a known name"
    named = [(one.url, body_name(one.page)) for one in probed.articles]
    if named and probed.family.NAME in _BODY_IN_SCRIPT:
        return _fact(probed, "body", assumed, "this family's text stands in a script", None)
    counts = Counter(name for _, name in named if name)
    more = ", ".join(f"{name} {number}" for name, number in counts.most_common())
    good, bad = [url for url, name in named if name], [url for url, name in named if not name]
    return _tally(probed, "body", assumed, good, bad, more=more)


def _attachments(probed: Probed) -> Fact:
    assumed = "documents that reports' pages link answer with documents"
    named = dict.fromkeys(url for one in probed.articles for url in probed.family.detail(one.page).attachments)
    answers = [(url, one) for url in named if (one := probed.led_to(url)) is not None]
    good = [url for url, one in answers if one.status == 200 and one.sniffed_type != HTML]
    bad = [url for url, _ in answers if url not in good]
    if not answers:
        seen = f"{len(named)} linked, none asked for" if named else "none linked"
        return _fact(probed, "attachments", assumed, seen, None)
    types = Counter(f"{one.sniffed_type} ({one.status})" for _, one in answers)
    more = ", ".join(f"{kind} {number}" for kind, number in types.most_common())
    return _tally(probed, "attachments", assumed, good, bad, more=f"{len(named)} linked; {more}")


def tags(one: Answer) -> dict[str, str]:
    """The page tags of the standard (国办发〔2017〕47号), names in lower case."""
    return {
        (element.get("name") or "").lower(): " ".join((element.get("content") or "").split())
        for element in one.page.root.iter("meta")
    }


def _site_tags(probed: Probed) -> Iterator[Fact]:
    pages = [(one, tags(one)) for one in probed.pages if one.sniffed_type == HTML]
    good = [one.url for one, found in pages if found.get("sitename") and found.get("siteidcode")]
    bad = [one.url for one, _ in pages if one.url not in good]
    codes = Counter(code for _, found in pages if (code := found.get("siteidcode", "").lower()))
    names = Counter(name for _, found in pages if (name := found.get("sitename", "")))
    code, name = (next(iter(counts.most_common(1)), ("", 0))[0] for counts in (codes, names))
    more = ", ".join(filter(None, (name, code)))
    yield _tally(probed, "site tags", "every page prints SiteName and SiteIDCode", good, bad, more=more)
    url = next((one.url for one, found in pages if found.get("siteidcode")), "")
    region, central = probed.site.region_code[:6], probed.site.level == "central"
    known = region or ("a central agency" if central else "")
    holds = None if not code or not known else code.startswith("bm") if central else code[:6] == region
    assumed = f"SiteIDCode begins with the registry's region, {known}" if known else "the registry names no region"
    yield Fact(probed.site.id, probed.site.family or "generic", "region", assumed, code, holds, url)


def _column_type(probed: Probed) -> Fact:
    told = [(one.url, tags(one).get("columntype", "")) for one in probed.columns if one.sniffed_type == HTML]
    good, bad = (
        [url for url, kind in told if kind == _YEARLY_REPORTS],
        [url for url, kind in told if kind != _YEARLY_REPORTS],
    )
    more = ", ".join(dict.fromkeys(kind or "no tag" for _, kind in told))
    return _tally(probed, "column type", f"a column's ColumnType is {_YEARLY_REPORTS}", good, bad, more=more)
