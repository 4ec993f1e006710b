"""WARC and WACZ files of others: checked from end to end first, then their answers with status 200 as Exchanges.

A WACZ is a ZIP that holds ``archive/*.warc.gz``. A file that is cut or damaged gives nothing: half of it would look
like all of it.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from crawler.archive.exchange import UNSAFE, Exchange, Headers, header
from crawler.archive.members import whole_length
from crawler.archive.provenance import utc
from crawler.archive.stored import split_message, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_BYTES = 256_000_000
_GZIP = b"\x1f\x8b"


class ForeignError(ValueError):
    """A WARC or WACZ file that cannot be taken; the message says where it breaks."""


def exchanges(path: Path) -> Iterator[Exchange]:
    """The answers with status 200, in stored order, one in memory at a time.

    Raises:
        ForeignError: the file is cut or damaged; nothing was yielded before.
    """
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(file) for file in _warc_files(path)]
        for file in files:
            _require_whole(file)
            for _ in _responses(file, path.name):
                pass
        for file in files:
            yield from _responses(file, path.name)


def _warc_files(path: Path) -> Iterator[Any]:
    """The WARC file, or those of a WACZ unpacked into files without a name."""
    if path.suffix.lower() != ".wacz":
        yield path.open("rb")
        return
    try:
        with zipfile.ZipFile(path) as wacz:
            names = sorted(n for n in wacz.namelist() if n.startswith("archive/") and n.endswith((".warc.gz", ".warc")))
            if not names:
                raise ForeignError("a WACZ holds archive/*.warc.gz, this file does not")
            for name in names:
                unpacked = tempfile.TemporaryFile()  # noqa: SIM115  # closed by the caller's stack
                with wacz.open(name) as member:
                    shutil.copyfileobj(member, unpacked)
                yield unpacked
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ForeignError(f"not a whole WACZ file ({error})") from error


def _require_whole(file: BinaryIO) -> None:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size == 0:
        raise ForeignError("the file is empty")
    if file.read(2) == _GZIP and (whole := whole_length(file)) != size:
        raise ForeignError(f"cut or damaged: {whole} of {size} bytes are whole gzip members")


def _responses(file: BinaryIO, name: str) -> Iterator[Exchange]:
    file.seek(0)
    records = ArchiveIterator(file, no_record_parse=True, check_digests=True)
    try:
        for record in records:
            if (exchange := _exchange(record, name)) is not None:
                yield exchange
    except (ArchiveLoadFailed, EOFError, AttributeError, zlib.error) as error:  # as warcio says that it is no record
        raise ForeignError(f"not a whole WARC file ({str(error).strip() or type(error).__name__})") from error


def _exchange(record: Any, name: str) -> Exchange | None:
    """The record's answer, if it is one with status 200; read to its end and checked in any case."""
    about = f"the record of {record.rec_headers.get_header('WARC-Target-URI')}"
    if record.length is not None and record.length > _MOST_BYTES:
        raise ForeignError(f"{about} has {record.length} bytes, more than one document may")
    block: bytes = record.raw_stream.read()
    if record.length is not None and len(block) != record.length:
        raise ForeignError(f"{about} is cut: {len(block)} of {record.length} bytes")
    broken = [problem for problem in record.digest_checker.problems if "block digest failed" in problem]
    if broken:
        raise ForeignError(f"{about} is not what its digest says")
    if record.rec_type != "response":
        return None
    start, headers, body = split_message(block)
    if status_of(start) != 200:
        return None
    body, headers = _without_transfer_coding(body, headers)
    return Exchange(
        url=_address(record.rec_headers.get_header("WARC-Target-URI") or ""),
        fetched_at=utc(record.rec_headers.get_header("WARC-Date") or ""),
        status=200,
        reason=start.decode("latin-1").partition(" ")[2][4:],
        protocol=start.decode("latin-1").partition(" ")[0],
        body=body,
        response_headers=headers,
        address=record.rec_headers.get_header("WARC-IP-Address") or "",
        truncated=bool(record.rec_headers.get_header("WARC-Truncated")),
        source=f"{quote(os.fsencode(name))} {_encoded(record.rec_headers.get_header('WARC-Record-ID') or '')}".strip(),
    )


def _address(url: str) -> str:
    """WARC 1.0 allowed angle brackets; what may not stand in a header line is percent-encoded."""
    return _encoded(url.strip().removeprefix("<").removesuffix(">"))


def _encoded(text: str) -> str:
    return UNSAFE.sub(lambda found: quote(found.group().encode("utf-8", "surrogatepass")), text)


def _without_transfer_coding(body: bytes, headers: Headers) -> tuple[bytes, Headers]:
    """Chunking removed, and Brotli, which the archive does not decode, if a package for it is there."""
    dropped = set()
    if header(headers, b"transfer-encoding"):
        body = ChunkedDataReader(io.BytesIO(body), decomp_type=None).read()
        dropped.add(b"transfer-encoding")
    if header(headers, b"content-encoding").lower() == "br" and "br" in BufferedReader.get_supported_decompressors():
        body = BufferedReader(io.BytesIO(body), decomp_type="br").read()
        dropped.add(b"content-encoding")
    return body, tuple((name, value) for name, value in headers if name.lower() not in dropped)
