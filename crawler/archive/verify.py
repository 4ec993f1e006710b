"""Is everything still as it was stored: each record against its digests, the index against the records.

The index is compared as text with what the records give, by the rule that wrote it: whatever changed in either is seen.
"""

from __future__ import annotations

import fcntl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from crawler.archive import index
from crawler.archive.errors import RecordError
from crawler.archive.files import ENDING, OPEN, final_name, serial_of, warc_paths
from crawler.archive.members import read_member
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
    try:
        file = path.open("rb")
    except FileNotFoundError:  # closed under our hands: it has its final name now
        file = path.with_name(final_name(path)).open("rb")
    with file:
        size = file.seek(0, 2)
        if path.name.endswith(OPEN) and site.being_written:
            size = max((line.end for line in of_file), default=0)
        yield from _Walk(site, file, warc, size, sorted(line.offset for line in of_file)).damages()


@dataclass(slots=True)
class _Walk:
    """One file from its first byte to its last; behind damage it goes on where the index knows of a record."""

    site: _Site
    file: BinaryIO
    warc: str
    size: int
    starts: list[int]
    is_first: bool = True
    waiting: Stored | None = None

    def damages(self) -> Iterator[Damage]:
        offset = 0
        while offset < self.size:
            member = read_member(self.file, offset)
            if member is None:
                yield from self._settle(None)
                yield self._damaged(offset, "the record here is damaged, or torn")
                offset = next((start for start in self.starts if start > offset), self.size)
                continue
            yield from self._member(member[0], offset, member[1])
            offset = member[1]
        yield from self._settle(None)

    def _member(self, data: bytes, offset: int, end: int) -> Iterator[Damage]:
        try:
            stored = parse_record(data, offset, end - offset)
        except RecordError as error:
            yield from self._settle(None)
            yield self._damaged(offset, str(error))
            return
        yield from (Damage(self.warc, offset, message) for message in _problems(stored))
        yield from self._settle(stored)
        self.waiting = stored if stored.kind in INDEXED else None

    def _damaged(self, offset: int, message: str) -> Damage:
        self.site.seen.add((self.warc, offset))
        self.is_first = self.is_first and offset not in self.starts
        return Damage(self.warc, offset, message)

    def _settle(self, following: Stored | None) -> Iterator[Damage]:
        """The record before, of which it is now known whether its request follows, against the index."""
        stored, self.waiting = self.waiting, None
        if stored is None:
            return
        site, place = self.site, (self.warc, stored.offset)
        site.seen.add(place)
        asked = following is not None and following.headers.get("warc-concurrent-to") == stored.record_id
        line = index.line_of(
            stored,
            self.file,
            site_id=site.folder.name,
            warc=self.warc,
            originals=site.originals,
            following=following.length if following is not None and asked else 0,
            is_first=self.is_first,
        )
        self.is_first = False
        if line.capture is not None:
            site.originals[line.capture.record_id] = line.capture
        yield from (Damage(*place, message) for message in _revisit_problems(stored, line, site.originals))
        _, text = site.lines.get(place, (None, None))
        if text is None:
            yield Damage(*place, f"the record is not in the index; remove {index.NAME}, and {_MEND}")
        elif text != line.as_text():
            indexed = site.lines[place][0]
            changed_bytes = indexed.checksum != line.checksum
            what = (
                "the stored bytes are not those written"
                if changed_bytes
                else "the index says otherwise than the record"
            )
            yield Damage(*place, what)


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


def _revisit_problems(stored: Stored, line: Line, originals: Mapping[str, Capture]) -> Iterator[str]:
    if stored.kind != "revisit" or line.capture is None:
        return
    original = originals.get(line.capture.revisit_of)
    if original is None:
        yield "a revisit of a record that is missing"
    elif original.payload_digest != stored.headers.get("warc-payload-digest"):
        yield "a revisit of a record that holds another body"
