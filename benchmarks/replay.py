"""Replay of the archive by another program: do the bytes that pywb shows equal those that the archive gives?

    python -m benchmarks.replay --pywb /path/to/its/bin [--archive DIR] [--count N] [--seed N] [--warc]

pywb (GPL) is run as a program of its own and is no dependency: install it into a virtual environment of its own
(``pip install pywb==2.10.0 'setuptools<81'``). It is given each site as WACZ, or with ``--warc`` the WARC files, and is
asked for captures taken at random, as they were received (``id_``). Ends with status 1 if one differs.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import email.utils
import http.client
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from crawler.archive import Archive
from crawler.archive.exchange import decoded_body
from crawler.archive.files import warc_paths
from crawler.archive.wacz import export
from crawler.items import Capture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COLLECTION = "replay"
_START_SECONDS = 60.0
_UNRESERVED = "!#$%&'()*+,/:;=?@[]~-._"


@dataclass(frozen=True, slots=True)
class Shown:
    """What pywb answered: status, the capture's time as it says (14 digits), the body without content coding."""

    status: int
    time: str
    body: bytes


def main() -> int:
    """Compare, print counts; the exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks.replay", description="Replay by pywb, compared byte for byte.")
    parser.add_argument("--pywb", type=Path, required=True, help="the folder with its programs wayback and wb-manager")
    parser.add_argument("--archive", type=Path, default=Path("archive"))
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--warc", action="store_true", help="give it the WARC files, not a WACZ of each site")
    options = parser.parse_args()
    archive = Archive(options.archive)
    captures = [record for site in archive.site_ids() for _, record in archive.records(site)]
    replayed = [record for record in captures if isinstance(record, Capture) and record.url.startswith("http")]
    chosen = random.Random(options.seed).sample(replayed, min(options.count, len(replayed)))
    with tempfile.TemporaryDirectory() as folder:
        _fill(archive, Path(folder), options.pywb.resolve(), as_warc=options.warc)
        with _running(Path(folder), options.pywb.resolve()) as port:
            found = _compare(archive, replayed, chosen, port)
    print(" · ".join(f"{number} {what}" for what, number in found.items()), f"· of {len(replayed)} captures")
    return 1 if found["differ"] else 0


def _fill(archive: Archive, folder: Path, pywb: Path, *, as_warc: bool) -> None:
    """A collection of pywb's with all sites."""
    _manage(pywb, folder, "init", _COLLECTION)
    for site_id in archive.site_ids():
        if as_warc:
            _manage(pywb, folder, "add", _COLLECTION, *map(str, warc_paths(archive.root.resolve() / site_id)))
        else:
            out = folder / f"{site_id}.wacz"
            export(archive, site_id, out, now=lambda: dt.datetime.now(dt.UTC), software="benchmarks.replay")
            _manage(pywb, folder, "add", "--unpack-wacz", _COLLECTION, str(out))


def _manage(pywb: Path, folder: Path, *arguments: str) -> None:
    subprocess.run([pywb / "wb-manager", *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S603  # named by whoever runs this


@contextlib.contextmanager
def _running(folder: Path, pywb: Path) -> Iterator[int]:
    """A pywb on a free port, which is given; it ends with the block."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    with (folder / "log").open("wb") as log:
        command = [str(pywb / "wayback"), "-b", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)  # noqa: S603  # as above
        try:
            _wait(process, port, folder / "log")
            yield port
        finally:
            process.terminate()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    sys.exit(f"pywb did not start; it said:\n{log.read_text('utf-8', 'replace')[-2000:]}")


def _compare(archive: Archive, replayed: Sequence[Capture], chosen: Sequence[Capture], port: int) -> Counter[str]:
    """How many were shown as stored. Captures of one address in one second are one for pywb: any of them will do."""
    found: Counter[str] = Counter({"the same": 0, "differ": 0})
    for capture in chosen:
        twins = [one for one in replayed if (one.url, one.fetched_at) == (capture.url, capture.fetched_at)]
        shown = _ask(port, capture)
        stored = [(one.status, _digits(one.fetched_at), archive.get(one)) for one in twins]
        if capture.status == http.client.NOT_MODIFIED:
            # shown as received, without a body; or, by a WACZ's index, as the answer that still stood
            stored = [(304, _digits(capture.fetched_at), b""), (200, shown.time, archive.get(capture))]
        if (shown.status, shown.time, shown.body) in stored:
            found["the same"] += 1
            found["of them revisits"] += bool(capture.revisit_of)
            found["of them not modified, shown with their body"] += capture.status == 304 and shown.status == 200
            found["of them not modified, shown as 304"] += capture.status == 304 == shown.status
            found["of them redirects and errors"] += capture.status not in (200, 304)
            continue
        found["differ"] += 1
        wanted = [f"{status} {time} {len(body)} bytes" for status, time, body in stored]
        print(f"{capture.url}: {shown.status} {shown.time} {len(shown.body)} bytes, stored: {'; '.join(wanted)}")
    return found


def _ask(port: int, capture: Capture) -> Shown:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        url = quote(capture.url, safe=_UNRESERVED)
        connection.request("GET", f"/{_COLLECTION}/{_digits(capture.fetched_at)}id_/{url}")
        answer = connection.getresponse()
        try:
            body = answer.read()
        except http.client.IncompleteRead as cut:  # a body that was cut short when it was received
            body = cut.partial
        when = answer.getheader("Memento-Datetime")
        shown = email.utils.parsedate_to_datetime(when).strftime("%Y%m%d%H%M%S") if when else ""
        return Shown(answer.status, shown, decoded_body(body, answer.getheader("Content-Encoding") or ""))
    finally:
        connection.close()


def _digits(time_stated: str) -> str:
    return "".join(c for c in time_stated if c.isdigit())[:14]


if __name__ == "__main__":
    sys.exit(main())
