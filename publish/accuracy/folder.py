"""The folder of a sample: written for the readers, and read again when they are done."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from publish.accuracy.items import Item, Place, Sample, sample_from, sample_of
from publish.accuracy.pictures import look_of
from publish.accuracy.population import archive_of, count, opened
from publish.accuracy.readme import README
from publish.accuracy.sheets import sheet
from publish.stored import CAPTURE, ENDINGS, Stored, StoredError, fetched, member_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from crawler.archive import Archive

NAME = "sample.json"
PICTURES = "pictures"
_ENDINGS = {**ENDINGS, "multipart/related": "mhtml"}


class FolderError(Exception):
    """The folder cannot be written, or holds no sample; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the sample, and the items whose original the archive did not give, with the reason."""

    sample: Sample
    without_picture: tuple[tuple[int, str], ...]


def write(
    folder: Path,
    db: Path,
    archive: Archive,
    number: int,
    *,
    seed: int,
    drawn_on: str,
    on_progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Written:
    """Draw so many cells and write all that two readers need.

    Raises:
        FolderError: the folder is there and not empty, or cannot be written.
        PopulationError, DrawError: there is nothing to draw from, or not that many.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderError(f"{folder} is there already and not empty; name another with --out, or remove it")
    with opened(db) as connection:
        sample, places = sample_of(
            connection, count(connection), number, seed=seed, drawn_on=drawn_on, archive=archive_of(connection)
        )
        try:
            return _write(folder, connection, archive, sample, places, on_progress)
        except OSError as error:
            raise FolderError(f"{folder} cannot be written ({error.strerror}); name another with --out") from error


def _write(
    folder: Path,
    db: sqlite3.Connection,
    archive: Archive,
    sample: Sample,
    places: tuple[Place, ...],
    on_progress: Callable[[int, int], None],
) -> Written:
    pictures = folder / PICTURES
    pictures.mkdir(parents=True)
    originals = _Originals(db, archive)
    items: list[Item] = []
    without: list[tuple[int, str]] = []
    for item, place in zip(sample.items, places, strict=True):
        try:
            picture, document = _picture(pictures, item, originals.get(item.sha256, item.member), place)
        except StoredError as error:
            picture = document = ""
            without.append((item.number, str(error)))
        items.append(replace(item, picture=picture, document=document))
        on_progress(item.number, len(places))
    sample = replace(sample, items=tuple(items))
    every = {item.number for item in sample.items}
    for reader in "ab":
        (folder / f"sheet-{reader}.csv").write_bytes(sheet(sample, every))
    told = {"sample": sample.id, "number": len(every), "seed": sample.seed}
    told |= {"drawn_on": sample.drawn_on, "digest": sample.digest}
    (folder / "README.md").write_text(README.substitute(told), "utf-8")
    # Last: a folder without it was broken off, and is told by that.
    (folder / NAME).write_text(as_text(sample.as_json()), "utf-8")
    return Written(sample, tuple(without))


def as_text(told: object) -> str:
    """JSON as we keep it in files that people compare."""
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _picture(folder: Path, item: Item, document: Stored, place: Place) -> tuple[str, str]:
    """Write what is to be looked at, and the original once where it goes with it; the names of both."""
    original = _original_name(item, document)
    look = look_of(document, place, original)
    if look.original and not (folder / original).exists():
        (folder / original).write_bytes(document.data)
    if not look.ending:
        return original, original
    name = f"{item.number:05d}.{look.ending}"
    (folder / name).write_bytes(look.data)
    return name, original if look.original else name


def _original_name(item: Item, document: Stored) -> str:
    member = f"-{hashlib.sha256(item.member.encode()).hexdigest()[:6]}" if item.member else ""
    return f"original-{item.sha256[:12]}{member}.{_ENDINGS.get(document.media_type, 'bin')}"


class _Originals:
    """Documents from the archive; the last one is kept, for its next item."""

    def __init__(self, db: sqlite3.Connection, archive: Archive) -> None:
        self.db, self.archive = db, archive
        self.last: tuple[tuple[str, str], Stored] | None = None

    def get(self, sha256: str, member: str) -> Stored:
        """The document.

        Raises:
            StoredError: the archive does not give it.
        """
        if self.last is None or self.last[0] != (sha256, member):
            row = self.db.execute(CAPTURE, [sha256]).fetchone()
            if row is None:
                raise StoredError("no capture has this original; run: gongkai verify")
            found = fetched(self.archive, dict(row))
            self.last = (sha256, member), member_of(found, member) if member else found
        return self.last[1]


def read(folder: Path) -> Sample:
    """The sample that was written there.

    Raises:
        FolderError: there is none, or it was changed.
    """
    path = folder / NAME
    try:
        return sample_from(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise FolderError(f"{folder} holds no {NAME}: name the folder that gongkai sample wrote") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FolderError(f"{path} is damaged ({error}); draw again with the same seed") from error
