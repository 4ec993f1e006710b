"""A site, or one run of it, as a WACZ 1.1.1 file: WARC files, an index, pages and their digests in one ZIP.

Written here: the tools that do it rest on ``surt``, which is under the AGPL, and the records and their index are there
already. Records are copied as the gzip members they are. The index is in the form ZipNum (blocks of lines, and an index
of the blocks), sorted by the key under which pywb and ReplayWeb.page look an address up.

https://specs.webrecorder.net/wacz/1.1.1/
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

from crawler.archive import index
from crawler.archive.errors import ArchiveError
from crawler.archive.verify import verify_site
from crawler.archive.warc import warcinfo
from crawler.items import Listing, Run, Site

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from crawler.archive.index import Line
    from crawler.archive.reader import Archive
    from crawler.items import Capture

_VERSION = "1.1.1"
_LINES_A_BLOCK = 1024
_CHUNK = 1 << 20
_NOT_MODIFIED = 304
_SHOWN_AS_PAGES = (0, 200, 301, 302, 303, 307, 308)
_NO_NAME = re.compile(r"[^a-z0-9._-]")
_WWW = re.compile(r"^www\d*\.")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_KEPT_IN_A_KEY = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"

Span = tuple[str, int, int]
"""Bytes of a WARC file: its name relative to the archive's root, first byte, byte behind the last."""


class ExportError(ArchiveError):
    """What was asked for cannot be exported; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What the file holds: captures, pages that are listed in it, bytes."""

    captures: int
    pages: int
    size: int


@dataclass(frozen=True, slots=True)
class _Part:
    """One WARC file of the package: its name there, what is put before it, the bytes it is made of, and its lines."""

    name: str
    head: bytes
    spans: Sequence[Span]
    lines: Sequence[tuple[Line, int]]
    """Each line with the byte at which its record begins there."""


def export(
    archive: Archive,
    site_id: str,
    out: Path,
    *,
    run_id: str = "",
    now: Callable[[], dt.datetime],
    software: str,
) -> Exported:
    """Write the package, in place of what stands at ``out``; it is complete in itself.

    Raises:
        ExportError: there is no such site or run, the site is damaged, or the file cannot be written.
    """
    if site_id not in archive.site_ids():
        there = ", ".join(archive.site_ids()) or "none"
        raise ExportError(f"the archive holds no site {site_id!r}; it holds: {there}")
    for damage in verify_site(archive.root, site_id):
        raise ExportError(
            f"{site_id} is damaged, and half of it would look like all of it: {damage.warc} at {damage.offset}: "
            f"{damage.message}"
        )
    lines = list(index.read_lines(archive.root / site_id, site_id))
    records = dict(archive.records(site_id))
    made = now()
    parts = [_of_run(lines, records, run_id, made, software)] if run_id else _whole_files(lines)
    chosen = {line.place for part in parts for line, _ in part.lines}
    pages = _pages(site_id, [record for place, record in records.items() if place in chosen], parts)
    fresh = out.with_name(f"{out.name}.new")
    try:
        with zipfile.ZipFile(fresh, "w") as package:
            _Writer(package, made).write(archive, parts, pages, software)
        fresh.replace(out)
        size = out.stat().st_size
    except OSError as error:
        raise ExportError(f"{out} cannot be written ({error.strerror or error}); name another with --out") from error
    finally:
        fresh.unlink(missing_ok=True)
    captures = sum(line.capture is not None for part in parts for line, _ in part.lines)
    return Exported(captures, len(pages.entries), size)


def _whole_files(lines: Iterable[Line]) -> list[_Part]:
    """The site's files as they are, up to the last record that the index knows."""
    by_file: dict[str, list[Line]] = {}
    for line in lines:
        by_file.setdefault(line.warc, []).append(line)
    return [
        _Part(
            warc.rpartition("/")[2],
            b"",
            [(warc, 0, max(line.end for line in of_file))],
            [(line, line.offset) for line in of_file],
        )
        for warc, of_file in by_file.items()
    ]


