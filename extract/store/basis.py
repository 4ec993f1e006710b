"""What derived tables rest on beside the rows that were loaded: the divisions, and what people decided about bodies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.identity import divisions as tree
from extract.identity.decided import read_decisions
from extract.identity.hints import AREA_CODES
from extract.identity.mirrors import CONFIG as MIRRORS
from extract.identity.mirrors import read_mirrors
from extract.identity.organs import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from extract.identity.decided import Decisions
    from extract.identity.divisions import Divisions


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
        DivisionsError, DecisionsError: a file cannot be used; the message names the line and what to do.
    """
    trees = [path for name in _TREES if (path := config / name).exists()] or [tree.CONFIG]
    if (path := config / "zones.csv").exists():
        trees.append(path)
    elif trees == [tree.CONFIG]:
        trees.append(tree.ZONES)
    decisions = config / "agencies.csv"
    mirrors = path if (path := config / "mirrors.txt").exists() else MIRRORS
    read = [path for path in (*trees, decisions, mirrors, AREA_CODES, NAMES) if path.exists()]
    marks = [hashlib.sha256(path.read_bytes()).hexdigest() for path in read]
    return Basis(
        tree.load(*trees),
        read_decisions(decisions),
        read_mirrors(mirrors),
        hashlib.sha256("\n".join([version, *marks]).encode()).hexdigest()[:16],
    )
