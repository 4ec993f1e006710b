"""What an archive holds, stamped into it: the sample portal, or real sites. Nothing mixes the two."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crawler.archive.errors import ArchiveHoldsOtherError, ArchiveMissingError, ArchiveWriteError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Holds = Literal["real", "sample"]
NAME = "archive.json"
_FORMAT = 1
_SHOULD_BE = 'it should read {"holds": "real", "format": 1}, or "sample" where the sample portal was crawled'


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an archive holds, and its own id, which a database that is built from it notes (empty if it has none)."""

    holds: Holds
    id: str = ""


def read_stamp(root: Path) -> Stamp:
    """What the archive at ``root`` says of itself.

    Raises:
        ArchiveMissingError: there is none, its stamp is damaged, or a newer version made it.
    """
    path = root / NAME
    if not path.exists():
        raise ArchiveMissingError(f"there is no archive at {root}; make one with: gongkai crawl, ingest or demo")
    try:
        said = json.loads(path.read_bytes())
        holds, archive_format = said["holds"], said["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveMissingError(f"{path} is damaged ({error!r}); {_SHOULD_BE}") from error
    if holds not in ("real", "sample"):
        raise ArchiveMissingError(f"{path} says holds: {holds!r}; {_SHOULD_BE}")
    if archive_format != _FORMAT:
        raise ArchiveMissingError(
            f"{path} is of format {archive_format!r}, and {_FORMAT} is known here; update gongkai"
        )
    return Stamp(holds, str(said.get("id", "")))


def stamp_problem(root: Path) -> str:
    """What was changed in the stamp since it was written, or empty.

    A stamp made before it had a digest, or by hand, has none: in such a one only a changed id cannot be seen.
    """
    text = (root / NAME).read_text("utf-8", errors="replace")
    said = json.loads(text)
    keys = ["holds", "format", *(["id"] if "id" in said else []), *(["sha256"] if "sha256" in said else [])]
    unchanged = text.removesuffix("\n") == json.dumps({key: said[key] for key in keys})
    if unchanged and said.get("sha256") in (None, _digest(said)):
        return ""
    return f"the stamp was changed after it was written; put it back from a copy of the archive: {_SHOULD_BE}"


def _digest(said: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps([said["holds"], said["format"], said.get("id")]).encode()).hexdigest()


def stamp(root: Path, holds: Holds) -> None:
    """Make an archive that holds this, or check that the one there does.

    Raises:
        ArchiveHoldsOtherError: it holds the other kind.
        ArchiveMissingError: its stamp is damaged, or gone from among its files.
        ArchiveWriteError: it cannot be made there.
    """
    if not (root / NAME).exists():
        _make(root, holds)
    if (there := read_stamp(root).holds) != holds:
        what = "the sample portal" if there == "sample" else "real captures"
        way = "remove it with: gongkai demo --remove, or " if there == "sample" else ""
        raise ArchiveHoldsOtherError(
            f"the archive at {root} holds {what}, and nothing else is mixed into it; "
            f"{way}name another folder with: --archive DIR"
        )


def _make(root: Path, holds: Holds) -> None:
    if any(root.glob("*/*.warc.gz*")):
        raise ArchiveMissingError(f"{root} holds WARC files, but {NAME} is gone: put it back; {_SHOULD_BE}")
    fresh = root / f"{NAME}.{uuid.uuid4().hex}.new"  # several crawlers may begin at once, threads of one process too
    try:
        root.mkdir(parents=True, exist_ok=True)
        said = {"holds": holds, "format": _FORMAT, "id": uuid.uuid4().hex}
        fresh.write_text(json.dumps({**said, "sha256": _digest(said)}) + "\n", "utf-8")
        _put_first(fresh, root / NAME)
    except OSError as error:
        raise ArchiveWriteError(
            f"no archive can be made at {root} ({error.strerror}); name another folder with: --archive DIR"
        ) from error


def _put_first(fresh: Path, path: Path) -> None:
    """Give a file its name unless another was quicker: an archive's id stays what the first one read."""
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    except OSError:  # a disk without hard links
        fresh.replace(path)
        return
    fresh.unlink()
