"""Which body of which place a report is from: all evidence weighed, and the answer given only where it clearly leads.

``identify`` is pure. What depends on the tree alone (names taken apart, lines of divisions) is kept between calls; the
text is searched only where title, issuer, signature and site do not settle it. A name that fits several places is
``ambiguous``: it waits for a person, it is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from extract.identity.agency import central, resolved
from extract.identity.clues import MOST_CANDIDATES, Clues, Evidence, Identity, Site
from extract.identity.decided import NOTHING, Decisions
from extract.identity.hints import (
    AGAINST,
    PROVINCE_LETTERS,
    WEIGHTS,
    Hint,
    coded,
    counties_named,
    footer_hints,
    is_of_level,
    level_named,
    number_prefixes,
    readable,
    text_hints,
)
from extract.identity.naming import is_of_all, name_in_title, named, names_printed, primary, says_who
from extract.identity.organs import GOVERNMENT, Organ, organ_of
from extract.identity.places import Named, gazetteer
from extract.identity.variants import canonical, differ_by_one_rare, stem
from extract.names import squeeze

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from extract.identity.divisions import Division, Divisions

ENOUGH = 0.5
"""The least that the best candidate must have."""
LEAD = 0.45
"""By how much it must lead."""
SETTLED = 0.9
"""From here up names and site are enough: the text is not searched."""
FAR = 2
"""How many editions away from the report's year a place may have been listed and still be meant."""
_MOST_KEPT = 20_000
_BARE = 0.6  # a township's name without its county
_BARE_OLD = 0.2  # one that no place has had for years: one that has it now may not be listed
_BARE_LATER = 0.4  # the same in a year that the tree does not know: another place may have that name now

_NOBODY = "title, signature and source name no body: read the page or the document for it"

_OF_A_SITE = re.compile(r"(?:人民政府)?(?:门户)?(?:网站|网|平台|政府信息公开.*|政务公开.*|信息公开.*)+$")
_HEADING = re.compile(
    r"^[ \t]*(?![按经在由向与根各本全该我对为报请])([\u4e00-\u9fff]{2,5}[县区旗市])"
    r"(?:人民政府|政府)(?:门户网站|网站|网)?[ \t]*$",
    re.MULTILINE,
)
_SEPARATORS = re.compile(r"[>＞»/|｜\n\t]+|\s-\s|\s{2,}")


def identify(
    clues: Clues, divisions: Divisions, decided: Decisions = NOTHING, mirrors: Collection[str] = frozenset()
) -> Identity:
    """Who a report is from. ``mirrors``: hosts that copy pages of others and are no evidence (config/mirrors.txt)."""
    return _identifier(divisions, decided, frozenset(mirrors)).identify(clues)


@lru_cache(maxsize=8)
def _identifier(divisions: Divisions, decided: Decisions, mirrors: frozenset[str]) -> Identifier:
    return Identifier(divisions, decided, mirrors)


@dataclass(slots=True)
class _Weighed:
    """A candidate line with its score."""

    division: Division
    score: float
    against: float


