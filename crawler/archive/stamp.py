"""What an archive holds, stamped into it: the sample portal, or real sites. Nothing mixes the two."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from crawler.archive.errors import ArchiveHoldsOtherError, ArchiveMissingError

if TYPE_CHECKING:
    from pathlib import Path

Holds = Literal["real", "sample"]
NAME = "archive.json"


def read_stamp(root: Path) -> Holds:
    """What the archive at ``root`` holds.

    Raises:
        ArchiveMissingError: there is none.
    """
    path = root / NAME
    if not path.exists():
        raise ArchiveMissingError(f"there is no archive at {root}; make one with: gongkai crawl, ingest or demo")
    holds: Holds = json.loads(path.read_text("utf-8"))["holds"]
    return holds


def stamp(root: Path, holds: Holds) -> None:
    """Make an archive that holds this, or check that the one there does.

    Raises:
        ArchiveHoldsOtherError: it holds the other kind.
    """
    path = root / NAME
    if not path.exists():
        root.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"holds": holds, "format": 1}) + "\n", "utf-8")
        fresh.replace(path)
        return
    if (there := read_stamp(root)) != holds:
        what = "the sample portal" if there == "sample" else "real captures"
        way = "remove it with: gongkai demo --remove, or " if there == "sample" else ""
        raise ArchiveHoldsOtherError(
            f"the archive at {root} holds {what}, and nothing else is mixed into it; "
            f"{way}name another folder with: --archive DIR"
        )
