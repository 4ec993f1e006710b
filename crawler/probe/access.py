"""Facts about how a site answers: reach, host, robots.txt, the registry's addresses, charset, validators."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from protego import Protego

from crawler.discovery import is_home
from crawler.families.page import same_host, text_of
from crawler.probe.items import Fact
from crawler.robots import rules
from crawler.sniff import HTML
from crawler.walls import is_shell, missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.probe.items import Answer, Probed

_AGENT = "Gongkai"
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
_CHINESE = ("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk")


def facts(probed: Probed) -> Iterator[Fact]:
    """In the order in which a visit meets them."""
    yield _reachable(probed)
    yield _host(probed)
    yield _robots(probed)
    yield from _ways_in(probed)
    yield _charset(probed)
    yield from _validators(probed)


def _fact(probed: Probed, what: str, assumed: str, seen: str, holds: bool | None, url: str = "") -> Fact:
    return Fact(probed.site.id, probed.site.family or "generic", what, assumed, seen, holds, url)


def _reachable(probed: Probed) -> Fact:
    asked = [one for one in probed.answers if not _is_robots(one)]
    assumed = "the host answers, and with no wall"
    walls = [one for one in asked if one.wall]
    if walls and not probed.pages:
        return _fact(probed, "reachable", assumed, f"a wall: {walls[0].wall}", False, walls[0].url)
    if asked:
        told = Counter(one.status for one in asked)
        seen = ", ".join(f"{status} at {number}" for status, number in told.most_common())
        return _fact(probed, "reachable", assumed, seen + (f"; {len(walls)} walls" if walls else ""), True)
    if probed.answers:
        return _fact(probed, "reachable", assumed, "robots.txt answers; nothing else was asked for", True)
    failure = next(iter(probed.failures), None)
    seen = f"{failure.kind}: {failure.message}" if failure else "it was not asked"
    return _fact(probed, "reachable", assumed, seen, False if failure else None, failure.url if failure else "")


def _host(probed: Probed) -> Fact:
    """Redirects of the registry's own addresses."""
    start = urlsplit(probed.site.start_url)
    assumed = f"{start.scheme}://{start.netloc}"
    for url in dict.fromkeys((*probed.ways_in, probed.site.start_url)):
        for one in probed.at(url)[:1]:
            if not one.location:
                continue
            scheme, _, _ = one.location.partition("://")
            if not same_host(one.location, url) or scheme.lower() != urlsplit(url).scheme:
                seen = f"{one.status}, redirected to {one.location}"
                return _fact(probed, "host", assumed, seen, False, url)
    own = [one for one in probed.pages if same_host(one.url, probed.site.start_url)]
    return _fact(probed, "host", assumed, "pages come from there" if own else "", True if own else None)


def _robots(probed: Probed) -> Fact:
    url = urljoin(probed.site.start_url, "/robots.txt")
    one, assumed = probed.led_to(url), "robots.txt does not close what is asked for"
    if one is None:
        return _fact(probed, "robots", assumed, "no answer", None)
    if one.status >= 500:
        return _fact(probed, "robots", assumed, f"{one.status}, which closes all until it is better", False, url)
    if one.wall:
        return _fact(probed, "robots", assumed, f"a wall in its place ({one.status}); taken as none", True, url)
    if one.status >= 400:
        return _fact(probed, "robots", assumed, f"none ({one.status})", True, url)
    kept = rules(one.status, one.body)
    if one.body.strip() and not kept:
        return _fact(probed, "robots", assumed, "HTML in its place; taken as none", True, url)
    return _fact(probed, "robots", assumed, *_of_rules(probed, text_of(kept)), url)


def _of_rules(probed: Probed, text: str) -> tuple[str, bool]:
    parsed = Protego.parse(text)
    delay = parsed.crawl_delay(_AGENT)
    asks = f"; Crawl-delay {delay:g}" if delay is not None else ""
    closed = [url for url in probed.ways_in if not parsed.can_fetch(url, _AGENT)]
    if closed and not parsed.can_fetch(urljoin(probed.site.start_url, "/"), _AGENT):
        return f"closes all{asks}", False
    if closed:
        return f"closes {' '.join(urlsplit(url).path for url in closed)}{asks}", False
    number = len(re.findall(r"^\s*disallow\s*:\s*\S", text, re.IGNORECASE | re.MULTILINE))
    return f"rules, {number} paths closed, none of them in the way{asks}", True


