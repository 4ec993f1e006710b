"""What a killed writer or a power cut left in a site's folder, put right before anything is written.

A torn record is cut off, a file left ``.open`` is closed, and the index says what the files hold: lines that it lost
are made anew from the records, lines of what was cut off are dropped. Closed files are read, never changed, here or
where they were shipped to; lines of a file that is gone stay, for `gongkai verify` to find.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from crawler.archive import index
from crawler.archive.errors import PlaceError, RecordError
from crawler.archive.files import OPEN, close_name, final_name, sync_folder, warc_paths
from crawler.archive.members import read_member, whole_length
from crawler.archive.shipped import open_closed, read_manifest
from crawler.archive.stored import INDEXED, Stored, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.archive.index import Line
    from crawler.items import Capture

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recovered:
    """The site's lines in stored order, and how many bytes of torn records were cut off."""

    lines: tuple[Line, ...]
    lost_bytes: int


def recover(folder: Path) -> Recovered:
    """Put a site's folder right; its writer's lock must be held.

    Raises:
        OSError: a file cannot be read, cut or renamed.
    """
    known, whole_index = _read_index(folder)
    before = {warc: [line for line in known if line.warc == warc] for warc in dict.fromkeys(k.warc for k in known)}
    originals = {line.capture.record_id: line.capture for line in known if line.capture}
    lines: list[Line] = []
    lost_bytes = 0
    for name, path in _files(folder):
        warc = f"{folder.name}/{name}"
        of_file = before.pop(warc, [])
        if path.name.endswith(OPEN):
            whole, size = _whole_length(path, of_file), path.stat().st_size
            lost_bytes += size - whole
            if whole == 0:
                path.unlink()
                continue
            if whole < size:
                log.warning("%s: %d bytes of a torn record were cut off", path.name, size - whole)
                os.truncate(path, whole)
            of_file = _complete([line for line in of_file if line.end <= whole], scan(path, warc, originals))
        elif not whole_index or _has_gap(path, of_file):
            of_file = _complete(of_file, scan(path, warc, originals))
        lines += of_file
    lines += [line for gone in before.values() for line in gone]  # of a missing file: verify is to say so
    lines.sort(key=_place)
    if lines != known or not whole_index:
        log.warning("%s: the index was put right: %d lines before, %d now", folder.name, len(known), len(lines))
        _write_index(folder, lines)
    for path in folder.glob(f"*{OPEN}"):
        close_name(path)
    return Recovered(tuple(lines), lost_bytes)


def _files(folder: Path) -> list[tuple[str, Path]]:
    """Closed name and path of each file in stored order; of one that was shipped and is not here, where it was."""
    here = {final_name(path): path for path in warc_paths(folder)}
    try:
        shipped = read_manifest(folder)
    except RecordError as error:
        log.warning("%s", error)
        shipped = {}
    return sorted({**{name: folder / name for name in shipped}, **here}.items())


def scan(path: Path, warc: str, originals: dict[str, Capture]) -> Iterator[Line]:
    """The index lines of a file's records, up to the first that is torn; ``originals`` takes up what they hold."""
    try:
        with open_closed(path) as file:
            yield from _scan(file, path, warc, originals)
    except (PlaceError, RecordError) as error:  # where it was shipped to nobody answers: the next writer tries again
        log.warning("%s: %s", path.name, error)


def _scan(file: BinaryIO, path: Path, warc: str, originals: dict[str, Capture]) -> Iterator[Line]:
    is_first = True
    for stored, request in _with_requests(file, path):
        line = index.line_of(
            stored,
            file,
            site_id=warc.partition("/")[0],
            warc=warc,
            originals=originals,
            following=request.length if request else 0,
            is_first=is_first,
        )
        is_first = False
        if line.capture:
            originals[line.capture.record_id] = line.capture
        yield line


def _with_requests(file: BinaryIO, path: Path) -> Iterator[tuple[Stored, Stored | None]]:
    """Each record that has an index line, and the request right behind it, if that is its own."""
    waiting: Stored | None = None
    for stored in _readable(file, path):
        if waiting is not None:
            yield waiting, stored if stored.headers.get("warc-concurrent-to") == waiting.record_id else None
        waiting = stored if stored.kind in INDEXED else None
    if waiting is not None:
        yield waiting, None


def _readable(file: BinaryIO, path: Path) -> Iterator[Stored]:
    try:
        yield from read_records(file)
    except RecordError as error:
        log.warning("%s: %s", path.name, error)


def _complete(there: list[Line], found: Iterator[Line]) -> list[Line]:
    """The lines of a file with those that were missing; one whose record is damaged stays, for verify to see."""
    return sorted(({line.place: line for line in there} | {line.place: line for line in found}).values(), key=_place)


def _has_gap(path: Path, lines: list[Line]) -> bool:
    """Whether the lines of a closed file leave bytes of it out, from behind its warcinfo to its end."""
    if path.exists():
        size = path.stat().st_size
        with path.open("rb") as file:
            first = read_member(file, 0)
        begins = first[1] if first else 0
    else:  # shipped: what is far away is looked into only where the lines show a gap
        size = read_manifest(path.parent)[path.name].size
        begins = lines[0].offset if lines else 0
    ends = [begins, *(line.end for line in lines)]
    starts = [*(line.offset for line in lines), size]
    return starts != ends


def _place(line: Line) -> tuple[str, int]:
    return line.place


def _read_index(folder: Path) -> tuple[list[Line], bool]:
    """The lines that can be read, and whether that is all the index holds."""
    lines: list[Line] = []
    whole = True
    length = 0
    for text in index.read_texts(folder):
        length += len(text.encode())
        try:
            lines.append(index.parse(text, folder.name))
        except ValueError as error:
            log.warning("%s: %s", folder.name, error)
            whole = False
    path = folder / index.NAME
    return lines, whole and length == (path.stat().st_size if path.exists() else 0)


def _whole_length(path: Path, lines: list[Line]) -> int:
    """Where a file's last whole record ends. Damage before it is no torn tail: the index knows what follows."""
    with path.open("rb") as file:
        whole = whole_length(file)
        for line in lines:
            if line.offset > whole:
                whole = max(whole, whole_length(file, line.offset))
    return whole


def _write_index(folder: Path, lines: list[Line]) -> None:
    fresh = folder / f"{index.NAME}.new"
    with fresh.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(line.as_text() for line in lines)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / index.NAME)
    sync_folder(folder)
