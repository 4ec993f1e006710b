"""Copied prose, N-COPY: between the years of one agency, and between neighbours (one kind, parent region and year).

A fingerprint of each text, small enough to be stored, tells which pairs are worth an exact comparison: the smallest of
the digests of all its three-character pieces. Texts are compared without figures; between neighbours without the names
of their places as well.
"""

from __future__ import annotations

import re
import struct
from itertools import combinations
from typing import TYPE_CHECKING
from zlib import crc32

from rapidfuzz import fuzz

from extract.across.findings import ReportFinding
from extract.names import squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from extract.across.findings import Basis

CHECK = "N-COPY"
COPIED = 95
"""From here up (percent alike, figures left out) two texts are one text."""
FEWEST_CHARACTERS = 80
SIZE = 24
"""How many digests of four bytes a fingerprint holds."""
WORTH_A_LOOK = 0.3
"""The estimated share of common pieces from which two texts are compared exactly. Tried on seven real first sections:
the smallest share of 9,000 random edits that left 95 % alike was 0.37, the largest of two different reports 0.17."""
_MOST_COMPARED = 5
_PIECE = 3 * 2  # bytes of three characters in UTF-16


def bare(text: str, names: Iterable[str] = ()) -> str:
    """The text without white space and figures, and without these names of places and bodies, longest first.

    >>> bare("2023年，云溪县 白石镇公开12条。", ["白石镇", "云溪县"])
    '年,公开条。'
    """
    plain = re.sub(r"\d+", "", squeeze(text))
    for name in sorted(map(squeeze, names), key=len, reverse=True):
        if name:
            plain = plain.replace(name, "")
    return plain


def fingerprint(plain: str) -> bytes:
    """Of a bare text, at most 96 bytes; empty where there is too little text to compare."""
    if len(plain) < FEWEST_CHARACTERS:
        return b""
    data = plain.encode("utf-16-le", "surrogatepass")
    pieces = {data[place : place + _PIECE] for place in range(0, len(data) - _PIECE + 1, 2)}
    smallest = sorted(set(map(crc32, pieces)))[:SIZE]
    return struct.pack(f">{len(smallest)}I", *smallest)


def share(left: bytes, right: bytes) -> float:
    """An estimate of how much of both texts' pieces is common to them, 0 to 1; 0 where one has no text."""
    return _share(_digests(left), _digests(right))


def _digests(mark: bytes) -> frozenset[int]:
    return frozenset(struct.unpack(f">{len(mark) // 4}I", mark))


def _share(left: frozenset[int], right: frozenset[int]) -> float:
    common = left & right
    if not common:
        return 0.0
    of_both = sorted(left | right)[: max(len(left), len(right))]
    return sum(digest in common for digest in of_both) / len(of_both)


def compare_prose(left: str, right: str, basis: Basis) -> ReportFinding:
    """Two bare texts, exactly: percent alike against the percent from which they are one text."""
    if min(len(left), len(right)) < FEWEST_CHARACTERS:
        return _no_text(basis)
    percent = int(fuzz.ratio(left, right, score_cutoff=COPIED))
    return _copied(percent, basis) if percent >= COPIED else _own(basis)


def compare_with_last_year(mark: bytes, last_mark: bytes, texts: Callable[[], tuple[str, str]]) -> ReportFinding:
    """Fingerprints of both years; ``texts`` fetches both bare texts, and is only asked where they may be alike."""
    if not mark or not last_mark:
        return _no_text("years")
    if share(mark, last_mark) < WORTH_A_LOOK:
        return _own("years")
    return compare_prose(*texts(), "years")


def compare_with_neighbours(
    marks: Mapping[str, bytes], text_of: Callable[[str], str]
) -> Iterator[tuple[str, str, ReportFinding]]:
    """Reports of one kind, parent region and year: by key, their fingerprints; one finding a report, in key order.

    Yields the report, the neighbour whose text is most like its own (empty where none is alike), and the finding.
    Who copied from whom, or both from a model text, nobody can tell. ``text_of`` fetches a bare text by key; it is
    asked once for each that may be alike. At most five of those are compared exactly.
    """
    likely = _likely(marks)
    texts: dict[str, str] = {}
    known: dict[frozenset[str], int] = {}
    for key in sorted(marks):
        if not marks[key]:
            yield key, "", _no_text("neighbours")
            continue
        best, other = 0, ""
        for neighbour in likely.get(key, ())[:_MOST_COMPARED]:
            pair = frozenset((key, neighbour))
            if pair not in known:
                texts |= {one: text_of(one) for one in (key, neighbour) if one not in texts}
                known[pair] = int(fuzz.ratio(texts[key], texts[neighbour], score_cutoff=COPIED))
            if known[pair] > best:
                best, other = known[pair], neighbour
        if best >= COPIED:
            yield key, other, _copied(best, "neighbours")
        elif sum(map(bool, marks.values())) > 1:
            yield key, "", _own("neighbours")
        else:
            message = "没有邻近机关的文字可比"
            yield (
                key,
                "",
                ReportFinding(
                    "neighbours", CHECK, "not_assessable", message=message, code="no_neighbour", severity="info"
                ),
            )


def _likely(marks: Mapping[str, bytes]) -> dict[str, list[str]]:
    """For each report the others that may be alike, the most alike first."""
    digests = {key: _digests(mark) for key, mark in sorted(marks.items()) if mark}
    found: dict[str, list[tuple[float, str]]] = {}
    fewest = WORTH_A_LOOK * SIZE / 2
    for (key, one), (other, another) in combinations(digests.items(), 2):
        if len(one & another) >= min(fewest, len(one) * WORTH_A_LOOK):
            alike = _share(one, another)
            if alike >= WORTH_A_LOOK:
                found.setdefault(key, []).append((-alike, other))
                found.setdefault(other, []).append((-alike, key))
    return {key: [other for _, other in sorted(others)] for key, others in found.items()}


def _copied(percent: int, basis: Basis) -> ReportFinding:
    whose = "上年" if basis == "years" else "邻近机关同年"
    message = f"第一部分与{whose} {percent}% 相同"
    return ReportFinding(
        basis, CHECK, "fail", "overview", percent, COPIED, (), message, basis, "info", (f"{CHECK}-{basis}",)
    )


def _own(basis: Basis) -> ReportFinding:
    return ReportFinding(basis, CHECK, "pass", "overview", None, COPIED, code=basis, severity="info")


def _no_text(basis: Basis) -> ReportFinding:
    message = "有一份报告的第一部分没有文字可比"
    return ReportFinding(basis, CHECK, "not_assessable", message=message, code="no_text", severity="info")
