"""What derived tables rest on of each site: its line of the registry, and the newest run. What of it changed since."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.identity.clues import Site
from extract.store import state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlite_utils import Database

_STATE = "derived_sites"
_RUNS = "select site_id, started_at, coalesce(verdict, '') from runs order by started_at, run_id"


@dataclass(frozen=True, slots=True)
class Standing:
    """A site as derived tables have seen it: a digest of who it is, its region's code, its newest run."""

    described: str
    region_code: str
    run: str


def registered(db: Database) -> dict[str, Site]:
    """The sites by id, as the registry describes them."""
    columns = ", ".join(f"coalesce({name}, '')" for name in ("name", "agency", "level", "region_code"))
    return {row[0]: Site(*row) for row in db.execute(f"select id, {columns} from sites order by id")}


def standings(db: Database) -> dict[str, Standing]:
    """The sites by id, as they stand now."""
    runs = {site_id: f"{started_at} {verdict}" for site_id, started_at, verdict in db.execute(_RUNS)}
    return {
        site.id: Standing(
            _digest(f"{site.name}\n{site.agency}\n{site.level}\n{site.region_code}"),
            site.region_code,
            runs.get(site.id, ""),
        )
        for site in registered(db).values()
    }


def digest(sites: Mapping[str, Standing]) -> str:
    """One digest of all of them."""
    return _digest(_written(sites))


def seen(db: Database) -> dict[str, Standing]:
    """The sites as they stood when tables were last derived."""
    known = state.get(db, _STATE)
    return {site_id: Standing(*of) for site_id, of in json.loads(known).items()} if known else {}


def note_seen(db: Database, sites: Mapping[str, Standing]) -> None:
    """Note that what is derived rests on these."""
    state.put(db, _STATE, _written(sites))


def _written(sites: Mapping[str, Standing]) -> str:
    return json.dumps({key: [of.described, of.region_code, of.run] for key, of in sorted(sites.items())})


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
