"""The CDXJ index of a site: one line a record, in stored order, from which Captures are rebuilt without the WARC.

A line is ``<urlkey> <14-digit time> <JSON>``, as CDXJ tools expect (they want it sorted: ``sort index.cdxj``). The JSON
has the usual fields (url, mime, status, digest, length, offset, filename) and ours: the record's kind, run, sha256,
size, sniffed type, record id, the length of the request that follows, a checksum of the compressed bytes, and for a
revisit where the body is.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote, urlsplit

from crawler.archive.errors import RecordError
from crawler.archive.members import checksum
from crawler.archive.stored import Stored, to_capture
from crawler.items import Capture

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NAME = "index.cdxj"
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Line:
    """One stored record: where it is, and its Capture unless it is a note (a metadata record).

    ``following``: bytes of the request record right behind it, 0 where there is none. ``checksum``: CRC-32 of the
    compressed bytes of both, and of what is before them for the first record of a file.
    """

    kind: str
    url: str
    date: str
    warc: str
    offset: int
    length: int
    following: int = 0
    checksum: int = 0
    capture: Capture | None = None

    @property
    def place(self) -> tuple[str, int]:
        """WARC file and byte: sorts in stored order."""
        return self.warc, self.offset

    @property
    def end(self) -> int:
        """The byte behind the record and its request."""
        return self.offset + self.length + self.following

    def as_text(self) -> str:
        """The CDXJ line, with its line feed."""
        fields: dict[str, Any] = {
            "url": self.url,
            "type": self.kind,
            "length": str(self.length),
            "offset": str(self.offset),
            "filename": self.warc,
            "crc32": f"{self.checksum:08x}",
        }
        if self.following:
            fields["request"] = self.following
        if self.capture is not None:
            fields |= _capture_fields(self.capture)
        time = "".join(c for c in self.date if c.isdigit())[:14]
        return f"{urlkey(self.url)} {time} {json.dumps(fields | {'date': self.date}, ensure_ascii=False)}\n"


def _capture_fields(capture: Capture) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "mime": capture.claimed_type,
        "status": str(capture.status),
        "digest": capture.payload_digest,
        "sniffed": capture.sniffed_type,
        "size": capture.size,
        "sha256": capture.sha256,
        "run": capture.run_id,
        "record": capture.record_id,
    }
    if capture.location:
        fields["location"] = capture.location
    if capture.truncated:
        fields["truncated"] = True
    if capture.revisit_of:
        fields["revisit_of"] = capture.revisit_of
        fields["body"] = {"filename": capture.warc, "offset": capture.offset, "length": capture.length}
    return fields


def line_of(
    stored: Stored,
    file: BinaryIO,
    *,
    site_id: str,
    warc: str,
    originals: Mapping[str, Capture],
    following: int,
    is_first: bool,
) -> Line:
    """The line of a record as it is stored: written, recovered and verified by the same rule.

    ``file``: where it is stored. ``originals``: record id -> Capture, of the records whose bodies revisits refer to.
    ``following``: bytes of its request. ``is_first``: of the records of its file that have lines.
    """
    end = stored.offset + stored.length + following
    crc = checksum(file, 0 if is_first else stored.offset, end)
    capture = None
    if stored.kind != "metadata":
        original = originals.get(stored.headers.get("warc-refers-to", ""))
        capture = to_capture(stored, site_id=site_id, warc=warc, original=original)
    date = stored.headers.get("warc-date", "")
    return Line(stored.kind, stored.url, date, warc, stored.offset, stored.length, following, crc, capture)


def parse(text: str, site_id: str) -> Line:
    """The line that :meth:`Line.as_text` wrote.

    Raises:
        ValueError: it is torn or none of ours.
    """
    try:
        _, _, tail = text.split(" ", 2)
        fields = json.loads(tail)
        where = (fields["filename"], int(fields["offset"]), int(fields["length"]), int(fields.get("request", 0)))
        crc = int(fields["crc32"], 16)
        capture = None if fields["type"] == "metadata" else _capture(fields, site_id)
        return Line(fields["type"], fields["url"], fields["date"], *where, crc, capture)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a line of this index: {text[:80]!r}") from error


def _capture(fields: dict[str, Any], site_id: str) -> Capture:
    body = fields.get("body", fields)
    return Capture(
        run_id=fields["run"],
        site_id=site_id,
        url=fields["url"],
        fetched_at=fields["date"],
        status=int(fields["status"]),
        claimed_type=fields["mime"],
        sniffed_type=fields["sniffed"],
        size=fields["size"],
        sha256=fields["sha256"],
        payload_digest=fields["digest"],
        warc=body["filename"],
        offset=int(body["offset"]),
        length=int(body["length"]),
        record_id=fields["record"],
        location=fields.get("location", ""),
        revisit_of=fields.get("revisit_of", ""),
        truncated=fields.get("truncated", False),
    )


def holds_lines(folder: Path) -> bool:
    """Whether a site's index has anything in it: its files may all be where they were shipped to."""
    path = folder / NAME
    return path.exists() and path.stat().st_size > 0


def read_texts(folder: Path) -> Iterator[str]:
    """The whole lines of a site's index as text, in stored order; a torn last line is left out."""
    path = folder / NAME
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        for text in file:
            if text.endswith("\n"):
                yield text


def read_lines(folder: Path, site_id: str) -> Iterator[Line]:
    """The whole lines of a site's index, in stored order.

    Raises:
        RecordError: one is damaged; the next writer of the site makes the index anew.
    """
    for text in read_texts(folder):
        try:
            yield parse(text, site_id)
        except ValueError as error:
            raise RecordError(f"{folder / NAME}: {error}; the next crawl or ingest repairs it") from error


def urlkey(url: str) -> str:
    """The address turned around for sorting, as SURT does: host backwards, then path and query, lower case.

    >>> urlkey("http://www.Example.gov.cn/zwgk/index.html?a=1")
    'cn,gov,example)/zwgk/index.html?a=1'
    """
    url = _SPACE.sub(lambda found: quote(found.group()), url).lower()
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://[": a site's mistake, noted as it is
        return url or "-"
    if not parts.netloc:
        return url or "-"
    host, _, port = parts.netloc.removeprefix("www.").partition(":")
    labels = host.split(".")
    turned = host if labels[-1].isdigit() else ",".join(reversed(labels))
    query = f"?{parts.query}" if parts.query else ""
    return f"{turned}{':' + port if port else ''}){parts.path or '/'}{query}"
