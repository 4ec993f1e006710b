"""The words of a printed name that name places, as far as the tree can read them: 攀枝花市 仁和区 前进镇."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from extract.identity.organs import NONE, Organ, is_central, organ_of, own_line
from extract.identity.variants import SAME, canonical, short_names, stem
from extract.names import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract.identity.divisions import Division, Divisions

_LONGEST = 20
_READS_AS_ORGAN = (
    "局",
    "中心",
    "公司",
    "委员会",
    "办公室",
    "处",
    "站",
    "所",
    "监狱",
    "部",
    "社",
    "厂",
    "社区",
    "区划",
    "单位",
)


@dataclass(frozen=True, slots=True)
class Named:
    """A printed name taken apart.

    ``places``: all divisions that its place words can mean, of all years; empty where it has none. ``words``: how many
    place words there are (攀枝花市仁和区前进镇: 3), ``said`` those words as printed. ``is_short``: one of them is cut
    short (凉山州, 武汉). ``organ``: what the rest of the name says. ``rest``: that rest.
    """

    printed: str
    places: tuple[Division, ...] = ()
    words: int = 0
    said: str = ""
    is_short: bool = False
    organ: Organ = NONE
    rest: str = ""
    is_central: bool = False

    def __bool__(self) -> bool:
        return bool(self.places) or bool(self.organ.kind) or self.is_central


@dataclass(frozen=True, slots=True)
class _Reading:
    """A way to read the beginning of a name: where it ends, what it can mean, how many words and short ones.

    ``is_bare``: it is one word without its kind (武汉), which can be part of another name.
    """

    end: int
    places: tuple[Division, ...]
    words: int
    short: int
    is_bare: bool = False

    def rank(self) -> tuple[int, int, int]:
        return self.end, -self.short, -self.words


class Gazetteer:
    """Reads place words with the names of all years. Made once for a tree of divisions."""

    def __init__(self, divisions: Divisions) -> None:
        self._divisions = divisions
        self._above: dict[str, frozenset[str]] = {}

    @cached_property
    def _short(self) -> dict[str, tuple[Division, ...]]:
        """Names cut short, down to counties: 凉山州, 互助县; and the bare ones 武汉, 永靖."""
        found: dict[str, list[Division]] = defaultdict(list)
        for division in self._divisions.every():
            if division.kind in {"pseudo", "functional_area"}:
                continue
            name, bare = canonical(division.name), stem(division.name)
            if division.level == "township":
                if division.kind == "ethnic_township" and len(bare) > 1:
                    found[f"{bare}乡"].append(division)
                continue
            for short in short_names(name):
                found[short].append(division)
            if len(bare) > 1 and bare != name:
                found[bare].append(division)
        return {name: tuple(places) for name, places in found.items()}

    def above(self, division: Division) -> frozenset[str]:
        """The ids of all superiors."""
        found = self._above.get(division.id)
        if found is None:
            found = frozenset(each.id for each in self._divisions.line(division)[:-1])
            self._above[division.id] = found
        return found

    def _within(self, places: Sequence[Division], context: frozenset[str]) -> tuple[Division, ...]:
        return tuple(each for each in places if not context or not context.isdisjoint(self.above(each)))

    def _words(self, text: str, start: int, context: frozenset[str]) -> Iterator[tuple[int, tuple[Division, ...], str]]:
        """Place words at ``start``: where each ends, what it can mean, and whether it is full, short or bare."""
        for end in range(min(len(text), start + _LONGEST), start + 1, -1):
            word = text[start:end]
            places = self._divisions.named(word)
            if not places and text.startswith("办事处", end):
                places = self._divisions.named(f"{word}街道")
            if full := self._within([each for each in places if _is_name(each)], context):
                yield end, full, ""
            elif short := self._within(self._short.get(word, ()), context):
                yield end, short, "bare" if all(stem(each.name) == word for each in short) else "short"

    def _read(self, text: str, start: int, context: frozenset[str]) -> _Reading | None:
        best: _Reading | None = None
        for end, places, how in self._words(text, start, context):
            onward = self._read(text, end, frozenset(each.id for each in places)) if end < len(text) else None
            if how == "bare" and onward is None:  # 永靖 alone is no county; 武汉 can be the city
                large = tuple(each for each in places if each.level in {"province", "prefecture"})
                if not large:
                    continue
                found = _Reading(end, large, 1, 1, is_bare=True)
            else:
                found = _Reading(end, places, 1, int(how != ""))
            if onward:
                found = _Reading(onward.end, onward.places, onward.words + 1, onward.short + int(how != ""))
            if best is None or found.rank() > best.rank():
                best = found
        return best

    @lru_cache(maxsize=100_000)  # noqa: B019  # a gazetteer lives as long as its tree
    def named(self, printed: str) -> Named:
        """A printed name taken apart: places, and the organ of the last one."""
        name = squeeze(printed)
        if not name:
            return Named(printed)
        head, text = own_line(name)
        if not head and is_central(name):
            return Named(printed, organ=Organ(name.removeprefix("中华人民共和国"), "central"), is_central=True)
        compared = text.translate(SAME)
        reading = self._read(compared, 0, frozenset())
        if reading is None:
            return Named(printed, organ=_organ(head, text, has_place=False), rest=text)
        rest = text[reading.end :]
        organ = _organ(head, rest, has_place=True)
        if organ.kind in {"organisation", ""} and reading.is_bare:  # 中山大学 is not of 中山市
            return Named(printed, organ=_organ(head, text, has_place=False), rest=text)
        return Named(
            printed, reading.places, reading.words, text[: reading.end], reading.short > 0, organ, rest
        )  # fmt: skip


def _organ(head: str, rest: str, *, has_place: bool) -> Organ:
    if head == "中共":
        return Organ(rest or "党委", "party")
    if not rest and not has_place:
        return NONE
    organ = organ_of(rest)
    if not organ.kind and has_place:
        return Organ(rest, "")
    return replace(organ, kind="vertical") if head and organ.kind == "department" else organ


def _is_name(division: Division) -> bool:
    """Whether a row's name is one that a report would print for a place, and no organ would."""
    if division.kind == "pseudo":
        return False
    if division.kind in {"quasi", "other", "functional_area"} and division.level == "township":
        return len(division.name) > 2 and not division.name.endswith(_READS_AS_ORGAN)
    return True


@lru_cache(maxsize=4)
def gazetteer(divisions: Divisions) -> Gazetteer:
    """The gazetteer of a tree."""
    return Gazetteer(divisions)
