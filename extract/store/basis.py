"""What derived tables rest on beside the rows that were loaded: the divisions, and what people decided about bodies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.identity import divisions as tree
from extract.identity.decided import read_decisions
from extract.identity.mirrors import read_mirrors

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
    """The basis in a config directory; what it lacks comes from the repository's own.

    ``version`` names the reader and the code that derives.

    Raises:
        DivisionsError, DecisionsError: a file cannot be used; the message names the line and what to do.
    """
    named = [config / name for name in (*_TREES, "zones.csv", "agencies.csv", "mirrors.txt")]
    there = [path for path in named if path.exists()]
    trees = [path for path in there if path.name in _TREES] or [tree.CONFIG]
    zones = [path for path in there if path.name == "zones.csv"]
    if trees == [tree.CONFIG] and not zones:
        zones = [tree.ZONES]
    marks = [hashlib.sha256(path.read_bytes()).hexdigest() for path in there]
    return Basis(
        tree.load(*trees, *zones),
        read_decisions(config / "agencies.csv"),
        read_mirrors(),
        hashlib.sha256("\n".join([version, *marks]).encode()).hexdigest()[:16],
    )