def _of_run(
    lines: Sequence[Line], records: Mapping[tuple[str, int], Any], run_id: str, made: dt.datetime, software: str
) -> _Part:
    """A run's records, the site's line that it used, and what its revisits refer to, in stored order."""
    by_record = {line.capture.record_id: line for line in lines if line.capture}
    whole: dict[str, Line] = {}  # of each address, the newest answer that was not "not modified"
    chosen: dict[tuple[str, int], Line] = {}
    site: Line | None = None
    for line in lines:
        record = records[line.place]
        if isinstance(record, Site):
            site = line
        elif record.run_id == run_id:
            needed = [line, *([site] if site else []), *_stood_for(line, whole)]
            revisits = [one.capture.revisit_of for one in needed if one.capture and one.capture.revisit_of]
            chosen |= {one.place: one for one in (*needed, *(by_record[original] for original in revisits))}
        if line.capture is not None and line.capture.status != _NOT_MODIFIED:
            whole[line.url] = line
    if not chosen:
        there = ", ".join(dict.fromkeys(record.run_id for record in records.values() if isinstance(record, Run)))
        raise ExportError(f"the site has no run {run_id!r}; it has: {there or 'none'}")
    name = f"{run_id}.warc.gz"
    head = warcinfo(name, _iso(made), software)
    spans: list[Span] = []
    placed: list[tuple[Line, int]] = []
    offset = len(head)
    for line in sorted(chosen.values(), key=lambda line: line.place):
        spans.append((line.warc, line.offset, line.end))
        placed.append((line, offset))
        offset += line.end - line.offset
    return _Part(name, head, spans, placed)


def _stood_for(line: Line, whole: Mapping[str, Line]) -> list[Line]:
    """What an answer "not modified" stands for: the newest whole one of its address."""
    not_modified = line.capture is not None and line.capture.status == _NOT_MODIFIED
    return [whole[line.url]] if not_modified and line.url in whole else []


@dataclass(frozen=True, slots=True)
class _Pages:
    """What a reader is led to: entries of pages.jsonl, and of them the site's first page."""

    title: str
    entries: tuple[Mapping[str, str], ...]
    main: Mapping[str, str] | None


def _pages(site_id: str, records: Sequence[Any], parts: Iterable[_Part]) -> _Pages:
    """The site's list of reports and the reports, each as last received, under their titles."""
    received: dict[str, Capture] = {}
    for part in parts:
        for line, _ in part.lines:
            if line.capture and not line.capture.truncated and line.capture.status in _SHOWN_AS_PAGES:
                received[line.url] = line.capture
    site = next((record for record in reversed(records) if isinstance(record, Site)), None)
    titles = {
        record.url: record.title for record in records if isinstance(record, Listing) and record.verdict == "report"
    }
    start = site.start_url if site else ""
    name = (site.name if site else "") or site_id
    entries = {
        url: {"id": received[url].record_id[10:-1], "url": url, "ts": received[url].fetched_at, "title": title or url}
        for url, title in {start: name, **titles}.items()
        if url in received
    }
    return _Pages(name, tuple(entries.values()), entries.get(start))


@dataclass(slots=True)
class _Writer:
    """Puts files into the ZIP and notes each with its digest. What is compressed already is stored as it is."""

    package: zipfile.ZipFile
    made: dt.datetime
    resources: list[dict[str, Any]] = field(default_factory=list)

    def write(self, archive: Archive, parts: Sequence[_Part], pages: _Pages, software: str) -> None:
        for part in parts:
            self._warc(archive, part)
        blocks, block_index = _zipnum(sorted(line for part in parts for line in _index_lines(part)))
        self._put("indexes/index.cdx.gz", blocks)
        self._put("indexes/index.idx", block_index, packed=True)
        head = {"format": "json-pages-1.0", "id": "pages", "title": pages.title}
        self._put("pages/pages.jsonl", "".join(_json(line) + "\n" for line in (head, *pages.entries)), packed=True)
        about: dict[str, Any] = {
            "profile": "data-package",
            "wacz_version": _VERSION,
            "title": pages.title,
            "created": _iso(self.made),
            "software": software,
            "resources": self.resources,
        }
        if pages.main is not None:
            about |= {"mainPageUrl": pages.main["url"], "mainPageDate": pages.main["ts"]}
        data = json.dumps(about, ensure_ascii=False, indent=1).encode()
        self._bytes("datapackage.json", data, packed=True)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        self._bytes("datapackage-digest.json", json.dumps(digest).encode(), packed=True)

    def _warc(self, archive: Archive, part: _Part) -> None:
        path = f"archive/{part.name}"
        size = len(part.head) + sum(end - start for _, start, end in part.spans)
        digest = hashlib.sha256(part.head)
        with self.package.open(self._about(path, size, packed=False), "w") as there:
            there.write(part.head)
            for piece in _pieces(archive, part.spans):
                digest.update(piece)
                there.write(piece)
        self._note(path, size, digest.hexdigest())

    def _put(self, path: str, data: bytes | str, *, packed: bool = False) -> None:
        data = data.encode() if isinstance(data, str) else data
        self._bytes(path, data, packed=packed)
        self._note(path, len(data), hashlib.sha256(data).hexdigest())

    def _bytes(self, path: str, data: bytes, *, packed: bool) -> None:
        with self.package.open(self._about(path, len(data), packed=packed), "w") as there:
            there.write(data)

    def _about(self, path: str, size: int, *, packed: bool) -> zipfile.ZipInfo:
        about = zipfile.ZipInfo(path, self.made.timetuple()[:6])
        about.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        about.file_size = size  # so that the ZIP knows whether it needs the form for large files
        about.external_attr = 0o644 << 16
        return about

    def _note(self, path: str, size: int, digest: str) -> None:
        name = _NO_NAME.sub("-", path.rpartition("/")[2].lower())  # Frictionless allows no more in a name
        if any(resource["name"] == name for resource in self.resources):
            name = f"{len(self.resources)}-{name}"
        self.resources.append({"name": name, "path": path, "hash": f"sha256:{digest}", "bytes": size})


