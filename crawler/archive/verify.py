"""Is everything still as it was stored: each record against its digests, the index against the records.

The index is compared as text with what the records give, by the rule that wrote it: whatever changed in either is seen.
"""

from __future__ import annotations

import fcntl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.archive import index
from crawler.archive.errors import RecordError
from crawler.archive.files import ENDING, OPEN, final_name, serial_of, warc_paths
from crawler.archive.members import HEADER, read_member
from crawler.archive.stored import INDEXED, Stored, parse_record, read_note
from crawler.archive.warc import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from crawler.archive.index import Line
    from crawler.items import Capture

_MEND = "the next crawl or ingest of the site puts it right"


@dataclass(frozen=True, slots=True)
class Damage:
    """What is not as it was stored, and where: ``warc`` relative to the root, ``offset`` in bytes."""

    warc: str
    offset: int
    message: str


@dataclass(slots=True)
class _Site:
    """What is known of a site while its files are gone through, in stored order."""

    folder: Path
    lines: dict[tuple[str, int], tuple[Line, str]]
    being_written: bool
    seen: set[tuple[str, int]] = field(default_factory=set)
    originals: dict[str, Capture] = field(default_factory=dict)


def verify_site(root: Path, site_id: str) -> Iterator[Damage]:
    """All damage of one site; one record at a time is in memory. What a writer adds meanwhile waits for the next."""
    folder = root / site_id
    paths = warc_paths(folder)
    site = _Site(folder, {}, _is_being_written(folder))
    yield from _read_index(site)
    yield from _missing_numbers(site_id, paths)
    for path in paths:
        yield from _verify_file(site, path)
    names = {f"{site_id}/{final_name(path)}" for path in paths}
    for warc, offset in sorted(site.lines.keys() - site.seen):
        if warc in names or not site.being_written:
            what = "no record begins here" if warc in names else "the file is missing"
            yield Damage(warc, offset, f"the index has a record here, but {what}")


def _is_being_written(folder: Path) -> bool:
    path = folder / "lock"
    if not path.exists():
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _read_index(site: _Site) -> Iterator[Damage]:
    name, offset = f"{site.folder.name}/{index.NAME}", 0
    for text in index.read_texts(site.folder):
        try:
            line = index.parse(text, site.folder.name)
        except ValueError as error:
            yield Damage(name, offset, f"{error}; {_MEND}")
        else:
            if line.place in site.lines:
                yield Damage(name, offset, f"a second line of the record at {line.warc} {line.offset}")
            site.lines[line.place] = (line, text)
        offset += len(text.encode())
    path = site.folder / index.NAME
    if path.exists() and path.stat().st_size > offset and not site.being_written:
        yield Damage(name, offset, f"a torn line; {_MEND}")


def _missing_numbers(site_id: str, paths: list[Path]) -> Iterator[Damage]:
    """Files are numbered without a gap: one that is gone with all its index lines shows here."""
    there = {serial_of(path) for path in paths}
    for number in sorted(set(range(max(there, default=0))) - there):
        yield Damage(f"{site_id}/*-{number:05d}{ENDING}", 0, "the file of this number is missing")


def _verify_file(site: _Site, path: Path) -> Iterator[Damage]:
    warc = f"{site.folder.name}/{final_name(path)}"
    of_file = [line for line, _ in site.lines.values() if line.warc == warc]
    growing = path.name.endswith(OPEN) and site.being_written
    try:
        file = path.open("rb")
    except FileNotFoundError:  # closed under our hands: it has its final name now
        file = path.with_name(final_name(path)).open("rb")
    with file:
        size = max((line.end for line in of_file), default=0) if growing else file.seek(0, 2)
        offset, waiting = 0, None
        while offset < size:
            member = read_member(file, offset)
            if member is None:
                yield from _compare(site, warc, waiting, None)
                yield Damage(warc, offset, "the record here is damaged, or torn")
                site.seen.add((warc, offset))
                waiting = None
                offset = min((line.offset for line in of_file if line.offset > offset), default=size)
                continue
            file.seek(offset)
            if file.read(len(HEADER)) != HEADER:
                yield Damage(warc, offset, "the compression header of the record was changed")
            start, (data, end) = offset, member
            offset = end
            try:
                stored = parse_record(data, start, end - start)
            except RecordError as error:
                yield Damage(warc, start, str(error))
                site.seen.add((warc, start))
                continue
            yield from (Damage(warc, start, message) for message in _problems(stored))
            yield from _compare(site, warc, waiting, stored)
            waiting = stored if stored.kind in INDEXED else None
        yield from _compare(site, warc, waiting, None)


def _problems(stored: Stored) -> Iterator[str]:
    """What in a record contradicts itself."""
    if stored.offset == 0 and stored.kind != "warcinfo":
        yield "the file does not begin with a warcinfo record"
    if stored.headers.get("warc-block-digest") != digest(stored.block):
        yield "the record is not what its digest says"
    bodiless = ("warcinfo", "revisit")  # a revisit's payload digest is that of the record it refers to
    if stored.kind not in bodiless and stored.headers.get("warc-payload-digest") != digest(stored.body):
        yield "the body is not what its digest says"
    if stored.kind == "metadata":
        try:
            read_note(stored)
        except RecordError as error:
            yield str(error)


def _compare(site: _Site, warc: str, stored: Stored | None, following: Stored | None) -> Iterator[Damage]:
    """A record, of which it is now known whether its request follows, against the index."""
    if stored is None:
        return
    place = (warc, stored.offset)
    site.seen.add(place)
    asked = following is not None and following.headers.get("warc-concurrent-to") == stored.record_id
    line = index.line_of(
        stored,
        site_id=site.folder.name,
        warc=warc,
        originals=site.originals,
        following=following.length if following is not None and asked else 0,
    )
    if line.capture is not None:
        site.originals[line.capture.record_id] = line.capture
    yield from (Damage(*place, message) for message in _revisit_problems(stored, line, site.originals))
    _, text = site.lines.get(place, (None, None))
    if text is None:
        yield Damage(*place, f"the record is not in the index; remove {index.NAME}, and {_MEND}")
    elif text != line.as_text():
        yield Damage(*place, "the index says otherwise than the record and its request")


def _revisit_problems(stored: Stored, line: Line, originals: Mapping[str, Capture]) -> Iterator[str]:
    if stored.kind != "revisit" or line.capture is None:
        return
    original = originals.get(line.capture.revisit_of)
    if original is None:
        yield "a revisit of a record that is missing"
    elif original.payload_digest != stored.headers.get("warc-payload-digest"):
        yield "a revisit of a record that holds another body"