class Identifier:
    """Identifies with one tree, one set of decisions and one list of mirrors."""

    def __init__(self, divisions: Divisions, decided: Decisions, mirrors: frozenset[str]) -> None:
        self.divisions = divisions
        self.decided = decided
        self.mirrors = mirrors
        self.gazetteer = gazetteer(divisions)
        self._lines: dict[str, frozenset[str]] = {}
        self._reach: dict[str, frozenset[str]] = {}
        self._sites: dict[tuple[str, str, int], tuple[Hint, ...]] = {}
        self._settled: dict[Clues, tuple[Identity, bool]] = {}

    def identify(self, clues: Clues) -> Identity:
        """See the function of the module."""
        host = clues.host or (urlsplit(clues.url).hostname or "" if clues.url else "")
        is_mirror = host != "" and host.lower().split(":")[0].removeprefix("www.") in self.mirrors
        bare = Clues(
            name_in_title(clues.title), clues.issuer, clues.signature, clues.year, "" if is_mirror else host, "",
            "" if is_mirror else clues.breadcrumb, None if is_mirror else clues.site,
            publisher="" if is_mirror else clues.publisher,
        )  # fmt: skip
        known = self._settled.get(bare)
        if known is None:
            if len(self._settled) > _MOST_KEPT:
                self._settled.clear()
            known = self._settled[bare] = self._identify(bare, None, is_mirror=is_mirror)
        identity, is_settled = known
        if is_settled or not clues.text:
            return identity
        return self._identify(bare, clues.text, is_mirror=is_mirror)[0]

    # What was decided, and what names and site say

    def _identify(self, clues: Clues, text: str | None, *, is_mirror: bool) -> tuple[Identity, bool]:
        """The identity, and whether the text need not be asked (any more)."""
        year = self.divisions.edition(clues.year)
        names = names_printed(clues, text, self.divisions)
        publisher = named(clues.publisher, self.divisions)
        if found := self._decided(clues, names):
            return found, True
        source, name = primary(names)
        if name.is_central:
            return central(name, source), True
        if source in {"issuer", "publisher"} and not names["title"] and is_of_all(name):
            column = self._column(clues)
            if column and (column.organ.name != name.organ.name or column.places not in ((), name.places)):
                return self._two_bodies(source, name, column), text is not None
        hints = self._site_hints(clues, year)
        if not name or not (name.places or says_who(name)):
            source, name = self._from_site(clues, source, name)
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
                hints += footer_hints(plain, year, self.divisions)
            hints += text_hints(plain, year, self.divisions)
        if not name:
            return Identity("unknown", evidence=_rows(hints), why=_NOBODY), text is not None
        return self._weigh(clues, source, name, hints, plain, year)

    def _decided(self, clues: Clues, names: Mapping[str, Named]) -> Identity | None:
        if not self.decided.identities:
            return None
        places = [clues.host, clues.host.removeprefix("www."), clues.site.id if clues.site else ""]
        own = (each.printed for key, each in names.items() if key != "publisher")  # it publishes for others, too
        for printed in (clues.issuer, *own):
            for where in places:
                key = self.decided.identities.get((squeeze(printed), where)) if printed and where else None
                if key:
                    place, _, organ = key.partition(":")
                    division = self.divisions.get(place)
                    if division is None and place != "cn":
                        return Identity(
                            "unknown",
                            why=f"agencies.csv names {key}, but there is no division {place}: correct that row",
                        )
                    row = Evidence("decided", f"{printed} on {where}", place, 1.0)
                    kind = "government" if organ == GOVERNMENT else organ_of(organ).kind or "department"
                    found = Organ(organ, kind)
                    return (
                        resolved(division, found, clues.year, (row,), self.divisions)
                        if division
                        else central(Named(printed, organ=Organ(organ, "central")), "decided")
                    )
        return None

    def _site_hints(self, clues: Clues, year: int) -> list[Hint]:
        hints: list[Hint] = []
        if clues.site and clues.site.region_code:
            hints += self._site_hint(clues.site, year)
        elif clues.site and (owner := self._owner(clues.site)).places and not (owner.is_short and owner.words == 1):
            hints.append(Hint("site", f"{clues.site.id} {owner.said}", owner.places))
        if not clues.breadcrumb:
            return hints
        for column in _SEPARATORS.split(clues.breadcrumb):
            named = self.gazetteer.named(squeeze(column))
            if named.places and not named.is_short and named.organ.kind == "government":
                hints.append(Hint("breadcrumb", named.said, named.places))
        return hints

    def _site_hint(self, site: Site, year: int) -> tuple[Hint, ...]:
        key = site.id, site.region_code, year
        if key not in self._sites:
            places = coded(site.region_code, year, self.divisions)
            self._sites[key] = (Hint("site", f"{site.id} {site.region_code}", places),) if places else ()
        return self._sites[key]

    def _owner(self, site: Site) -> Named:
        """Whose site it is by its name, where the registry's line names no division: 岚汀县人民政府门户网站."""
        return self.gazetteer.named(_OF_A_SITE.sub("", squeeze(site.agency or site.name)))

    def _from_site(self, clues: Clues, source: str, name: Named) -> tuple[str, Named]:
        """Where title, issuer and signature name nobody: the column that the page stands in, or a department's site."""
        if column := self._column(clues):
            return "breadcrumb", column
        if clues.site and clues.site.level in {"department", "central"} and clues.site.agency:
            return "site agency", self.gazetteer.named(clues.site.agency)
        return source, name

    def _column(self, clues: Clues) -> Named:
        """The innermost column that is one body's: a township's or a department's."""
        for words in reversed(_SEPARATORS.split(clues.breadcrumb)):
            named = self.gazetteer.named(squeeze(words))
            if named.places and not named.is_short and named.places[0].level == "township":
                return named
            if named.organ.kind in {"department", "vertical"}:
                return named
        return Named("")

    def _two_bodies(self, source: str, name: Named, column: Named) -> Identity:
        rows = tuple(
            Evidence(where, each.printed, place.id, 0.0)
            for where, each in ((source, name), ("breadcrumb", column))
            for place in each.places[:4]
        )
        why = f"{name.printed} put up the page, which stands in the column of {column.printed}: read whose text it is"
        found = tuple(dict.fromkeys((*name.places, *column.places)))[:MOST_CANDIDATES]
        return Identity("ambiguous", organ=column.organ.name, candidates=found, evidence=rows, why=why)

    # Candidates

    def _candidates(self, name: Named, hints: Sequence[Hint], year: int) -> tuple[list[Division], float, str]:
        """The places it can be, what their name alone is worth, and what is peculiar about them."""
        if name.organ.kind == "place":
            return self._unlisted(name, hints)
        if name.places:
            alike = [each for each in name.places if self._is_listed_near(each, year)] or list(name.places)
            if name.places[0].level == "township":
                alike = list(name.places)  # a bare name of one place now may be that of another later: all years count
                if name.words == 1:
                    is_old = not any(self._is_listed_near(each, year) for each in name.places)
                    alike += self._upgraded_here(name, hints)
                    return alike, _BARE_OLD if is_old else _BARE, ""
            worth = 1.0 if name.words > 1 else 0.9 if alike[0].level != "township" else _BARE
            return alike, worth - (0.1 if name.is_short and name.words == 1 else 0), ""
        # An organ without a place: that of the region whose site it is.
        for hint in hints:
            if hint.source in {"site", "site code"} or hint.source.endswith("places"):
                places = [each for each in hint.regions if self._fits_word(each, name.organ.of)]
                if places:
                    return places, 0.0, _no_place(name)
        return [], 0.0, _no_place(name)

    def _upgraded_here(self, name: Named, hints: Sequence[Hint]) -> list[Division]:
        """X镇 on the site of a county that has X乡 and no X镇: a town since the last edition."""
        counties = tuple(
            each for hint in hints if hint.source == "site" for each in hint.regions if each.level == "county"
        )
        if not counties or any(self._side(each, counties) > 0 for each in name.places):
            return []
        return self._unlisted(Named(name.printed, organ=Organ(name.said, "place")), hints)[0]

    def _is_listed_near(self, division: Division, year: int) -> bool:
        last = division.valid_to if division.valid_to is not None else self.divisions.last_edition
        return division.valid_from - 1 <= year <= last + 1

    def _fits_word(self, division: Division, word: str) -> bool:
        return not word or division.name.endswith(word) or (word == "市" and division.kind == "municipality")

    def _unlisted(self, name: Named, hints: Sequence[Hint]) -> tuple[list[Division], float, str]:
        """A township that the tree has under another kind, or with another rare character, in that one county."""
        printed = canonical(name.organ.name)
        counties = [each for each in name.places if each.level in {"county", "prefecture"}]
        if not name.places:
            counties = [
                each for hint in hints if hint.source == "site" for each in hint.regions if each.level == "county"
            ]
        found: dict[str, Division] = {}
        for county in counties:
            for each in self._ever_under(county):
                if each.level != "township" or each.kind in {"quasi", "other", "functional_area"}:
                    continue
                other = canonical(each.name)
                is_upgrade = stem(printed) == stem(other) and _order(printed) > _order(other) >= 0
                if is_upgrade or differ_by_one_rare(printed, other):
                    found[each.id] = each
        where = f" under {name.said}" if name.said else ""
        why = (
            f"no list of divisions has {name.organ.name}{where}: look for another spelling, or for one that began since"
        )
        return list(found.values()), 0.7 if name.places else 0.0, why

    def _ever_under(self, county: Division) -> Iterable[Division]:
        for identifier in self._line(county):
            yield from self.divisions.children(identifier)

    # Weighing

    def _line(self, division: Division) -> frozenset[str]:
        found = self._lines.get(division.id)
        if found is None:
            found = self._lines[division.id] = self.divisions.same_line(division)
        return found

    def _reached(self, division: Division) -> frozenset[str]:
        """The ids of all that this place is within, was within or will be, itself included."""
        found = self._reach.get(division.id)
        if found is None:
            ids: set[str] = set()
            for each in self._line(division):
                for above in self.divisions.line(self.divisions[each]):
                    ids |= self._line(above)
            found = self._reach[division.id] = frozenset(ids)
        return found

    def _side(self, division: Division, regions: tuple[Division, ...]) -> int:
        """1: it lies in one of the regions (or is one); -1: it does not, and holds none; 0: it holds one of them."""
        reached = self._reached(division)
        for each in regions:
            if each.id in reached:
                return 1
        return 0 if any(division.id in self._reached(each) for each in regions) else -1

    def _weigh(
        self, clues: Clues, source: str, name: Named, hints: Sequence[Hint], text: str, year: int
    ) -> tuple[Identity, bool]:
        places, worth, why = self._candidates(name, hints, year)
        by_line: dict[frozenset[str], list[Division]] = {}
        for each in places:
            by_line.setdefault(self._line(each), []).append(each)
        lines = [self._as_of(members, year) for members in by_line.values()]
        says = name.said or name.printed
        if not lines:
            named = [each.id for each in name.places[:4]] or [""]
            rows = [Evidence(source, name.printed, each, 0.0) for each in named]
            return Identity("unknown", organ=name.organ.name, evidence=(*rows, *_rows(hints)), why=why), bool(text)
        if worth == _BARE and clues.year is not None and clues.year > self.divisions.last_edition:
            worth = _BARE_LATER
        rows = [Evidence(source, says, each.id, worth) for each in lines[:MOST_CANDIDATES]]
        weighed = [_Weighed(each, worth, 0.0) for each in lines]
        for hint in hints:
            rows += self._apply(hint, weighed, worth)
        if clues.site and not clues.site.region_code and name.words == 1 and worth <= _BARE:
            rows += self._of_unknown_site(clues.site, weighed)
        if text:
            rows += self._apply_text(text, weighed)
        weighed.sort(key=lambda each: (-each.score, each.division.id))
        best = weighed[0]
        lead = best.score - weighed[1].score if len(weighed) > 1 else best.score
        is_near = self._is_near(best.division, year)
        evidence = tuple(rows)
        if best.score >= ENOUGH and lead >= LEAD and best.against < 0.9 and is_near:
            if not name.places and name.organ.kind != "place" and not self._site_settles(clues, name, text, best):
                return self._open(weighed, evidence, name, _several_levels(name)), bool(text)
            if not name.organ.kind:
                return self._open(
                    weighed,
                    evidence,
                    name,
                    _no_kind(name),
                ), True
            organ = Organ(GOVERNMENT, "government") if name.organ.kind == "place" else name.organ
            identity = resolved(best.division, organ, clues.year, evidence, self.divisions)
            return identity, bool(text) or (best.score >= SETTLED and not best.against)
        if not is_near:
            why = (
                f"no list within {FAR} years of {clues.year} has {best.division.name}: see whether the year is right, "
                "or what the place was called then"
            )
        elif best.against:
            why = (
                f"{name.printed} is printed, but other evidence speaks against {best.division.name}: see which is right"
            )
        elif len(weighed) > 1:
            why = (
                f"{len(weighed)} places bear the name {name.said or name.printed} and none clearly leads: "
                "look for its county on the page or in the address"
            )
        return self._open(weighed, evidence, name, why or _name_alone(name)), bool(text)

    def _site_settles(self, clues: Clues, name: Named, text: str, best: _Weighed) -> bool:
        """Whether an organ without a place is surely the one of the site's region.

        A county's site holds the county's bodies. A site of a prefecture or province holds those of its counties, too:
        there the name's own word (市水利局) or the site's owner must say so.
        """
        division = best.division
        if division.level == "county" and division.kind != "functional_area":
            return True
        owner = self.gazetteer.named(clues.site.agency) if clues.site else Named("")
        if owner.organ.name == name.organ.name and owner.organ.kind == name.organ.kind:
            return True
        return bool(name.organ.of) and not level_named(text)[0]

    def _apply(self, hint: Hint, weighed: Sequence[_Weighed], worth: float) -> list[Evidence]:
        weight = WEIGHTS.get(hint.source, 0.9)
        if worth == _BARE_OLD and hint.regions and hint.regions[0].level in {"province", "prefecture"}:
            weight = _BARE_OLD
        against = AGAINST.get(hint.source, 0.9 if hint.source.endswith("places") else 0.0)
        rows = []
        for each in weighed:
            side = self._side(each.division, hint.regions)
            if side > 0:
                each.score += weight
            elif side < 0:
                if hint.wide and self._side(each.division, hint.wide) >= 0:
                    continue
                each.score -= against
                each.against = max(each.against, against)
                if against and len(weighed) == 1:
                    rows.append(Evidence(hint.source, hint.says, each.division.id, -against))
        return [*(Evidence(hint.source, hint.says, region.id, weight) for region in hint.regions[:4]), *rows]

    def _apply_text(self, text: str, weighed: Sequence[_Weighed]) -> list[Evidence]:
        """What the text says of superiors: their names, their level, the character of their documents."""
        rows: list[Evidence] = []
        level, words = level_named(text)
        prefixes = number_prefixes(text)
        for each in weighed[:80]:
            above = self.divisions.line(each.division)
            superior = above[-2] if each.division.level == "township" and len(above) > 1 else each.division
            if superior is not each.division and _said(text, _names(superior)):
                each.score += WEIGHTS["superior"]
                rows.append(Evidence("superior", superior.name, superior.id, WEIGHTS["superior"]))
            if level and superior.level == "county":
                fits = is_of_level(superior.kind, level)
                if fits:
                    each.score += WEIGHTS["level"]
                elif superior.kind != "county_city":
                    each.score -= AGAINST["level"]
                if len(weighed) <= MOST_CANDIDATES:
                    weight = WEIGHTS["level"] if fits else -AGAINST["level"]
                    rows.append(Evidence("level", words, superior.id, weight))
            if len(weighed) == 1 and superior.level == "county" and each.score < SETTLED:
                rows += self._other_county(text, each, superior)
            if prefix := next((prefix for prefix in prefixes if _is_of(prefix, above)), ""):
                each.score += WEIGHTS["document number"]
                rows.append(Evidence("document number", prefix, superior.id, WEIGHTS["document number"]))
        return rows

    def _of_unknown_site(self, site: Site, weighed: Sequence[_Weighed]) -> list[Evidence]:
        """The site of a place that no list has: a township's bare name there is hardly the one that is known."""
        owner = self._owner(site)
        if owner.places or owner.organ.kind != "place":
            return []
        for each in weighed:
            each.score -= AGAINST["site"]
            each.against = max(each.against, AGAINST["site"])
        return [
            Evidence("site", f"{site.id} {owner.printed}", each.division.id, -AGAINST["site"])
            for each in weighed[:MOST_CANDIDATES]
        ]

    def _other_county(self, text: str, only: _Weighed, superior: Division) -> list[Evidence]:
        """The only place of a name, in a text that names another county and not this one: it is not listed there."""
        named = counties_named(text, self.divisions)
        other = next((name for name, times in named.most_common() if times > 1), "") or self._heading(text, superior)
        if not other or any(each.name in named for each in self.divisions.named(superior.name)):
            return []
        only.score -= AGAINST["other county"]
        only.against = max(only.against, AGAINST["other county"])
        return [Evidence("other county", other, superior.id, -AGAINST["other county"])]

    def _heading(self, text: str, superior: Division) -> str:
        """A government named on a line of its own that is none of those above: the page's head, or a signature."""
        above = {name for each in self.divisions.line(superior) for name in _names(each)}
        return next((name for name in _HEADING.findall(text) if canonical(name) not in above and name not in above), "")

    # The answer

    def _as_of(self, members: Sequence[Division], year: int) -> Division:
        """Of one line, the division that was there in the report's year; else the nearest to it."""
        if len(self._line(members[0])) == 1:
            return members[0]
        line = [self.divisions[each] for each in sorted(self._line(members[0]))]
        there = [each for each in line if each.is_valid(year) and (each in members or each.code_in(year))]
        for each in there:
            if each in members:
                return each
        return there[0] if there else min(line, key=lambda each: (_distance(each, year), each not in members, each.id))

    def _is_near(self, division: Division, year: int) -> bool:
        return _distance(division, year) <= FAR

    def _open(self, weighed: Sequence[_Weighed], evidence: tuple[Evidence, ...], name: Named, why: str) -> Identity:
        candidates = tuple(each.division for each in weighed[:MOST_CANDIDATES])
        return Identity("ambiguous", organ=name.organ.name, candidates=candidates, evidence=evidence, why=why)


