"""What changed after publication: numbers that differ between successive documents at one address."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from crawler.archive.ingest import SITE_ID as INGEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlite_utils import Database

    from extract.store.resolve import Part

_RECEIVED = "failure is null and truncated = 0 and size > 0 and status in (200, 304, 0)"
_DIFFERENT = """
    select o.key, o.value, o.state, o.raw, n.value, n.state, n.raw
    from cells o join cells n on n.key = o.key and n.reading_id = ?
    where o.reading_id = ? and (o.value is not n.value or o.state <> n.state) order by o.key"""


def between_editions(db: Database, number: int, parts: Sequence[Part]) -> Iterator[dict[str, Any]]:
    """A row for each cell that one edition states and the next one states otherwise, or not at all.

    The same document again later is an edition again: what was changed back was changed twice.
    """
    by_url: dict[tuple[str, str, str], dict[str, Part]] = {}
    for part in parts:
        by_url.setdefault((part.group.site_id, part.seen.url, part.read.member), {})[part.seen.sha256] = part
    for (site_id, url, _), known in sorted(by_url.items()):
        if len(known) < 2:
            continue
        turns = [turn for turn in _turns(db, site_id, url) if turn[0] in known]
        for (old, _, until), (new, since, _) in itertools.pairwise(turns):
            readings = known[old].read.id, known[new].read.id
            about = {"report_id": number, "url": url, "seen_at": since, "old_last_seen": until}
            about |= {"old_reading_id": readings[0], "new_reading_id": readings[1]}
            for key, *cells in db.execute(_DIFFERENT, [readings[1], readings[0]]):
                names = ("old_value", "old_state", "old_raw", "new_value", "new_state", "new_raw")
                yield {**about, "key": key, **dict(zip(names, cells, strict=True))}


def _turns(db: Database, site_id: str, url: str) -> list[tuple[str, str, str]]:
    """What stood at an address in turn: digest, when it was first seen then, and when last."""
    turns: list[tuple[str, str, str]] = []
    for sha256, fetched_at in db.execute(
        f"select sha256, fetched_at from captures where site_id in (?, ?) and url = ? and {_RECEIVED} "
        "order by fetched_at, site_id, id",
        [site_id, INGEST, url],
    ):
        if turns and turns[-1][0] == sha256:
            turns[-1] = (sha256, turns[-1][1], fetched_at)
        else:
            turns.append((sha256, fetched_at, fetched_at))
    return turns
