"""The tree of administrative divisions, through the years: config/divisions.csv.gz read into frozen records.

A division is a place under one superior with one name: a township that becomes a town, a county that becomes a city
and all the townships of that city are new divisions that *follow* the old ones. Codes are aliases: they change without
the place (a new scheme), and are given to another place. How the file is made, and its traps: config/divisions.md.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from extract.identity.variants import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CONFIG = Path(__file__).resolve().parent.parent.parent / "config" / "divisions.csv.gz"
ZONES = CONFIG.with_name("zones.csv")
"""Divisions that no list has and people added: zones of the central government. The same columns."""
COLUMNS = ("id", "name", "kind", "level", "parent", "valid_from", "valid_to", "follows", "change", "codes")
LEVELS = ("province", "prefecture", "county", "township")
BUREAU = "nbs"
"""The scheme of the National Bureau of Statistics."""
CHANGES = ("", "renamed", "upgraded", "moved")

Level: TypeAlias = Literal["province", "prefecture", "county", "township"]


class DivisionsError(Exception):
    """A file of divisions that cannot be used. The message names the file and the line, and says what to do."""


@dataclass(frozen=True, slots=True)
class Division:
    """One place under one superior with one name.

    ``id``: never reused. ``valid_from`` is the first edition that has it (the first of all: there before, too);
    ``valid_to`` the last one, None while the last edition has it. ``follows``: the id of what it was before, and
    ``change`` how: renamed, upgraded (another kind: 乡 to 镇, 县 to 市) or moved (the same name, a new superior).
    ``codes``: ``code:first-last`` by years of editions, joined with ``;``. Codes of another list than the statistics
    bureau's bear its name and stand last: ``mca-2025/411728:2025-2025``. Empty where no list has it (config/zones.csv).
    """

    id: str
    name: str
    kind: str
    level: Level
    parent: str
    valid_from: int
    valid_to: int | None
    follows: str
    change: str
    codes: str

    def __hash__(self) -> int:
        """By id alone: divisions are looked up often."""
        return hash(self.id)

    def coded(self) -> tuple[tuple[str, str, int, int], ...]:
        """Scheme (``nbs``, ``mca-2025``), code, first and last year of that list."""
        found = []
        for part in self.codes.split(";") if self.codes else ():
            scheme, _, code = part[:-10].rpartition("/")
            found.append((scheme or BUREAU, code, int(part[-9:-5]), int(part[-4:])))
        return tuple(found)

    def spans(self) -> tuple[tuple[str, int, int], ...]:
        """Code, first and last year, of all lists. The first one of a year is its own code (others are twins)."""
        return tuple((code, first, last) for _, code, first, last in self.coded())

    def code_in(self, year: int) -> str:
        """The code in the edition of a year, or an empty string."""
        return next((code for code, first, last in self.spans() if first <= year <= last), "")

    def is_valid(self, year: int) -> bool:
        """Whether it was there in that edition."""
        return self.valid_from <= year and (self.valid_to is None or year <= self.valid_to)


class Divisions:
    """All divisions that ever were, looked up by id, code, name and superior. Made once, never changed."""

    def __init__(self, divisions: Iterable[Division]) -> None:
        self._by_id: dict[str, Division] = {}
        for division in divisions:
            if division.id in self._by_id:
                raise DivisionsError(f"division {division.id} is there twice: give each its own id")
            self._by_id[division.id] = division

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, division_id: str) -> bool:
        return division_id in self._by_id

    def every(self) -> Iterable[Division]:
        """All that ever were, in the order of the file."""
        return self._by_id.values()

    def get(self, division_id: str) -> Division | None:
        """The division with that id."""
        return self._by_id.get(division_id)

    def __getitem__(self, division_id: str) -> Division:
        return self._by_id[division_id]

    @cached_property
    def first_edition(self) -> int:
        """The year of the first edition."""
        return min(division.valid_from for division in self.every())

    @cached_property
    def last_edition(self) -> int:
        """The year of the statistics bureau's last edition: the last that has townships."""
        return max(
            last
            for division in self.every()
            if division.valid_to is None
            for scheme, _, _, last in division.coded()
            if scheme == BUREAU
        )

    def edition(self, year: int | None) -> int:
        """The edition for a report of that year: its own, or the nearest there is; the last one without a year."""
        return self.last_edition if year is None else min(max(year, self.first_edition), self.last_edition)

    @cached_property
    def _coded(self) -> dict[str, tuple[Division, ...]]:
        found: dict[str, tuple[Division, ...]] = {}
        for division in self.every():
            for part in division.codes.split(";") if division.codes else ():
                code = part[:-10].rpartition("/")[2]
                others = found.get(code, ())
                if division not in others:
                    found[code] = (*others, division)
        return found

    def ever_coded(self, code: str) -> tuple[Division, ...]:
        """All divisions that ever had that code."""
        return self._coded.get(code, ())

    def by_code(self, code: str, year: int) -> Division | None:
        """The division that has that code (6 digits, townships 9) in the edition of that year.

        From the last edition on, one that began after it and that another list has.
        """
        known = self.ever_coded(code)
        for division in known:
            if any(each == code and first <= year <= last for each, first, last in division.spans()):
                return division
        if year < self.last_edition:
            return None
        return next((each for each in known if all(scheme != BUREAU for scheme, *_ in each.coded())), None)

    @cached_property
    def _named(self) -> dict[str, tuple[Division, ...]]:
        found: dict[str, list[Division]] = defaultdict(list)
        for division in self.every():
            found[canonical(division.name)].append(division)
        return {name: tuple(places) for name, places in found.items()}

    def named(self, name: str, year: int | None = None) -> Sequence[Division]:
        """All divisions of that name (written either way), in the edition of a year or ever."""
        every = self._named.get(canonical(name), ())
        return every if year is None else [division for division in every if division.is_valid(year)]

    @cached_property
    def _children(self) -> dict[str, tuple[Division, ...]]:
        found: dict[str, list[Division]] = defaultdict(list)
        for division in self.every():
            found[division.parent].append(division)
        return {parent: tuple(children) for parent, children in found.items()}

    def children(self, division_id: str, year: int | None = None) -> Sequence[Division]:
        """What stands directly under a division (under ``""``: the provinces), in the edition of a year or ever."""
        every = self._children.get(division_id, ())
        return every if year is None else [division for division in every if division.is_valid(year)]

    @cached_property
    def _followers(self) -> dict[str, tuple[Division, ...]]:
        found: dict[str, list[Division]] = defaultdict(list)
        for division in self.every():
            if division.follows:
                found[division.follows].append(division)
        return {before: tuple(after) for before, after in found.items()}

    def followers(self, division_id: str) -> tuple[Division, ...]:
        """What a division became."""
        return self._followers.get(division_id, ())

    def line(self, division: Division) -> tuple[Division, ...]:
        """The division and its superiors, the province first."""
        found = [division]
        while found[-1].parent:
            found.append(self._by_id[found[-1].parent])
        return tuple(reversed(found))

    def path(self, division: Division) -> tuple[str, ...]:
        """The names from the province down: 河南省 驻马店市 遂平县 花庄镇."""
        return tuple(each.name for each in self.line(division))

    def same_line(self, division: Division) -> frozenset[str]:
        """The ids of what this place was and became, its own among them."""
        found, waiting = {division.id}, [division]
        while waiting:
            each = waiting.pop()
            before = self._by_id.get(each.follows)
            for other in (*self.followers(each.id), *((before,) if before else ())):
                if other.id not in found:
                    found.add(other.id)
                    waiting.append(other)
        return frozenset(found)


