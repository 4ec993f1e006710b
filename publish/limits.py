"""What a query from outside may cost, and which headers every answer carries."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from extract.search_text import fts_query

if TYPE_CHECKING:
    from collections.abc import Callable

# Datasette's time limit does not bound memory: select zeroblob(900000000) took 21 GB. A value may not be longer than
# this in a query from outside (1000 rows of it are 200 MB); our own pages read whole texts by other connections.
MOST_BYTES_PUBLIC = 200_000
MOST_BYTES_PAGES = 50_000_000
PAGES = "_pages"
# They make large values out of nothing.
DENIED = frozenset(
    {"zeroblob", "randomblob", "printf", "format", "load_extension", "fts3_tokenizer", "edit", "writefile"}
)
_DENIED_ACTIONS = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Datasette's own pages carry inline scripts and styles, and load nothing from elsewhere.
DATASETTE_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"content-security-policy": DATASETTE_POLICY.encode(),
}


def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Limit what a statement may make and call, and teach the search box single characters of Chinese."""
    most = MOST_BYTES_PAGES if database == PAGES else MOST_BYTES_PUBLIC
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, most)
    conn.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    conn.create_function("escape_fts", 1, _escape_fts, deterministic=True)
    conn.set_authorizer(_authorize)


def _escape_fts(words: str | None) -> str:
    # An empty phrase matches nothing; an empty query would be a syntax error.
    return fts_query(str(words or "")) or '""'


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    if action == sqlite3.SQLITE_READ and (first, second) == ("pragma_database_list", "file"):
        return sqlite3.SQLITE_IGNORE  # reads as NULL: where the database lies is nobody's business
    if action in _DENIED_ACTIONS or (action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in DENIED):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def with_security_headers(app: Callable[..., Any]) -> Callable[..., Any]:
    """The ASGI application, adding each security header that an answer lacks."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def send_with(event: dict[str, Any]) -> None:
            if event["type"] == "http.response.start":
                present = {name.lower() for name, _ in event.get("headers", [])}
                missing = [(name, value) for name, value in _HEADERS.items() if name not in present]
                event = {**event, "headers": [*event.get("headers", []), *missing]}
            await send(event)

        await app(scope, receive, send_with)

    return wrapped
