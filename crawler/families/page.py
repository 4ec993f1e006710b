"""What families read and give: a page in, entries and details out. Pure: no request is made here."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.parse import SplitResult

    from lxml.html import HtmlElement

# lxml refuses a text with an XML head or a NUL, and leaves out what stands after the end of the page.
_UNREADABLE = re.compile(r"\A\s*<\?xml[^>]*\?>|\0|</(?:body|html)\s*>", re.IGNORECASE)
_DOCUMENT_NAME = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|zip|rar)(?![a-z0-9])", re.IGNORECASE)
# A call that writes whole pieces of markup; what is put together from variables cannot be read here.
_LITERAL = r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\""
_WRITES = re.compile(rf"document\.writeln?\(\s*((?:(?:{_LITERAL})\s*(?:\+\s*)?)+)\)")
_LITERALS = re.compile(_LITERAL)
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))")
ATTACHMENT = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|zip|rar)(?:$|[?#&])", re.IGNORECASE)
_AN_ADDRESS = re.compile(r"\s*(?:https?://|\.{0,2}/|[\w-]+/)[\w./?=&%:-]*\s*$")
_OPENED = re.compile(
    r"(?:window\.open|location\.(?:assign|replace))\(\s*[\"']([^\"'\s+]{1,500})[\"']|location(?:\.href)?\s*=\s*[\"']([^\"'\s+]{1,500})[\"']"
)
_DATE = re.compile(r"((?:19|20)\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_SEPARATOR = re.compile(r"(?<!\s)\s*(?:[>›»＞→]\s*)+")
_BREADCRUMB = re.compile(r"(?:网站)?首页(?:>[^>\n]{1,40})+")
BODIES = [
    "UCAP-CONTENT",
    "TRS_Editor",
    "trs_editor_view",
    "trs_paper_default",
    "TRS_UEDITOR",
    "zoom",
    "Zoom",
    "zoomcon",
    "vsb_content",
    "v_news_content",
    "article-content",
    "article_con",
    "bt_content",
    "news_content",
    "pages_content",
    "BodyLabel",
    "tyxxy_main",
    "news_cont_d_wrap",
    "j-fontContent",
    "g-detailbox",
]
BESIDE_BODY = ["fjdown", "tyxxy_fj", "m-file-download"]  # containers of attachments next to the body


@dataclass(frozen=True)
class Page:
    """A received page: its address and its text, decoded. ``asked``: the body that was sent for it, if any."""

    url: str
    text: str
    asked: str = ""

    @cached_property
    def root(self) -> HtmlElement:
        """The parsed page; an empty one where nothing can be parsed, or the text is an endpoint's JSON."""
        if self.text.lstrip()[:1] in ("{", "["):
            return lxml_html.document_fromstring("<html/>")
        try:
            return lxml_html.document_fromstring(_UNREADABLE.sub("", self.text) or "<html/>")
        except (etree.ParserError, ValueError):
            return lxml_html.document_fromstring("<html/>")

    @cached_property
    def base(self) -> str:
        """What relative addresses of the page are relative to: its own, unless a base element names another."""
        for element in self.root.iter("base"):
            if address := (element.get("href") or "").strip():
                return absolute(self.url, address)
        return self.url

    def with_text(self, text: str) -> Page:
        """Another text at the same address, whose relative addresses mean the same."""
        return Page(self.url, text if self.base == self.url else f'<base href="{html.escape(self.base)}">{text}')

    def anchors(self) -> Iterator[tuple[str, str, str]]:
        """Links as (absolute address without fragment, text or title, date near it), in page order."""
        return iter(self._links)

    @cached_property
    def _links(self) -> tuple[tuple[str, str, str], ...]:
        """Read once: each family looks at them to tell whether the page is its own."""
        return tuple(anchors(self.root, self.base))

    def leads_to(self, form: re.Pattern[str]) -> bool:
        """Whether a link of this page to its own site has an address of this form."""
        return any(form.search(url) and same_host(url, self.url) for url, _, _ in self.anchors())


@dataclass(frozen=True)
class Ask:
    """A list page that an endpoint gives only to a POST: the body to send, and how it is written."""

    url: str
    body: str
    content_type: str = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Entry:
    """One line of a list: where it leads, what it is called, the date and the publisher stated beside it."""

    url: str
    title: str
    published_on: str = ""
    publisher: str = ""


@dataclass(frozen=True)
class Detail:
    """What a landing page states about itself, and the documents it links to."""

    title: str = ""
    published_on: str = ""
    publisher: str = ""
    attachments: tuple[str, ...] = field(default=())


def anchors(root: HtmlElement, base: str) -> Iterator[tuple[str, str, str]]:
    """The links below an element: anchors, choices of a drop-down, and what opens a literal address when clicked."""
    for element in root.iter("a", "option", "li", "td", "div", "span", "button", "area"):
        address = _target(element)
        if not address:
            continue
        text = " ".join(element.text_content().split())
        title = (element.get("title") or "").strip()
        yield absolute(base, address), title if len(title) > len(text) else text, _date_near(element)


def _target(element: HtmlElement) -> str:
    address = (element.get("href") or "").strip()
    is_choice = element.tag == "option" and not element.text_content().strip().isdigit()  # else a pager's
    if is_choice and _AN_ADDRESS.match(element.get("value") or ""):
        address = (element.get("value") or "").strip()
    if not address or address.lower().startswith(("javascript:", "mailto:", "#", "data:", "file:")):
        script = (element.get("onclick") or "") + (address if address.lower().startswith("javascript:") else "")
        opened = _OPENED.search(script) if script else None
        address = (opened[1] or opened[2]) if opened else ""
    return address


