"""What people decided, as pages show it: what is withheld and why, and corrections beside what was read.

What is withheld answers 451 (RFC 7725) with its reason and nothing else, whatever was asked for.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from publish.pages import page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasette.utils.asgi import Request

    from publish.site import PublicSite, Row

UNAVAILABLE = 451
_COLUMNS = "select name from pragma_table_info(?)"
_WITHHELD = "select what, target, reason, decided_by, decided_on from withheld"
_CORRECTIONS = """
    select key, read_value, read_state, printed_value, printed_state, printed_raw, status, reason, evidence, note,
      sha256, member, decided_by, decided_on
    from corrections where report_key = ? order by key, decided_on"""


async def withheld(site: PublicSite) -> list[Row]:
    """What people decided to withhold, newest decisions first; a report once, and not each of its documents."""
    if not await _keeps(site, "withheld", "target"):
        return []  # an archive.db of before
    return await site.rows(f"{_WITHHELD} where follows is null order by decided_on desc, what, target")


async def withheld_report(site: PublicSite, report_key: str) -> Row | None:
    """The decision by which a report is withheld as a whole."""
    return next((row for row in await _of(site, [report_key]) if row["what"] == "report"), None)


async def withheld_document(site: PublicSite, sha256: str) -> Row | None:
    """The decision by which an original, or a passage of it, is withheld: then its bytes are not shown."""
    found = await _of(site, [sha256])
    return next((row for row in found if row["what"] == "document"), next(iter(found), None))


async def withheld_documents(site: PublicSite, digests: Sequence[str]) -> dict[str, Row]:
    """By sha256, the decisions about these originals."""
    found = await _of(site, digests)
    return {row["target"]: row for row in sorted(found, key=lambda row: str(row["what"]), reverse=True)}


async def corrections_of(site: PublicSite, report_key: str) -> list[Row]:
    """The decisions on cells of a report, refused ones included."""
    if not await _keeps(site, "corrections", "read_value"):
        return []  # an archive.db of before
    return await site.rows(_CORRECTIONS, [report_key])


async def unavailable(site: PublicSite, request: Request, decision: Row) -> Response:
    """The answer to whatever was asked of something withheld: that it is, why, who decided and when."""
    if str(request.path).endswith(".json"):
        told = {"error": "withheld", **decision}
        return Response.json(told, status=UNAVAILABLE, headers={"cache-control": "no-cache"})
    return await page(site, request, "gongkai_withheld.html", {"decision": decision}, status=UNAVAILABLE)


async def withheld_page(request: Request, datasette: PublicSite) -> Response:
    """``/withheld``: the public note of everything that is withheld, and why."""
    return await page(datasette, request, "gongkai_withheld_list.html", {"decisions": await withheld(datasette)})


async def withheld_digest(site: PublicSite) -> str:
    """Of what is withheld: a copy of the database made before it changed must not be given out."""
    return hashlib.sha256(repr(await withheld(site)).encode()).hexdigest()


async def _of(site: PublicSite, targets: Sequence[str]) -> list[Row]:
    if not targets or not await _keeps(site, "withheld", "target"):
        return []
    marks = ", ".join("?" for _ in targets)
    return await site.rows(f"{_WITHHELD} where target in ({marks}) order by what, decided_on", list(targets))


async def _keeps(site: PublicSite, table: str, column: str) -> bool:
    return any(row["name"] == column for row in await site.rows(_COLUMNS, [table]))
