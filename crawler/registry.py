"""The registry (config/sites.csv) read into Site records, with messages that name line and column."""

from __future__ import annotations

import csv
import difflib
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.families import FAMILIES
from crawler.items import Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DEFAULT = Path(__file__).resolve().parent.parent / "config" / "sites.csv"
_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_FIELDS = ("id", "start_url", "name", "agency", "level", "region_code", "family")


class RegistryError(Exception):
    """A registry that cannot be used, or a site that is not in it; the message names file, line and column."""


class UnknownSiteError(RegistryError):
    """A site was named that the registry does not have."""


def load(path: Path = DEFAULT) -> list[Site]:
    """The sites of a registry, in its order; columns beyond ours are allowed.

    Raises:
        RegistryError: it cannot be opened, a required column is missing or a value is not usable.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise RegistryError(f"{path}: cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise RegistryError(f"{path}: is no UTF-8; save it again with that encoding") from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = {"id", "start_url"} - set(rows.fieldnames or ())
    if missing:
        raise RegistryError(f"{path}: the column {', '.join(sorted(missing))} is missing; id and start_url are needed")
    sites: dict[str, Site] = {}
    for row in rows:
        site = Site(
            **{name: (row.get(name) or "").strip() for name in _FIELDS},
            entry_points=tuple((row.get("entry_points") or "").split()),
        )
        if problem := _problem(site, sites):
            raise RegistryError(f"{path}, line {rows.line_num}: {problem}")
        sites[site.id] = site
    return list(sites.values())


def _problem(site: Site, others: Iterable[str]) -> str:
    if not _ID.fullmatch(site.id):
        return f"id {site.id!r}: use small letters, digits and hyphens"
    if site.id in others:
        return f"id {site.id!r} stands twice"
    if not _is_address(site.start_url):
        return f"start_url {site.start_url!r}: an address that begins with http:// or https:// is needed"
    if site.family and site.family not in FAMILIES:
        return f"family {site.family!r} is unknown; known are {', '.join(FAMILIES)}, or leave it empty"
    return ""


def _is_address(text: str) -> bool:
    try:
        url = urlsplit(text)
        return url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:  # brackets of IPv6 that do not close, a port beyond 65535
        return False


def choose(sites: Sequence[Site], ids: Sequence[str]) -> list[Site]:
    """The sites of those ids, all where none is named.

    Raises:
        UnknownSiteError: an id is not in the registry.
    """
    by_id = {site.id: site for site in sites}
    unknown = [name for name in ids if name not in by_id]
    if unknown:
        near = [name for part in unknown for name in difflib.get_close_matches(part.lower(), by_id, n=5)]
        raise UnknownSiteError(
            f"no such site in the registry: {', '.join(unknown)}"
            + (f"; did you mean {', '.join(near[:5])}?" if near else "")
        )
    return [by_id[name] for name in ids] or list(sites)
