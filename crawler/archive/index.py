"""The CDXJ index of a site: one line a record, in stored order, from which Captures are rebuilt without the WARC.

A line is ``<urlkey> <14-digit time> <JSON>``, as CDXJ tools expect (they want it sorted: ``sort index.cdxj``). The JSON
has the usual fields (url, mime, status, digest, length, offset, filename) and ours: the record's kind, run, sha256,
size, sniffed type, record id, and for a revisit where the body is.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from crawler.items import Capture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "index.cdxj"


@dataclass(frozen=True, slots=True)
class Line:
    """One stored record: where it is, and its Capture unless it is a note (a metadata record)."""

    kind: str
    url: str
    date: str
    warc: str
    offset: int
    length: int
    capture: Capture | None = None

    def as_text(self) -> str:
        """The CDXJ line, with its line feed."""
        fields: dict[str, Any] = {
            "url": self.url,
            "type": self.kind,
            "length": str(self.length),
            "offset": str(self.offset),
        }
        fields["filename"] = self.warc
        if (capture := self.capture) is not None:
            fields |= {
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
                body = {"filename": capture.warc, "offset": capture.offset, "length": capture.length}
                fields |= {"revisit_of": capture.revisit_of, "body": body}
        time = "".join(c for c in self.date if c.isdigit())[:14]
        return f"{urlkey(self.url)} {time} {json.dumps(fields | {'date': self.date}, ensure_ascii=False)}\n"


def parse(text: str, site_id: str) -> Line:
    """The line that :meth:`Line.as_text` wrote.

    Raises:
        ValueError: it is torn or none of ours.
    """
    try:
        _, _, tail = text.split(" ", 2)
        fields = json.loads(tail)
        where = (fields["filename"], int(fields["offset"]), int(fields["length"]))
        capture = None if fields["type"] == "metadata" else _capture(fields, site_id)
        return Line(fields["type"], fields["url"], fields["date"], *where, capture)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a line of this index: {text[:80]}") from error


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


def read_lines(folder: Path, site_id: str) -> Iterator[Line]:
    """The whole lines of a site's index, in stored order; a torn last line is left out."""
    path = folder / NAME
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for text in file:
            if text.endswith("\n"):
                yield parse(text, site_id)


def cut_torn_line(folder: Path) -> int:
    """Cut the index back to its last whole line; how many bytes went."""
    path = folder / NAME
    if not path.exists():
        return 0
    data = path.read_bytes()
    end = data.rfind(b"\n") + 1
    if end < len(data):
        with path.open("r+b") as file:
            file.truncate(end)
    return len(data) - end


def urlkey(url: str) -> str:
    """The address turned around for sorting, as SURT does: host backwards, then path and query, lower case.

    >>> urlkey("http://www.Example.gov.cn/zwgk/index.html?a=1")
    'cn,gov,example)/zwgk/index.html?a=1'
    """
    try:
        parts = urlsplit(url.lower())
    except ValueError:  # what a site wrote as a link need be no address
        return _one_word(url.lower())
    if not parts.netloc:
        return _one_word(url.lower())
    host, _, port = parts.netloc.removeprefix("www.").partition(":")
    labels = host.split(".")
    turned = host if labels[-1].isdigit() else ",".join(reversed(labels))
    query = f"?{parts.query}" if parts.query else ""
    return _one_word(f"{turned}{':' + port if port else ''}){parts.path or '/'}{query}")


def _one_word(text: str) -> str:
    return re.sub(r"\s", lambda space: quote(space[0]), text)