def _rows(hints: Iterable[Hint]) -> tuple[Evidence, ...]:
    """Hints that had nothing to speak for: kept all the same."""
    return tuple(
        Evidence(hint.source, hint.says, region.id, WEIGHTS.get(hint.source, 0.9))
        for hint in hints
        for region in hint.regions[:4]
    )


def _no_place(name: Named) -> str:
    return f"{name.printed} names no place, and nothing known of the site says which: look whose site it is"


def _name_alone(name: Named) -> str:
    return f"nothing but the name {name.printed} speaks for it: look for its county on the page or in the address"


def _several_levels(name: Named) -> str:
    return f"the site holds bodies of several levels: see whether {name.printed} is its owner's or a lower place's"


def _no_kind(name: Named) -> str:
    return f"{name.rest} is no kind of body that is known: see what it is, and of which place"


def _distance(division: Division, year: int) -> int:
    """How many editions away from a year a place was listed."""
    if year < division.valid_from:
        return division.valid_from - year
    return 0 if division.valid_to is None else max(0, year - division.valid_to)


def _order(name: str) -> int:
    """乡, 镇, 街道: what a township can become, in that order."""
    return next((place for place, ending in enumerate(("乡", "镇", "街道")) if name.endswith(ending)), -1)


@lru_cache(maxsize=20_000)
def _names(division: Division) -> frozenset[str]:
    """How a text can name a county: in full, or 互助县."""
    full, bare = division.name, stem(division.name)
    short = {bare + full[-1]} if len(bare) > 1 else set()
    return frozenset({full, canonical(full), *short})


def _said(text: str, names: Iterable[str]) -> frozenset[str]:
    return frozenset(each for each in names if len(each) > 2 and each in text)


def _is_of(prefix: str, above: Sequence[Division]) -> bool:
    """Whether 洛 of 洛政办函 can be of one of these: a character of its name, or the letter of the province."""
    if len(prefix) == 1 and prefix in PROVINCE_LETTERS:
        return bool(above) and above[0].codes.startswith(PROVINCE_LETTERS[prefix])
    return any(
        all(character in stem(each.name) for character in prefix) for each in above[1:] if each.level != "township"
    )
