"""Which body of which place a report is from: all evidence weighed, and the answer given only where it clearly leads.

``identify`` is pure. What depends on the tree alone (names taken apart, lines of divisions) is kept between calls; the
text is searched only where title, issuer, signature and site do not settle it. A name that fits several places is
``ambiguous``: it waits for a person, it is never guessed.

The way: ``naming`` (which printed name counts), ``site_evidence`` and ``hints`` (what else speaks for a place), then
``verdict``, which asks ``candidates``, ``weighing`` and ``superiors``; ``agency`` describes the body that was found.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from extract.identity.agency import central, resolved
from extract.identity.clues import MOST_CANDIDATES, Case, Clues, Evidence, Identity
from extract.identity.decided import NOTHING, Decisions
from extract.identity.hints import Hint, footer_hints, readable, text_hints
from extract.identity.lineage import lineage_of
from extract.identity.naming import is_of_all, name_in_title, named, names_printed, primary, says_who
from extract.identity.organs import GOVERNMENT, Organ, organ_of
from extract.identity.places import Named
from extract.identity.site_evidence import body_of_site, column_of, site_hints
from extract.identity.verdict import verdict
from extract.identity.weighing import unweighed
from extract.names import squeeze

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from extract.identity.divisions import Divisions

_NOBODY = "title, signature and source name no body: read the page or the document for it"


def identify(
    clues: Clues, divisions: Divisions, decided: Decisions = NOTHING, mirrors: Collection[str] = frozenset()
) -> Identity:
    """Who a report is from. ``mirrors``: hosts that copy pages of others and are no evidence (config/mirrors.txt)."""
    host = clues.host or (urlsplit(clues.url).hostname or "" if clues.url else "")
    is_mirror = host != "" and host.lower().split(":")[0].removeprefix("www.") in mirrors
    bare = Clues(
        name_in_title(clues.title), clues.issuer, clues.signature, clues.year, "" if is_mirror else host, "",
        "" if is_mirror else clues.breadcrumb, None if is_mirror else clues.site,
        publisher="" if is_mirror else clues.publisher,
    )  # fmt: skip
    identity, is_settled = _without_text(bare, divisions, decided)
    if is_settled or not clues.text:
        return identity
    return _identify(bare, clues.text, divisions, decided, is_mirror=is_mirror)[0]


@lru_cache(maxsize=20_000)
def _without_text(clues: Clues, divisions: Divisions, decided: Decisions) -> tuple[Identity, bool]:
    return _identify(clues, None, divisions, decided, is_mirror=False)


def _identify(
    clues: Clues, text: str | None, divisions: Divisions, decided: Decisions, *, is_mirror: bool
) -> tuple[Identity, bool]:
    """The identity, and whether the text need not be asked (any more)."""
    year = divisions.edition(clues.year)
    names = names_printed(clues, text, divisions)
    publisher = named(clues.publisher, divisions)
    if found := _decided(clues, names, divisions, decided):
        return found, True
    source, name = primary(names)
    if name.is_central:
        return central(name, source), True
    if source in {"issuer", "publisher"} and not names["title"] and is_of_all(name):
        column = column_of(clues, divisions)
        if column and (column.organ.name != name.organ.name or column.places not in ((), name.places)):
            return _two_bodies(source, name, column), text is not None
    hints = site_hints(clues, year, divisions)
    if not name or not (name.places or says_who(name)):
        source, name = body_of_site(clues, source, name, divisions)
    if name.is_central:
        return central(name, source), True
    hints += [
        Hint(f"{key} places", each.said, each.places)
        for key, each in names.items()
        if key not in {source, "publisher"}
        and each.places
        and each.places != name.places  # the same words again prove no more
    ]
    if source != "publisher" and publisher.places and not publisher.is_short and publisher.places != name.places:
        hints.append(Hint("publisher", publisher.said, publisher.places))
    plain = ""
    if text is not None:
        plain = readable(text)
        if not is_mirror:
            hints += footer_hints(plain, year, divisions)
        hints += text_hints(plain, year, divisions)
    if not name:
        return Identity("unknown", evidence=unweighed(hints), why=_NOBODY), text is not None
    return verdict(Case(clues, source, name, hints, plain, year), lineage_of(divisions))


def _decided(clues: Clues, names: Mapping[str, Named], divisions: Divisions, decided: Decisions) -> Identity | None:
    """What a person decided of a printed name on that host or site (agencies.csv)."""
    if not decided.identities:
        return None
    places = [clues.host, clues.host.removeprefix("www."), clues.site.id if clues.site else ""]
    own = (each.printed for key, each in names.items() if key != "publisher")  # it publishes for others, too
    for printed in (clues.issuer, *own):
        for where in places:
            key = decided.identities.get((squeeze(printed), where)) if printed and where else None
            if key:
                place, _, organ = key.partition(":")
                division = divisions.get(place)
                if division is None and place != "cn":
                    return Identity(
                        "unknown",
                        why=f"agencies.csv names {key}, but there is no division {place}: correct that row",
                    )
                row = Evidence("decided", f"{printed} on {where}", place, 1.0)
                kind = "government" if organ == GOVERNMENT else organ_of(organ).kind or "department"
                found = Organ(organ, kind)
                return (
                    resolved(division, found, clues.year, (row,), divisions)
                    if division
                    else central(Named(printed, organ=Organ(organ, "central")), "decided")
                )
    return None


def _two_bodies(source: str, name: Named, column: Named) -> Identity:
    rows = tuple(
        Evidence(where, each.printed, place.id, 0.0)
        for where, each in ((source, name), ("breadcrumb", column))
        for place in each.places[:4]
    )
    why = f"{name.printed} put up the page, which stands in the column of {column.printed}: read whose text it is"
    found = tuple(dict.fromkeys((*name.places, *column.places)))[:MOST_CANDIDATES]
    return Identity("ambiguous", organ=column.organ.name, candidates=found, evidence=rows, why=why)
