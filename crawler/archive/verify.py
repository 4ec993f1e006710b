"""Is everything still as it was stored: each record against its digests, the index against the records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.archive import index
from crawler.archive.members import HEADER, whole_length
from crawler.archive.warc import payload_digest, read_records, to_capture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.archive.index import Line
    from crawler.archive.warc import Stored

_INDEXED = ("response", "revisit", "resource", "metadata")


@dataclass(frozen=True, slots=True)
class Damage:
    """What is not as it was stored, and where: ``warc`` relative to the root, ``offset`` in bytes."""

    warc: str
    offset: int
    message: str


def verify_site(root: Path, site_id: str) -> Iterator[Damage]:
    """All damage of one site."""
    folder = root / site_id
    lines: dict[tuple[str, int], Line] = {}
    try:
        lines = {(line.warc, line.offset): line for line in index.read_lines(folder, site_id)}
    except ValueError as error:
        yield Damage(f"{site_id}/{index.NAME}", 0, str(error))
    seen: set[tuple[str, int]] = set()
    for path in sorted([*folder.glob("*.warc.gz"), *folder.glob("*.warc.gz.open")]):
        warc = f"{site_id}/{path.name.removesuffix('.open')}"
        yield from _verify_file(path, warc, lines, seen)
    for warc, offset in sorted(lines.keys() - seen):
        yield Damage(warc, offset, "the index has a record here, the file has none")


def _verify_file(
    path: Path, warc: str, lines: dict[tuple[str, int], Line], seen: set[tuple[str, int]]
) -> Iterator[Damage]:
    whole, size = whole_length(path), path.stat().st_size
    if whole < size:
        yield Damage(warc, whole, f"{size - whole} bytes here are no whole record")
    records = {line.capture.record_id for line in lines.values() if line.capture}
    try:
        with path.open("rb") as file:
            for stored in read_records(file, check=True):
                if stored.offset >= whole:
                    break
                here = (warc, stored.offset)
                yield from (Damage(*here, message) for message in _problems(path, stored, lines.get(here), records))
                if stored.kind in _INDEXED:
                    seen.add(here)
    except Exception as error:  # noqa: BLE001  # warcio raises many kinds on damaged records; where they begin, the index tells
        yield Damage(warc, whole, f"reading stopped: {error!r}")


def _problems(path: Path, stored: Stored, line: Line | None, records: set[str]) -> Iterator[str]:
    yield from stored.problems
    with path.open("rb") as file:
        file.seek(stored.offset)
        if file.read(len(HEADER)) != HEADER:
            yield "the record's compression header was changed"
    if stored.kind not in _INDEXED:
        return
    if line is None:
        yield "the record is not in the index"
    elif stored.kind in ("response", "resource"):
        if payload_digest(stored.body) != stored.headers.get("warc-payload-digest"):
            yield "the body is not what its digest says"
        if to_capture(stored, site_id=path.parent.name, warc=line.warc) != line.capture:
            yield "the index line says otherwise than the record"
    elif stored.kind == "revisit":
        refers = stored.headers.get("warc-refers-to")
        if line.capture is None or refers != line.capture.revisit_of or refers not in records:
            yield "a revisit whose first record is not in the index"
