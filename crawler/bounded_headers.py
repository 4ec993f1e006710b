"""A bound on what a response may send before its body: no other limit of Scrapy or Twisted sees header lines.

Twisted bounds the length of a line and keeps every line: a server that sends them without end filled 380 MB of memory
in five seconds. All bytes before the body count, the answers in between (100 Continue) and the continued lines too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.web._newclient import ParseError

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred

MOST_BYTES = 256 * 1024  # browsers take as much; servers send a few hundred
TOLD = "header lines without end"


class _BoundedParser(_LenientHTTPClientParser):
    """Takes the place of the parser that Scrapy puts there, the same way: it has no state that was to be made."""

    _before_body = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  # Twisted's name
        self._before_body += len(line) + 1
        if self._before_body > MOST_BYTES:
            raise ParseError(TOLD, b"")  # type: ignore[no-untyped-call]
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: ARG002, N802  # Twisted's name
        raise ParseError(TOLD, b"")  # type: ignore[no-untyped-call]


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Deferred[Any]:
        answer: Deferred[Any] = super().request(request)
        self._parser.__class__ = _BoundedParser
        return answer


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Builds connections whose answers are bounded; for ``HTTPConnectionPool._factory``."""

    def buildProtocol(self, addr: Any) -> _BoundedProtocol:  # noqa: ARG002, N802  # Twisted's name
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