def records(text: str) -> list[str]:
    """The CDATA sections of a text: rows of a data store, which an HTML parser does not see.

    >>> records("<record><![CDATA[<li>1</li>]]></record><![CDATA[cut off")
    ['<li>1</li>']
    """
    return [part.partition("]]>")[0] for part in text.split("<![CDATA[")[1:] if "]]>" in part]


def written(page: Page) -> Page:
    """What the scripts of a page write in whole pieces, as a page at the same address.

    >>> list(written(Page("http://x.example/", "document.writeln('<a href=a.html>' + '2023年</a>');")).anchors())
    [('http://x.example/a.html', '2023年', '')]
    """
    pieces = (_LITERALS.findall(call) for call in _WRITES.findall(page.text))
    return page.with_text("\n".join("".join(_unescaped(literal[1:-1]) for literal in call) for call in pieces))


def _unescaped(literal: str) -> str:
    def plain(match: re.Match[str]) -> str:
        if code := match[1] or match[2]:
            return chr(int(code, 16))
        return {"n": "\n", "t": "\t", "r": ""}.get(match[3], match[3])

    return whole(_ESCAPED.sub(plain, literal))


def whole(text: str) -> str:
    """Without halves of surrogate pairs, which scripts and JSON can hold and no encoding can write."""
    return text.encode("utf-8", "replace").decode()


def absolute(base: str, address: str) -> str:
    """An address as it would be asked for; what is no address stays as it is and leads nowhere."""
    try:
        return urldefrag(urljoin(base, address)).url
    except ValueError:
        return "".join(address.split())


def _date_near(element: HtmlElement) -> str:
    parent = element.getparent()
    around = " ".join((parent if parent is not None else element).text_content().split()) if parent is not None else ""
    row = parent.getparent() if parent is not None and parent.tag == "td" else None
    if row is not None:
        around = row.text_content()
    return iso_date(around.replace(element.text_content(), "")) if len(around) < 300 else ""


def iso_date(text: str) -> str:
    """The first date in a text, as ISO.

    >>> iso_date("发布时间：2024年1月5日")
    '2024-01-05'
    """
    match = _DATE.search(text)
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if match else ""


def same_host(one: str, other: str) -> bool:
    """Whether two addresses are on one site: www. and the bare domain count as one; what is no address is on none."""
    try:
        left, right = urlsplit(one), urlsplit(other)
    except ValueError:
        return False
    return _site(left) == _site(right)


def _site(parts: SplitResult) -> str:
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme)
    netloc = parts.netloc.lower().removeprefix("www.")
    return netloc.removesuffix(usual) if usual else netloc


def detail_of(page: Page) -> Detail:
    """Title, date and publisher from the standard's page tags (国办发〔2017〕47号); title and date else from the page.

    No publisher is taken from a visible table: sites put the host or the title there.
    """
    tags = {
        (element.get("name") or "").lower(): (element.get("content") or "").strip()
        for element in page.root.iter("meta")
    }
    title = tags.get("articletitle") or " ".join((page.root.findtext(".//title") or "").split())
    text = _visible_text(page.root)[:3000]
    published = iso_date(tags.get("pubdate", "")) or _stated_date(text)
    return Detail(title, published, tags.get("contentsource", ""), attachments_of(page))


def _visible_text(root: HtmlElement) -> str:
    hidden = {text for element in root.iter("script", "style") for text in element.itertext()}
    return "\n".join(text for text in root.itertext() if text not in hidden)


def _stated_date(text: str) -> str:
    match = re.search(r"(?:发布日期|发布时间|公开日期|信息提供日期|时间)[：:\s]*([^\s，,]{8,12})", text)
    return iso_date(match[1]) if match else ""


def breadcrumb(page: Page) -> tuple[str, ...]:
    """The steps from the home page to this one, where their separators are text; empty where there is none.

    >>> breadcrumb(Page("http://x.example/1.html", "<p>首页 &gt; <a>政务公开</a>&gt;<a> 砚池镇 </a></p><p>正文</p>"))
    ('首页', '政务公开', '砚池镇')
    """
    match = _BREADCRUMB.search(_SEPARATOR.sub(">", _visible_text(page.root)))
    return tuple(step.strip() for step in match[0].split(">")) if match else ()


def attachments_of(page: Page) -> tuple[str, ...]:
    """Documents linked from the body, in page order; from the whole page where there is no known body or none in it."""
    body = next((found for name in BODIES if (found := _container(page.root, name)) is not None), page.root)
    beside = [found for name in BESIDE_BODY if (found := _container(page.root, name)) is not None]
    linked = [url for element in (body, *beside) for url in _documents_below(element, page.base)]
    return tuple(dict.fromkeys(linked)) or _documents_below(page.root, page.base)


def _documents_below(element: HtmlElement, base: str) -> tuple[str, ...]:
    linked = [url for url, text, _ in anchors(element, base) if ATTACHMENT.search(url) or _DOCUMENT_NAME.search(text)]
    return tuple(dict.fromkeys(linked))


def _container(root: HtmlElement, name: str) -> HtmlElement | None:
    """The element so called; 博达 numbers its bodies (``vsb_content_2``)."""
    for element in root.iter("div", "td", "article", "section"):
        called = re.sub(r"_\d+$", "", element.get("id") or "")
        if called == name or name in (element.get("class") or "").split():
            return element
    return None


def text_of(body: bytes) -> str:
    """A list page's text for its links: UTF-8 where it is, else GB18030, whatever it declares."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        utf8 = body.decode("utf-8", "replace")
        broken = utf8.count("\ufffd")
        whole = sum(character > "\x7f" for character in utf8) - broken
        return utf8 if whole > 2 * broken else body.decode("gb18030", "replace")


def body_name(page: Page) -> str:
    """Which of the known bodies a page has; empty where it has none."""
    return next((name for name in BODIES if _container(page.root, name) is not None), "")
