"""What Datasette raises -> a page or an answer that says what to do next, without a traceback in the log."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from datasette.utils.asgi import NotFound, Response

from publish.limits import MOST_BYTES_PUBLIC
from publish.pages import failure, not_found

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from datasette.utils.asgi import Request

    from publish.site import PublicSite

_MISSING = (
    "这个网址没有页面。请从首页、检索或数据表进入。",
    "There is no page at this address. Start from the home page, the search, or the tables.",
)
_LIMIT = f"{MOST_BYTES_PUBLIC // 1000} kB"
_TOO_LONG = (
    (
        f"结果中有一个值超过 {_LIMIT}（多半是原件全文），不能这样取出。请去掉该列，例如在网址后加 ?_nocol=text；"
        "全文可下载 archive.db 后查询。"
    ),
    (
        f"A value in this answer is longer than {_LIMIT}, most likely the text of an original. "
        "Leave that column out, for example with ?_nocol=text; for whole texts download archive.db."
    ),
)


def answer(site: PublicSite, request: Request, exception: Exception) -> Coroutine[None, None, Response] | None:
    """Our answer to an exception; None leaves it to Datasette."""
    if isinstance(exception, NotFound):
        return _as_data(404, _MISSING[1]) if _wants_data(request) else not_found(site, request, *_MISSING)
    if isinstance(exception, sqlite3.DataError):
        return _as_data(400, _TOO_LONG[1]) if _wants_data(request) else failure(site, request, *_TOO_LONG)
    return None


def _wants_data(request: Request) -> bool:
    return str(request.path).endswith((".json", ".csv"))


async def _as_data(status: int, message: str) -> Response:
    return Response.json({"ok": False, "error": message, "status": status}, status=status)
