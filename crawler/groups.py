"""Which sites must be crawled one after the other: those on one address, whatever their names.

Dozens of counties sit on one machine; asked in parallel, such a machine fails or blocks all of them.
"""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crawler.items import Site

_LOOKUPS_AT_ONCE = 16


def addresses_of(host: str) -> frozenset[str]:
    """The addresses that a host's name leads to now; none where it cannot be resolved."""
    try:
        return frozenset(str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):  # no such name, or none that a name server would take
        return frozenset()


def by_address(
    sites: Sequence[Site], resolve: Callable[[str], frozenset[str]] = addresses_of
) -> list[tuple[Site, ...]]:
    """Groups of sites that share a host or an address, also by way of a third; in the order of ``sites``."""
    hosts = {site.id: urlsplit(site.start_url).hostname or "" for site in sites}
    names = list(dict.fromkeys(hosts.values()))
    with ThreadPoolExecutor(_LOOKUPS_AT_ONCE) as pool:
        found = dict(zip(names, pool.map(resolve, names), strict=True))
    parents: dict[str, str] = {}
    for name in names:
        for address in found[name]:
            parents[_root(parents, f"address {address}")] = _root(parents, name)
    groups: dict[str, list[Site]] = {}
    for site in sites:
        groups.setdefault(_root(parents, hosts[site.id]), []).append(site)
    return [tuple(group) for group in groups.values()]


def _root(parents: dict[str, str], key: str) -> str:
    while (parent := parents.get(key, key)) != key:
        key = parent
    return key
