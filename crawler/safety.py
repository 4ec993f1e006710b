"""No request leaves for an address that is not public, whatever a link, a redirect or the DNS says.

Two locks: a downloader middleware looks at addresses written as numbers in any of the ways that resolvers understand
(127.1, 0x7f.1, 2130706433, ::ffff:10.0.0.1), and the resolver refuses names that lead to such an address at the moment
of connecting. Tests and the demo open named networks (``--allow-address``).
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import CachingThreadedResolver

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrapy import Request

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_WITH_IPV4_AT_THE_END = (ipaddress.IPv6Network("::/96"), ipaddress.IPv6Network("64:ff9b::/96"))


class UnsafeAddressError(IgnoreRequest):
    """A request to an address that is not public was stopped."""


def networks(cidrs: Iterable[str]) -> tuple[Network, ...]:
    """The networks that are open by exception.

    Raises:
        ValueError: one is no network.
    """
    return tuple(ipaddress.ip_network(cidr, strict=False) for cidr in cidrs)


def literal_address(host: str) -> Address | None:
    """The address that a host written as a number is; None for a name.

    >>> str(literal_address("127.1")), str(literal_address("0x7f.1")), str(literal_address("2130706433"))
    ('127.0.0.1', '127.0.0.1', '127.0.0.1')
    """
    bare = host.strip("[]").split("%")[0].removesuffix(".")
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    try:
        return (
            ipaddress.IPv4Address(socket.inet_aton(bare))
            if bare and bare[-1:].isalnum() and bare[0].isdigit()
            else None
        )
    except (OSError, ValueError):  # no number; a character that no host has
        return None


def is_open(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether requests may go there: a public address, or one opened by exception."""
    leads_to = _embedded(address) if isinstance(address, ipaddress.IPv6Address) else address
    if any(address in network or leads_to in network for network in allowed):
        return True
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return leads_to.is_global and not leads_to.is_multicast and not site_local


def _embedded(address: ipaddress.IPv6Address) -> Address:
    """The IPv4 address inside an IPv6 one: mapped or compatible (RFC 4291), 6to4 (RFC 3056), NAT64 (RFC 6052)."""
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour or address
    if any(address in network for network in _WITH_IPV4_AT_THE_END):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


class SafeAddressMiddleware:
    """Stops requests to numeric addresses that are not open, redirects included (it sees each request)."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        self.allowed = allowed

    @classmethod
    def from_crawler(cls, crawler: Any) -> SafeAddressMiddleware:
        return cls(networks(crawler.settings.getlist("ALLOWED_ADDRESSES")))

    def process_request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        address = literal_address(host)
        if address is not None and not is_open(address, self.allowed):
            raise UnsafeAddressError(f"{host} is not a public address")

    def process_exception(self, request: Request, exception: Exception) -> None:
        """A name that the resolver refused comes back as one that cannot be resolved: say what it was."""
        host = urlsplit(request.url).hostname or ""
        if isinstance(exception, CannotResolveHostError) and host in SafeResolver.refused:
            raise UnsafeAddressError(f"{host} leads to {SafeResolver.refused[host]}, which is not a public address")


class SafeResolver(CachingThreadedResolver):
    """Refuses names that resolve to an address that is not open, when connecting: no gap for a second answer."""

    allowed: Sequence[Network] = ()
    refused: ClassVar[dict[str, str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> SafeResolver:
        resolver: SafeResolver = super().from_crawler(crawler, reactor)
        resolver.allowed = networks(crawler.settings.getlist("ALLOWED_ADDRESSES"))
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Any:  # noqa: N802  # Twisted's name
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, result: str, name: str) -> str:
        if not is_open(ipaddress.ip_address(result), self.allowed):
            self.refused[name] = result
            raise UnsafeAddressError(f"{name} leads to {result}, which is not a public address")
        return result
