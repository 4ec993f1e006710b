"""What the place where a report was found says of its body: the registry's row of the site, and the way of columns."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from extract.identity.hints import Hint, coded
from extract.identity.places import Named, gazetteer
from extract.names import squeeze

if TYPE_CHECKING:
    from extract.identity.clues import Clues, Site
    from extract.identity.divisions import Divisions

_OF_A_SITE = re.compile(r"(?:人民政府)?(?:门户)?(?:网站|网|平台|政府信息公开.*|政务公开.*|信息公开.*)+$")
_SEPARATORS = re.compile(r"[>＞»/|｜\n\t]+|\s-\s|\s{2,}")


def site_hints(clues: Clues, year: int, divisions: Divisions) -> list[Hint]:
    """The regions that the site and the columns speak for, each of which can hold many bodies."""
    hints: list[Hint] = []
    if clues.site and clues.site.region_code:
        hints += _coded_site(clues.site.id, clues.site.region_code, year, divisions)
    elif clues.site and (owner := owner_of(clues.site, divisions)).places and not (owner.is_short and owner.words == 1):
        hints.append(Hint("site", f"{clues.site.id} {owner.said}", owner.places))
    if not clues.breadcrumb:
        return hints
    for column in _SEPARATORS.split(clues.breadcrumb):
        named = gazetteer(divisions).named(squeeze(column))
        if named.places and not named.is_short and named.organ.kind == "government":
            hints.append(Hint("breadcrumb", named.said, named.places))
    return hints


@lru_cache(maxsize=100_000)
def _coded_site(site_id: str, region_code: str, year: int, divisions: Divisions) -> tuple[Hint, ...]:
    places = coded(region_code, year, divisions)
    return (Hint("site", f"{site_id} {region_code}", places),) if places else ()


def owner_of(site: Site, divisions: Divisions) -> Named:
    """Whose site it is by its name, where the registry's line names no division: 岚汀县人民政府门户网站."""
    return gazetteer(divisions).named(_OF_A_SITE.sub("", squeeze(site.agency or site.name)))


def body_of_site(clues: Clues, source: str, name: Named, divisions: Divisions) -> tuple[str, Named]:
    """Where title, issuer and signature name nobody: the column that the page stands in, or a department's site.

    What was known (``source`` and ``name``) stays where neither names a body.
    """
    if column := column_of(clues, divisions):
        return "breadcrumb", column
    if clues.site and clues.site.level in {"department", "central"} and clues.site.agency:
        return "site agency", gazetteer(divisions).named(clues.site.agency)
    return source, name


def column_of(clues: Clues, divisions: Divisions) -> Named:
    """The innermost column that is one body's: a township's or a department's."""
    for words in reversed(_SEPARATORS.split(clues.breadcrumb)):
        named = gazetteer(divisions).named(squeeze(words))
        if named.places and not named.is_short and named.places[0].level == "township":
            return named
        if named.organ.kind in {"department", "vertical"}:
            return named
    return Named("")
