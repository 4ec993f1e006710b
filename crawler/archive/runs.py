"""The runs of one site, newest first, as fast as their number allows: schedule and status ask this of every site.

A site's index has a line for each capture and only two for each run, so it is searched backwards for the latter. Of a
run the record of its end is read, and that of its start only where there is no other: it was killed, or is at work.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, BinaryIO

from crawler.archive import index
from crawler.archive.errors import RecordError
from crawler.archive.files import OPEN
from crawler.archive.members import read_member
from crawler.archive.shipped import open_closed
from crawler.archive.warc import NOTE_FIELD, run_urn
from crawler.items import Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ABOUT_A_RUN = index.urlkey(run_urn("")).encode()
_BLOCK = 1 << 16


def newest_runs(root: Path, site_id: str) -> Iterator[Run]:
    """The runs of a site from the newest on, each once and as it ended; none where the site was never crawled.

    It is lazy: who needs the last few reads no more than these. A site may be written meanwhile.

    Raises:
        RecordError: an index line, or the record of a run, is damaged.
    """
    seen: set[str] = set()
    for text in _lines_backwards(root / site_id / index.NAME):
        try:
            line = index.parse(text.decode("utf-8", "replace"), site_id)
        except ValueError as error:
            path = root / site_id / index.NAME
            raise RecordError(f"{path}: {error}; the next crawl or ingest repairs it") from error
        if line.url not in seen:
            seen.add(line.url)
            yield _run(root, line.warc, line.offset)


def _lines_backwards(path: Path) -> Iterator[bytes]:
    """The index lines about runs, the last first; what follows the last line feed is a torn line and left out."""
    try:
        with path.open("rb") as file:
            position = file.seek(0, os.SEEK_END)
            begun, is_torn = b"", True
            while position:
                size = min(_BLOCK, position)
                position -= size
                file.seek(position)
                begun, *lines = (file.read(size) + begun).split(b"\n")
                if is_torn and lines:
                    lines.pop()
                    is_torn = False
                yield from (line for line in reversed(lines) if line.startswith(_ABOUT_A_RUN))
            if begun.startswith(_ABOUT_A_RUN) and not is_torn:
                yield begun
    except FileNotFoundError:
        return


def _run(root: Path, warc: str, offset: int) -> Run:
    """As ``stored.read_note``, but a record's headers are passed over: there may be thousands to read."""
    path = root / warc
    being_written = path.with_name(path.name + OPEN)
    for name in (path, being_written):
        try:
            with name.open("rb") as file:
                return _run_at(file, warc, offset)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise RecordError(f"{warc}: cannot be read ({error.strerror}); run: gongkai verify") from error
    with open_closed(path) as file:  # it may have been closed between two looks; or it was shipped
        return _run_at(file, warc, offset)


def _run_at(file: BinaryIO, warc: str, offset: int) -> Run:
    member = read_member(file, offset)
    try:
        note = (member or (b"", 0))[0].partition(b"\r\n\r\n")[2].removeprefix(NOTE_FIELD)
        return Run(**{name: value for name, value in json.loads(note).items() if name != "record"})
    except (ValueError, TypeError, AttributeError) as error:
        raise RecordError(f"{warc}: no run is recorded at byte {offset}; run: gongkai verify") from error