def read_divisions(path: Path) -> list[Division]:
    """The rows of one file, .csv or .csv.gz.

    Raises:
        DivisionsError: The file cannot be read, or a row cannot be used.
    """
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DivisionsError(
            f"{path}: cannot be read ({error}); `python -m extract.identity.build_divisions`"
        ) from None
    rows = csv.reader(io.StringIO(text))
    if tuple(next(rows, ())) != COLUMNS:
        raise DivisionsError(f"{path}: the first line must be {','.join(COLUMNS)}")
    found = []
    for number, row in enumerate(rows, 2):
        try:
            identifier, name, kind, level, parent, first, last, follows, change, codes = row
            division = Division(
                identifier, name, kind, cast("Level", level), parent, int(first), int(last) if last else None, follows,
                change, codes,
            )  # fmt: skip
        except ValueError as error:
            raise DivisionsError(f"{path}:{number}: {error}; a row has {','.join(COLUMNS)}") from None
        if level not in LEVELS or change not in CHANGES or not name:
            raise DivisionsError(
                f"{path}:{number}: level {level!r}, change {change!r}, name {name!r}: one is not known"
            )
        found.append(division)
    return found


def load(*paths: Path) -> Divisions:
    """The divisions of one or more files together; config/divisions.csv.gz and config/zones.csv if none is named.

    Raises:
        DivisionsError: A file cannot be used, an id is there twice, or a superior is missing.
    """
    named = paths or (CONFIG, ZONES)
    return _load(named, tuple((path.stat().st_mtime_ns, path.stat().st_size) for path in named if path.exists()))


@lru_cache(maxsize=4)
def _load(paths: Sequence[Path], _stamps: tuple[tuple[int, int], ...]) -> Divisions:
    """The same, kept as long as the files are as they were."""
    divisions = Divisions(division for path in paths for division in read_divisions(path))
    for division in divisions.every():
        if division.parent and division.parent not in divisions:
            raise DivisionsError(f"division {division.id} {division.name}: there is no superior {division.parent}")
    return divisions
