"""One text for the twins of one page: what is the same report under several addresses counts once.

1. Scheme, ``www.``, the usual ports, a fragment and a session id say nothing about the page.
2. TRS has an article as ``_wap`` and ``_app``; ``_2`` is a copy or the second page of a long one: the same report.
3. NFCMS has ``mpost_<id>`` for telephones beside ``post_<id>``.
4. Official sites show pages in traditional script under ``/gate/big5/<host>/<path>``. Only a gate of gov.cn, or one to
   its own host, is believed: another's would let a copy pass for the original.
5. 博达 has ``/info/<column>/<id>.htm`` and a program that takes the same two numbers. Assumed: that the static page
   stands at the site's root.
6. Hanweb's annual page and LonSun's columns take their parameters in any order; LonSun's ``nav`` and ``sub`` say which
   menu is open (assumed).
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

_LONGEST = 4096  # characters; gates within gates would take a step each
_USUAL_PORT = re.compile(r":(?:80|443)?$")
_WWW = re.compile(r"^(?:www\.)+(?=.)")
_SESSION = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)
_SESSION_PARAMETER = re.compile(r"(?:jsessionid|phpsessid|aspsessionid\w*)=", re.IGNORECASE)
_GATE = re.compile(r"^/gate/big5/(?P<host>[\w-]+(?:\.[\w-]+)+(?::\d+)?)(?P<path>/.*)?$", re.DOTALL)
_TRS_COPY = re.compile(r"(/\d{6}/t(?:\d{8}|0035)_\d+)(?:_(?:wap|app|\d+))+(\.s?html?)$")
_TRS_MOBILE = re.compile(r"(/\d{6}/t\d+)(?:_(?:wap|app))+(\.s?html?)$")
_NFCMS_MOBILE = re.compile(r"(/content/(?:\d+/\d+/)?)mpost_(\d+\.s?html?)$")
_MENU_STATE = re.compile(r"(?:nav|sub)=")
_ANY_ORDER = re.compile(r"/module/xxgk/xxgkAnnualReport\.jsp$|/public/column/\d+$")


def canonical(url: str) -> str:
    """One text for all twins of a page. It is a name and no address to ask for; what is no web address stays itself.

    >>> canonical("https://www.lanting.example:443/nb/202401/t20240120_5521_wap.html")
    'http://lanting.example/nb/202401/t20240120_5521.html'
    >>> canonical("http://big5.www.gov.cn/gate/big5/www.gov.cn/gzdt/2010-04/06/content_1574256.htm")
    'http://gov.cn/gzdt/2010-04/06/content_1574256.htm'
    >>> canonical("http://lanting.example/gate/big5/lanting.example/zwgk/content/mpost_5521.html;jsessionid=0A1B.n2")
    'http://lanting.example/zwgk/content/post_5521.html'
    >>> canonical("/xxgk/xxgk_content.jsp") == "/xxgk/xxgk_content.jsp"
    True
    >>> canonical("http://x.example/xxgk/xxgk_content.jsp?urltype=news.NewsContentUrl&wbtreeid=5069&wbnewsid=1143172")
    'http://x.example/info/5069/1143172.htm'
    >>> canonical("http://x.example/module/xxgk/xxgkAnnualReport.jsp?fbtime=2023&area=002482197")
    'http://x.example/module/xxgk/xxgkAnnualReport.jsp?area=002482197&fbtime=2023'
    """
    while len(url) <= _LONGEST and (following := _step(url)) != url:
        url = following
    return url


def _step(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = _host(parts.netloc)
    if parts.scheme not in ("http", "https") or not host:
        return url
    path = _SESSION.sub("", parts.path) or "/"
    if inner := _behind_gate(host, path):
        host, path = inner
    path, query = _article(path, parts.query)
    return f"http://{host}{path}" + (f"?{query}" if query else "")


def _host(netloc: str) -> str:
    return _WWW.sub("", _USUAL_PORT.sub("", netloc.lower()))


def _behind_gate(host: str, path: str) -> tuple[str, str] | None:
    match = _GATE.match(path)
    if match is None:
        return None
    inner = _host(match["host"])
    official = host.partition(":")[0].endswith(".gov.cn")
    own = inner in (host, _WWW.sub("", host.removeprefix("big5.")))
    return (inner, match["path"] or "/") if official or own else None


def _article(path: str, query: str) -> tuple[str, str]:
    parameters = [part for part in query.split("&") if part and not _SESSION_PARAMETER.match(part)]
    if static := _static(path, query):
        return static, ""
    if _ANY_ORDER.search(path):
        parameters = sorted(part for part in parameters if not _MENU_STATE.match(part))
    path = _TRS_COPY.sub(r"\1\2", path)
    path = _TRS_MOBILE.sub(r"\1\2", path)
    path = _NFCMS_MOBILE.sub(r"\1post_\2", path)
    return path, "&".join(parameters)


def _static(path: str, query: str) -> str:
    """The static page of 博达's program, by the two numbers it takes."""
    if not path.endswith(".jsp") or "news.NewsContentUrl" not in query:
        return ""
    asked = parse_qs(query)
    numbers = [asked.get(name, [""])[0] for name in ("wbtreeid", "wbnewsid")]
    return "/info/{}/{}.htm".format(*numbers) if all(re.fullmatch(r"[0-9]+", one) for one in numbers) else ""
