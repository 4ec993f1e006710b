"""One text for the addresses under which one page is published twice."""

from __future__ import annotations


def canonical(url: str) -> str:
    """The address without its fragment."""
    return url.partition("#")[0]
