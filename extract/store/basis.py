"""What derived tables rest on beside the rows that were loaded: the divisions, and what people decided about bodies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.identity import divisions as tree
from extract.identity.decided import DecisionsError, read_decisions
from extract.identity.hints import AREA_CODES
from extract.identity.mirrors import CONFIG as MIRRORS
from extract.identity.mirrors import read_mirrors
from extract.identity.organs import NAMES
from extract.store.errors import BasisError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from extract.identity.decided import Decisions
    from extract.identity.divisions import Divisions

_NATION = "cn"
"""What the key of a central organ begins with: it is of no division."""


_TREES = ("divisions.csv.gz", "divisions.csv")


@dataclass(frozen=True, slots=True)
class Basis:
    """``digest`` changes where any of it does, or the code that derives: everything is then derived anew."""

    divisions: Divisions
    decided: Decisions
    mirrors: frozenset[str]
    digest: str


def read_basis(config: Path, version: str) -> Basis:
    """The basis in a config directory; divisions and mirrors that it lacks are the repository's own.

    ``version`` names the reader and the code that derives.

    Raises:
        BasisError: a file cannot be used, or names a place that is none; the message says which, and what to do.
    """
    trees = [path for name in _TREES if (path := config / name).exists()] or [tree.CONFIG]
    if (path := config / "zones.csv").exists():
        trees.append(path)
    elif trees == [tree.CONFIG]:
        trees.append(tree.ZONES)
    decisions = config / "agencies.csv"
    mirrors = path if (path := config / "mirrors.txt").exists() else MIRRORS
    read = [path for path in (*trees, decisions, mirrors, AREA_CODES, NAMES) if path.exists()]
    try:
        divisions, decided, hosts = tree.load(*trees), read_decisions(decisions), read_mirrors(mirrors)
    except (tree.DivisionsError, DecisionsError) as error:
        raise BasisError(str(error)) from error
    except UnicodeDecodeError as error:
        raise BasisError(f"{config}: a file there is no text in UTF-8 ({error}); save it as UTF-8") from error
    except OSError as error:
        raise BasisError(f"{error.filename or config}: cannot be read ({error.strerror})") from error
    if not len(divisions):
        raise BasisError(f"{trees[-1]}: it names no division; take it away, and the repository's own are used")
    for key in _places(decided):
        if key != _NATION and key not in divisions:
            raise BasisError(f"{decisions}: {key} is no division; an agency key begins with an id of table regions")
    marks = [hashlib.sha256(path.read_bytes()).hexdigest() for path in read]
    return Basis(divisions, decided, hosts, hashlib.sha256("\n".join([version, *marks]).encode()).hexdigest()[:16])


def _places(decided: Decisions) -> Iterator[str]:
    """The id of each division that a decision names: a misspelt one would decide nothing, and nobody would know."""
    keys = [*decided.identities.values()]
    keys += [key for link in decided.links if not link.is_name for key in (link.from_key, link.to_key)]
    yield from (key.partition(":")[0] for key in keys)
    yield from decided.complete