def _ways_in(probed: Probed) -> Iterator[Fact]:
    for url in probed.site.entry_points:
        seen, holds = _of_entry(probed, url)
        yield _fact(probed, "entry point", "is a page of this site", seen, holds, url)
    if not probed.site.entry_points:
        assumed = "leads to a column of yearly reports in a few steps"
        found = [one.url for one in probed.columns]
        if found:
            more = f" and {len(found) - 1} more" if found[1:] else ""
            yield _fact(probed, "entry point", assumed, f"found {found[0]}{more}", True, found[0])
        else:
            some = len(probed.pages)
            shell = any(is_shell(one.body) for one in probed.pages[:1])
            seen = f"none in {some} pages" if some else "no page came"
            seen += "; the first is hardly more than a script" if shell else ""
            yield _fact(probed, "entry point", assumed, seen, False if some else None, probed.site.start_url)


def _of_entry(probed: Probed, url: str) -> tuple[str, bool | None]:
    one, failure = probed.led_to(url), probed.failure_at(url)
    if one is not None and one.is_page:
        if message := missing(one.page.text):
            return message, False
        moved = one.url != url and is_home(one.url) and not is_home(url)
        return (f"leads to the home page {one.url}", False) if moved else (str(one.status), True)
    if failure is not None:
        is_wrong = failure.kind == "gone" or (failure.kind == "not_followed" and one is not None)
        return f"{failure.kind}: {failure.message}", False if is_wrong else None
    if one is not None:
        return one.wall or f"{one.status}, {one.sniffed_type}", None if one.wall else False
    return "not asked for", None


def _charset(probed: Probed) -> Fact:
    """Declared against measured; pages of ASCII alone tell nothing."""
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], str] = {}
    for one in probed.pages:
        if one.sniffed_type == HTML and (measured := _measured(one.body)):
            pair = _declared(one), measured
            counts[pair] += 1
            first.setdefault(pair, one.url)
    seen = "; ".join(f"declared {declared}, is {measured} ({n})" for (declared, measured), n in counts.most_common())
    wrong = [pair for pair in counts if pair[0] != pair[1]]
    url = first[wrong[0]] if wrong else next(iter(first.values()), "")
    return _fact(probed, "charset", "as declared", seen, not wrong if counts else None, url)


def _declared(one: Answer) -> str:
    header = re.search(r"charset=[\"']?([\w-]+)", one.headers.get("content-type", ""), re.IGNORECASE)
    meta = _DECLARED.search(one.body[:4096])
    name = (header[1] if header else meta[1].decode() if meta else "nothing").lower()
    return {"utf8": "utf-8", **dict.fromkeys(_CHINESE, "gb18030")}.get(name, name)


def _measured(body: bytes) -> str:
    if body.isascii():
        return ""
    for codec in ("utf-8", "gb18030"):
        try:
            body.decode(codec)
        except UnicodeDecodeError:
            continue
        return codec
    return "neither utf-8 nor gb18030"


def _validators(probed: Probed) -> Iterator[Fact]:
    having = [one for one in probed.pages if has_validators(one)]
    seen = f"{len(having)} of {len(probed.pages)} pages" if probed.pages else ""
    some = bool(having) if probed.pages else None
    yield _fact(probed, "validators", "pages have an ETag or Last-Modified", seen, some)
    urls = {one.url for one in having}
    asked = [(url, status) for url, status in probed.again if url in urls]
    same = sum(status == 304 for _, status in asked)
    seen = f"{same} of {len(asked)} answered 304" if asked else ""
    whole = next((url for url, status in asked if status != 304), "")
    yield _fact(probed, "conditional", "what has not changed answers 304", seen, same > 0 if asked else None, whole)


def has_validators(one: Answer) -> bool:
    """Whether a later request can ask if it has changed."""
    return "etag" in one.headers or "last-modified" in one.headers


def _is_robots(one: Answer) -> bool:
    return urlsplit(one.url).path == "/robots.txt"
