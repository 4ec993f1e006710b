"""Hosts that copy government pages for spam: a deny list (config/mirrors.txt), never a source."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

LIST = Path(__file__).resolve().parent.parent / "config" / "mirrors.txt"


@cache
def mirrors() -> frozenset[str]:
    """The hosts of the deny list, without www."""
    lines = LIST.read_text("utf-8").splitlines()
    return frozenset(line.strip().removeprefix("www.") for line in lines if line.strip() and not line.startswith("#"))


def is_mirror(url: str) -> bool:
    """Whether an address is on a host of the deny list."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # no address at all: it leads nowhere
        return False
    return host.removeprefix("www.") in mirrors()
