"""Small answers for machines: which database there is, without the path that Datasette would tell, and robots.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from publish.pages import CACHED

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

    from publish.site import PublicSite


async def databases(request: Request, datasette: PublicSite) -> Response:  # noqa: ARG001  # Datasette passes both by name
    """The database by name and size."""
    kept = [
        {"name": database.name, "size": database.size, "is_mutable": database.is_mutable}
        for database in datasette.databases.values()
        if database.name != "_internal"
    ]
    return Response.json(kept, headers={"cache-control": CACHED})


async def robots() -> Response:
    """Everyone may read everything; only endless combinations of filters and SQL are left out."""
    return Response.text(
        "User-agent: *\nDisallow: /*?*sql=\nDisallow: /*?*_facet\nAllow: /\n", headers={"cache-control": CACHED}
    )