def _pieces(archive: Archive, spans: Iterable[Span]) -> Iterator[bytes]:
    for warc, start, end in spans:
        with archive.open(warc) as file:
            file.seek(start)
            left = end - start
            while left:
                piece = file.read(min(_CHUNK, left))
                if not piece:
                    raise ExportError(f"{warc} ends before byte {end}; run: gongkai verify")
                left -= len(piece)
                yield piece


def _index_lines(part: _Part) -> Iterator[str]:
    """A line a capture. Notes are in the WARC files, and no page is to be looked up in them.

    Nor in an answer "not modified", which replay tools show as a page without content: without its line they show the
    nearest whole answer, which is the one that stood then.
    """
    for line, offset in part.lines:
        capture = line.capture
        if capture is None or capture.status == _NOT_MODIFIED:
            continue
        fields = {
            "url": line.url,
            "mime": "warc/revisit" if line.kind == "revisit" else capture.claimed_type.partition(";")[0] or "unk",
            "status": str(capture.status or 200),
            "digest": capture.payload_digest,
            "length": str(line.length),
            "offset": str(offset),
            "filename": part.name,
        }
        time = "".join(c for c in line.date if c.isdigit())[:14]
        yield f"{replay_key(line.url)} {time} {_json(fields)}\n"


def _zipnum(lines: Sequence[str]) -> tuple[bytes, str]:
    """Sorted index lines as blocks that are gzip members, and a line a block that says where it is."""
    members: list[bytes] = []
    listed = [f"!meta 0 {_json({'format': 'cdxj-gzip-1.0', 'filename': 'index.cdx.gz'})}\n"]
    offset = 0
    for start in range(0, len(lines), _LINES_A_BLOCK):
        member = gzip.compress("".join(lines[start : start + _LINES_A_BLOCK]).encode(), mtime=0)
        digest = f"sha256:{hashlib.sha256(member).hexdigest()}"
        where = {"offset": offset, "length": len(member), "digest": digest, "filename": "index.cdx.gz"}
        listed.append(f"{' '.join(lines[start].split(' ', 2)[:2])} {_json(where)}\n")
        members.append(member)
        offset += len(member)
    return b"".join(members), "".join(listed)


def replay_key(url: str) -> str:
    """The key under which replay tools look an address up (SURT, as the Internet Archive canonicalises it).

    >>> replay_key("http://www.Example.gov.cn:80/zwgk//a/../?b=2&A=1")
    'cn,gov,example)/zwgk?a=1&b=2'
    >>> replay_key("https://127.0.0.1:8790/")
    '1,0,0,127:8790)/'
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:  # "http://[": a site's mistake, noted as it is
        host, port = None, None
    if host is None or parts.scheme not in _DEFAULT_PORTS:
        return "".join(quote_from_bytes(c.encode()) if c.isspace() else c for c in url)
    turned = ",".join(reversed(_WWW.sub("", host).split(".")))
    at = f":{port}" if port not in (None, _DEFAULT_PORTS[parts.scheme]) else ""
    query = "&".join(sorted(_escaped(parts.query).split("&"))) if parts.query else ""
    return f"{turned}{at}){_path(parts.path)}{'?' + query if query else ''}".lower()


def _path(path: str) -> str:
    steps: list[str] = []
    for step in _escaped(path).split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/" + "/".join(steps)


def _escaped(text: str) -> str:
    """Percent-encoded once, however often it was."""
    data = text.encode("utf-8", "surrogatepass")
    while (plain := unquote_to_bytes(data)) != data:
        data = plain
    return quote_from_bytes(data, safe=_KEPT_IN_A_KEY).lower()


def _json(fields: Mapping[str, Any]) -> str:
    text = json.dumps(fields, ensure_ascii=False)
    lone = any("\ud800" <= c <= "\udfff" for c in text)  # half a surrogate pair, from a page's script
    return json.dumps(fields) if lone else text


def _iso(when: dt.datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
