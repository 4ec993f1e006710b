"""Answers in place of a page: challenges, refusals, captchas, empty shells, pages that say 404 under status 200."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.portal.page import Resource

if TYPE_CHECKING:
    from sample.province.site import Site

_CHALLENGE = Resource(
    b"<!DOCTYPE html><html><head><meta id='9DhefwqGPrzGxEp9hPaoag'><script>$_ts=window['$_ts'];$_ts.cd='c2FtcGxl';</script></head><body></body></html>",
    "text/html",
    412,
    (("Set-Cookie", "FSSBBIl1UgzbN7N80S=x; path=/"),),
)
_ACCELERATOR = Resource(
    b"<script>document.cookie=('_')+('_')+('jsl_clearance_s')+('=')+('1');location.href=location.pathname</script>",
    "text/html",
    521,
    (("X-Via-JSL", "example,-"), ("Set-Cookie", "__jsluid_h=x; path=/; HttpOnly")),
)
_REFUSED = Resource(
    b"<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>", "text/html", 403
)
_SHELL = Resource(
    b"<html><head><script>var C3VK='a1b2c3';document.cookie='C3VK='+C3VK+'; path=/';window.location.reload();</script></head><body></body></html>",
    "text/html",
)
CAPTCHA = Resource(
    "<html><head><title>下载</title></head><body><form action='/system/_content/download.jsp'>请输入验证码："
    "<input name='codeValue'><img src='/system/resource/js/filedownload/createimage.jsp' alt=''></form></body></html>".encode(),
    "text/html; charset=utf-8",
)
BEFORE_PAGES = ("412", "403", "gone", "soft 404", "521", "script shell")
_SENT = {"412": _CHALLENGE, "521": _ACCELERATOR, "403": _REFUSED, "script shell": _SHELL}


def of_site(wall: str, path: str) -> Resource | None:
    """What a walled site answers at a path; None where it answers as others do."""
    if path == "/robots.txt":
        return Resource(b"error", "text/html", 503) if wall == "robots 503" else None
    return _SENT.get(wall)


def of_page(closed: str, site: Site) -> Resource:
    """What comes in place of one page."""
    if closed == "soft 404":
        return _missing(site, 200)
    return _SENT.get(closed) or _missing(site, 404)


def not_found(site: Site) -> Resource:
    """For addresses that are not there; some sites send that page as if it were one."""
    return _missing(site, 200 if site.place.soft_404 else 404)


def _missing(site: Site, status: int) -> Resource:
    page = site.page("页面不存在", "<p>您访问的页面不存在或已删除。</p>")
    return Resource(page.body, page.content_type, status)


def robots(site: Site) -> Resource | None:
    """The site's robots.txt, if it has one: most have none."""
    if site.place.wall == "robots all":
        return Resource(b"User-agent: *\nDisallow: /\n", "text/plain")
    lines = [f"Disallow: {prefix}" for prefix in site.forbidden]
    if site.place.delay:
        lines.append(f"Crawl-delay: {site.place.delay}")
    return Resource("\n".join(["User-agent: *", *lines, ""]).encode(), "text/plain") if lines else None
