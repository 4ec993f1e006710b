"""Which sites a probe asks: a few of each family, sure ones first, from different provinces. The same each time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.registry import CONFIDENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.items import Site


def choose(sites: Sequence[Site], families: Iterable[str], hosts: int) -> list[Site]:
    """Of each family named, or of all that the registry has, as many sites as ``hosts`` says; one a host."""
    named = dict.fromkeys(families) or dict.fromkeys(site.family for site in sites)
    return [site for family in named for site in _spread([one for one in sites if one.family == family], hosts)]


def _spread(sites: list[Site], hosts: int) -> list[Site]:
    """The surest first; of those equally sure, one whose province has not come yet goes before."""
    chosen: list[Site] = []
    waiting = sorted(sites, key=_confidence)
    while waiting and len(chosen) < hosts:
        provinces, seen = {_province(one) for one in chosen}, {_host(one) for one in chosen}
        waiting = [one for one in waiting if _host(one) not in seen]
        if not waiting:
            break
        best = min(waiting, key=lambda one: (_confidence(one), _province(one) in provinces))
        waiting.remove(best)
        chosen.append(best)
    return chosen


def _confidence(site: Site) -> int:
    return CONFIDENCES.index(site.confidence) if site.confidence in CONFIDENCES else len(CONFIDENCES)


def _province(site: Site) -> str:
    return site.region_code[:2] or _host(site)


def _host(site: Site) -> str:
    return (urlsplit(site.start_url).hostname or "").removeprefix("www.")
