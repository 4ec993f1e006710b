"""Is everything still as it was stored: each record against its digests, the index against the records.

The index is compared as text with what the records give, by the rule that wrote it: whatever changed in either is seen.
"""

from __future__ import annotations

import fcntl
import hashlib
import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from crawler.archive import index
from crawler.archive.errors import PlaceError, RecordError
from crawler.archive.files import ENDING, OPEN, final_name, serial_of, warc_paths
from crawler.archive.members import read_member
from crawler.archive.shipped import NAME as SHIPPED
from crawler.archive.shipped import fetch, open_closed, read_manifest
from crawler.archive.stored import INDEXED, Stored, parse_record, read_note
from crawler.archive.warc import digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from crawler.archive.index import Line
    from crawler.archive.shipped import Shipped
    from crawler.items import Capture

_MEND = "the next crawl or ingest of the site puts it right"
_RESTORE = "put this file back from a copy of the archive"
_INDEX = f"remove {index.NAME}, and {_MEND}"


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


def verify_site(root: Path, site_id: str, only: Collection[str] | None = None) -> Iterator[Damage]:
    """All damage of one site; one record at a time is in memory. What a writer adds meanwhile waits for the next.

    ``only``: closed names of the files that are to be read; the others are taken to be as the index says.
    """
    folder = root / site_id
    site = _Site(folder, {}, _is_being_written(folder))
    yield from _read_index(site)
    try:
        shipped = read_manifest(folder)
    except RecordError as error:
        yield Damage(f"{site_id}/{SHIPPED}", 0, str(error))
        shipped = {}
    here = {final_name(path): path for path in warc_paths(folder)}
    names = sorted({*here, *shipped})
    yield from _missing_numbers(site_id, names)
    for name in names:
        if only is not None and name not in only:
            _take_as_indexed(site, f"{site_id}/{name}")
        elif name in here:
            yield from _verify_file(site, here[name])
            yield from _verify_shipped(site_id, here[name], shipped.get(name))
        else:
            yield from _verify_far(site, shipped[name])
    known = {f"{site_id}/{name}" for name in names}
    for warc, offset in sorted(site.lines.keys() - site.seen):
        if warc in known or not site.being_written:
            what = f"no record begins here; {_RESTORE}" if warc in known else f"the file is missing; {_RESTORE}"
            yield Damage(warc, offset, f"the index has a record here, but {what}")


def _take_as_indexed(site: _Site, warc: str) -> None:
    for line, _ in site.lines.values():
        if line.warc == warc:
            site.seen.add(line.place)
            if line.capture is not None:
                site.originals[line.capture.record_id] = line.capture


def _verify_shipped(site_id: str, path: Path, shipped: Shipped | None) -> Iterator[Damage]:
    """A file that is here and was shipped is still the one that was shipped."""
    if shipped is None:
        return
    try:
        with path.open("rb") as file:
            digest_now = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:  # freed under our hands
        return
    if digest_now != shipped.sha256:
        message = f"it is not the file that was shipped to {', '.join(shipped.places)}; look which of them is whole"
        yield Damage(f"{site_id}/{path.name}", 0, message)


def _verify_far(site: _Site, shipped: Shipped) -> Iterator[Damage]:
    """A file that is only where it was shipped to, fetched from there."""
    warc = f"{site.folder.name}/{shipped.name}"
    with tempfile.TemporaryFile() as file:
        try:
            fetch(shipped, file)
        except PlaceError as error:
            _take_as_indexed(site, warc)
            yield Damage(warc, 0, f"the file is not here any more, and {error}")
            return
        yield from _verify_open(site, file, warc, shipped.size)


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
                yield Damage(name, offset, f"a second line of the record at {line.warc} {line.offset}; {_INDEX}")
            site.lines[line.place] = (line, text)
        offset += len(text.encode())
    path = site.folder / index.NAME
    if path.exists() and path.stat().st_size > offset and not site.being_written:
        yield Damage(name, offset, f"a torn line; {_MEND}")


def _missing_numbers(site_id: str, names: list[str]) -> Iterator[Damage]:
    """Files are numbered without a gap: one that is gone with all its index lines shows here."""
    there = {serial_of(name) for name in names}
    for number in sorted(set(range(max(there, default=0))) - there):
        yield Damage(f"{site_id}/*-{number:05d}{ENDING}", 0, f"the file of this number is missing; {_RESTORE}")


def _verify_file(site: _Site, path: Path) -> Iterator[Damage]:
    warc = f"{site.folder.name}/{final_name(path)}"
    try:
        file: BinaryIO = path.open("rb")
    except FileNotFoundError:  # closed under our hands: it has its final name now, or is where it was shipped to
        file = open_closed(path.with_name(final_name(path)))
    with file:
        size = file.seek(0, 2)
        if path.name.endswith(OPEN) and site.being_written:
            size = max((line.end for line, _ in site.lines.values() if line.warc == warc), default=0)
        yield from _verify_open(site, file, warc, size)


def _verify_open(site: _Site, file: BinaryIO, warc: str, size: int) -> Iterator[Damage]:
    starts = sorted(line.offset for line, _ in site.lines.values() if line.warc == warc)
    yield from _Walk(site, file, warc, size, starts).damages()


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
                yield self._damaged(offset, f"the record here is damaged, or torn; {_RESTORE}")
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
        yield from (Damage(self.warc, offset, f"{message}; {_RESTORE}") for message in _problems(stored))
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
        yield from (
            Damage(*place, f"{message}; {_RESTORE}") for message in _revisit_problems(stored, line, site.originals)
        )
        _, text = site.lines.get(place, (None, None))
        if text is None:
            yield Damage(*place, f"the record is not in the index; {_INDEX}")
        elif text != line.as_text():
            indexed = site.lines[place][0]
            changed_bytes = indexed.checksum != line.checksum
            what = (
                f"the stored bytes are not those written; {_RESTORE}"
                if changed_bytes
                else f"the index says otherwise than the record; {_INDEX}"
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
