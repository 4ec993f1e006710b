"""archive.db and the archive as pages for people: a Datasette plugin. ``serve`` starts it, ``routes`` lists its pages.

Datasette imports this module while it is itself being imported, so nothing here may import Datasette at the top: the
hooks would be registered before they are defined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Generator

    from datasette.app import Datasette

hookimpl = HookimplMarker("datasette")


def _is_ours(datasette: Datasette) -> bool:
    """Whether this is our site; a plain Datasette, which knows no archive, stays as it is."""
    from publish.site import PublicSite  # noqa: PLC0415  # see above

    return isinstance(datasette, PublicSite)


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Our pages."""
    from publish.routes import ROUTES  # noqa: PLC0415  # see above

    return ROUTES if _is_ours(datasette) else []


@hookimpl(trylast=True)  # after Datasette's own escape_fts, which ours replaces
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Datasette) -> None:
    """What a query may use."""
    from publish import limits  # noqa: PLC0415  # see above

    if _is_ours(datasette):
        limits.prepare_connection(conn, database)


@hookimpl
def render_cell(value: Any, column: str, datasette: Datasette) -> Any:
    """Keys and digests in Datasette's tables lead to our pages."""
    from publish.links import linked  # noqa: PLC0415  # see above

    return linked(value, column) if _is_ours(datasette) else None


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """One small sheet that gives Datasette's pages our colours."""
    return ["/-/static-plugins/gongkai/datasette.css"] if _is_ours(datasette) else []


@hookimpl
def extra_template_vars(datasette: Datasette) -> dict[str, Any]:
    """Whether the notice of sample data is to be shown, for Datasette's own pages too."""
    return {"is_sample": getattr(datasette, "is_sample", False)}


@hookimpl(hookwrapper=True)  # instead of Datasette's answer, which also prints every local variable
def handle_exception(datasette: Datasette, request: Any, exception: Exception) -> Generator[None, Any, None]:
    """Pages that say what to do next."""
    outcome = yield
    from publish import errors  # noqa: PLC0415  # see above

    if _is_ours(datasette) and (answer := errors.answer(datasette, request, exception)) is not None:
        outcome.force_result([answer])  # the others are functions that nobody calls then


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """Security headers on every answer that does not bring its own."""
    from publish.limits import with_security_headers  # noqa: PLC0415  # see above

    return with_security_headers if _is_ours(datasette) else lambda app: app
