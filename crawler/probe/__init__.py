"""The first day with a network: each family's assumptions tried on a few hosts, and what came kept as fixtures.

``items``: records; ``access``, ``listing``, ``article``: facts, pure; ``correcting``: where each is to be corrected;
``report``: both as tables; ``visit``: the polite visit and what is kept of it, the only part that does anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.probe import access, article, listing
from crawler.probe.items import Answer, Fact, Probed

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FACTS", "Answer", "Fact", "Probed", "facts"]

FACTS = (
    *("reachable", "host", "robots", "entry point", "charset", "validators", "conditional"),
    *("family", "list", "pager", "second page"),
    *("address form", "title", "date", "publisher", "body", "attachments", "site tags", "region", "column type"),
)
"""What is tried at each site, in order."""


def facts(probed: Probed) -> Iterator[Fact]:
    """What a visit says about each assumption."""
    for topic in (access, listing, article):
        yield from topic.facts(probed)
