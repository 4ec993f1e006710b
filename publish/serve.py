"""Start the site: ``serve`` in this process, ``build_datasette`` for tests."""

from __future__ import annotations

import contextlib
import signal
import socket
import sqlite3
import sys
from pathlib import Path

import uvicorn
from datasette.utils import parse_metadata

from crawler.archive import Archive, ArchiveError
from publish.questions import with_questions
from publish.site import PublicSite

CONFIG = Path(__file__).resolve().parent.parent / "config" / "datasette.yml"
SETTINGS = {
    "suggest_facets": False,  # they cost two seconds a table page
    "default_page_size": 25,  # a page of 100 wide rows is 1.7 MB
    "max_returned_rows": 1000,
    "sql_time_limit_ms": 1000,
    "facet_time_limit_ms": 200,
    "allow_download": True,  # the whole database is meant to be taken away
    "default_cache_ttl": 300,  # what is published changes with a load, not with a second
    "max_csv_mb": 100,
    "num_sql_threads": 3,
}


class ServeError(Exception):
    """The site cannot be started; the message says what to do first."""


def build_datasette(db: Path, archive: Path) -> PublicSite:
    """The site over a database and its archive, not yet listening.

    Raises:
        ServeError: one of the two is missing.
    """
    if not db.exists():
        raise ServeError(f"there is no database at {db}; make it with: gongkai extract")
    try:
        with contextlib.closing(sqlite3.connect(db)) as connection:
            connection.execute("select count(*) from reports")
    except sqlite3.Error as error:
        raise ServeError(f"{db} is no database of ours ({error}); make it with: gongkai extract or rebuild") from error
    try:
        opened = Archive(archive)
    except ArchiveError as error:
        raise ServeError(str(error)) from error
    metadata = with_questions(parse_metadata(CONFIG.read_text("utf-8")))
    return PublicSite(db, opened, metadata=metadata, settings=SETTINGS)


def serve(db: Path, archive: Path, port: int, host: str = "127.0.0.1") -> None:
    """Serve until interrupted; prints the address first.

    Raises:
        ServeError: the database or the archive is missing, or the port cannot be had.
    """
    site = build_datasette(db, archive)
    listening = _bound(host, port)
    # uvicorn shuts down in order and then raises the signal again: as an exit, so that the snapshots are removed.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: sys.exit(0))
    print(f"The pages are at http://{host}:{port}/ (Ctrl-C ends)", flush=True)
    config = uvicorn.Config(site.app(), log_level="warning", lifespan="on", server_header=False)
    with listening:
        uvicorn.Server(config).run(sockets=[listening])


def ensure_free(port: int, host: str = "127.0.0.1") -> None:
    """Look, before anything long begins, whether the pages can be served there.

    Raises:
        ServeError: the port cannot be had.
    """
    _bound(host, port).close()


def _bound(host: str, port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ServeError(f"{host}:{port} cannot be had ({error.strerror}); name another port with: --port N") from error
    return listening
