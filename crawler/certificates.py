"""Certificates are verified, but for the hosts that a person decided to read without (``unverified``).

Many small sites let theirs run out, or send half a chain. What comes from such a host may have been changed on its way:
each capture says so (WARC header ``Gongkai-Note``), and its run counts them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTE = "certificate not verified"


@implementer(IPolicyForHTTPS)
class VerifiedButNamed:
    """Scrapy's policy, with another for hosts by name."""

    def __init__(self, crawler: Any, verified: Any, hosts: Iterable[str]) -> None:
        self._verified = verified
        self._hosts = frozenset(hosts)
        self._unverified = _ScrapyClientContextFactory.from_crawler(crawler)
        self._unverified._verify_certificates = False  # noqa: SLF001  # from_crawler takes it from the settings alone

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802  # Twisted's name
        policy = self._unverified if hostname.decode("ascii").lower() in self._hosts else self._verified
        return policy.creatorForNetloc(hostname, port)
