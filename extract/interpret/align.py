"""Which printed row is which row of the form: one monotone alignment of all rows of a document to all rows of the form.

Labels are misprinted, cut by page ends, repeated and left out, but their order is the form's. The alignment maximises
the likeness of labels over all orders-preserving pairings (dynamic programming); one to three printed rows may make one
row of the form, printed rows may be skipped (dear where they state numbers) and rows of the form may be missing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from extract.interpret.labels import likeness, words
from extract.interpret.rows import continues
from extract.records import SURE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract.forms import Form, FormRow
    from extract.interpret.rows import Row

_LEAST_LIKENESS = 0.6
_MOST_FRAGMENTS = 3
_MERGE_COST = 0.05
_ONE_LINE = 10
_BY_POSITION = 0.6
_MOVED = 0.85
_TELLING_LABEL = 4
_RIGHT = 0.85
_SKIP_ROW, _SKIP_FORM = "skip row", "skip form"


@dataclass(frozen=True, slots=True)
class Match:
    """The printed rows ``rows`` (indices) are the form's row ``form_row`` (index), sure by ``score``."""

    form_row: int
    rows: tuple[int, ...]
    score: float


def align(rows: Sequence[Row], form: Form) -> list[Match]:
    """The best order-preserving pairing, in the form's order; form rows without a match are not in the document."""
    form_rows = labels_of(form).rows
    matches = _supported(_best_path(rows, form))
    for find in (_by_position, _out_of_order, _in_parts):
        matches += find(rows, form_rows, matches)
    return sorted(matches, key=lambda match: match.form_row)


@dataclass(frozen=True, slots=True)
class _Labels:
    """A form's rows with what is asked of their labels over and over."""

    rows: tuple[FormRow, ...]
    names: tuple[tuple[int, tuple[str, ...], tuple[str, ...]], ...]
    lines: tuple[int, ...]
    absence: tuple[float, ...]


@lru_cache(maxsize=16)
def labels_of(form: Form) -> _Labels:
    """The rows of all the form's tables; of those that have labels, the labels alone and after their group."""
    rows = tuple(form.rows())
    names = tuple(
        (j, tuple(map(words, row.labels)), tuple(words(row.group) + words(label) for label in row.labels))
        for j, row in enumerate(rows)
        if len(row.cells) < _ONE_LINE
    )
    lines = tuple(j for j, row in enumerate(rows) if len(row.cells) >= _ONE_LINE)
    return _Labels(rows, names, lines, tuple(0.0 if row.instead_of else 0.1 for row in rows))


def _best_path(rows: Sequence[Row], form: Form) -> list[Match]:
    """Dynamic programming from the end: the best of skipping a row, skipping a form row, or any match that begins here.

    ``best[j]`` is the most that the rows from here on can gain against the form's rows from ``j`` on.
    """
    labels = labels_of(form)
    n, m = len(rows), len(labels.rows)
    best = [0.0] * (m + 1)
    for j in range(m - 1, -1, -1):
        best[j] = best[j + 1] - labels.absence[j]
    below = [best]
    ends: list[Match | str] = [*[_SKIP_FORM] * m, "end"]
    steps = [ends]
    for i in range(n - 1, -1, -1):
        cost = _row_cost(rows[i])
        options = _matches_at(rows, i, form)
        best = [0.0] * (m + 1)
        step: list[Match | str] = [_SKIP_ROW] * (m + 1)
        under = below[-1]
        best[m] = under[m] - cost
        for j in range(m - 1, -1, -1):
            most: float = under[j] - cost
            choice: Match | str = _SKIP_ROW
            if (absent := best[j + 1] - labels.absence[j]) > most:
                most, choice = absent, _SKIP_FORM
            for gain, match in options.get(j, ()):
                if (matched := gain + below[-len(match.rows)][j + 1]) > most:
                    most, choice = matched, match
            best[j], step[j] = most, choice
        below.append(best)
        steps.append(step)
    return list(_walked(steps, n))


def _walked(steps: Sequence[Sequence[Match | str]], n: int) -> Iterator[Match]:
    """The matches on the best path; ``steps`` run from the last row to the first."""
    i = j = 0
    while (move := steps[n - i][j]) != "end" and (i < n or move != _SKIP_ROW):
        if isinstance(move, Match):
            yield move
            i, j = i + len(move.rows), j + 1
        elif move == _SKIP_ROW:
            i += 1
        else:
            j += 1


def _matches_at(rows: Sequence[Row], i: int, form: Form) -> dict[int, list[tuple[float, Match]]]:
    """By form row: what the one to three rows from ``i`` on gain as that row, where they are alike at all."""
    found: dict[int, list[tuple[float, Match]]] = {}
    for count in range(1, min(_MOST_FRAGMENTS, len(rows) - i) + 1):
        parts = rows[i : i + count]
        for j, score in _scores(parts, form):
            gain = _gain(parts, score) - _MERGE_COST * (count - 1)
            found.setdefault(j, []).append((gain, Match(j, tuple(range(i, i + count)), score)))
    return found


def _scores(parts: Sequence[Row], form: Form) -> list[tuple[int, float]]:
    """How surely these printed rows, taken as one, are a row of the form, for each that they may be."""
    labels = labels_of(form)
    first = parts[0]
    found = [(j, _one_line_score(first, labels.rows[j])) for j in labels.lines] if len(parts) == 1 else []
    if len(parts) == 1:
        inner, whole = ("", "") if first.is_header else (first.label, "".join(first.labels))
    else:
        inner = whole = "".join(row.label for row in parts) if continues(parts) else ""
    if inner:
        states = any(row.numbers for row in parts)
        # A group label that a page end left alone is no row: what stands for others has numbers.
        found += [(j, score) for j, score in _alike(inner, whole, form) if states or not labels.rows[j].instead_of]
    return [(j, score) for j, score in found if score >= _LEAST_LIKENESS]


@lru_cache(maxsize=8192)
def _alike(inner: str, whole: str, form: Form) -> tuple[tuple[int, float], ...]:
    """The form's rows whose label is like a printed one, alone or with its group, and how alike."""
    found = []
    for j, names, with_group in labels_of(form).names:
        score = max(
            max(likeness(inner, name), likeness(whole, full)) for name, full in zip(names, with_group, strict=True)
        )
        if score >= _LEAST_LIKENESS:
            found.append((j, score))
    return tuple(found)


def _supported(matches: Sequence[Match]) -> list[Match]:
    """A misprinted label between its two right neighbours, with nothing else between them, is hardly in doubt."""
    result = list(matches)
    for i in range(1, len(matches) - 1):
        before, match, after = matches[i - 1 : i + 2]
        beside = match.form_row - before.form_row == 1 == after.form_row - match.form_row
        adjacent = match.rows[0] - before.rows[-1] == 1 == after.rows[0] - match.rows[-1]
        if beside and adjacent and min(before.score, after.score) >= _RIGHT and match.score < SURE:
            result[i] = replace(match, score=SURE)
    return result


def _row_cost(row: Row) -> float:
    if row.numbers >= 5:
        return 0.5
    return 0.15 if row.numbers else 0.0


def _gain(rows: Sequence[Row], score: float) -> float:
    gain = 2 * score - 1
    return gain if any(row.values for row in rows) else gain * 0.3


def _one_line_score(row: Row, form_row: FormRow) -> float:
    """A table of one line has no row label: its line is known by the number of its values."""
    if len(row.values) < len(form_row.cells) or len(row.labels) > 1:
        return 0.0
    return 1.0 if not row.labels else 0.8


def _by_position(rows: Sequence[Row], form_rows: Sequence[FormRow], matches: Sequence[Match]) -> list[Match]:
    """Between two matched neighbours, k nameless full rows facing k missing rows of the form are those, with doubt."""
    found: list[Match] = []
    ends = [*matches, Match(len(form_rows), (len(rows),), 0.0)]
    previous = Match(-1, (-1,), 0.0)
    for match in ends:
        missing = [j for j in range(previous.form_row + 1, match.form_row) if not form_rows[j].instead_of]
        full = [
            i
            for i in range(previous.rows[-1] + 1, match.rows[0])
            if missing
            and not rows[i].label
            and len(rows[i].values) == len(form_rows[missing[0]].cells)
            and rows[i].numbers
        ]
        if missing and len(full) == len(missing) and previous.form_row >= 0 and match.form_row < len(form_rows):
            found.extend(Match(j, (i,), _BY_POSITION) for j, i in zip(missing, full, strict=True))
        previous = match
    return found


def _out_of_order(rows: Sequence[Row], form_rows: Sequence[FormRow], matches: Sequence[Match]) -> list[Match]:
    """A row that bears exactly a missing row's label, once, in its table: an editor changed the order."""
    used = {i for match in matches for i in match.rows}
    known = {match.form_row for match in matches}
    found = []
    for j, form_row in enumerate(form_rows):
        names = {words(label) for label in form_row.labels if len(words(label)) >= _TELLING_LABEL}
        beside = [m for m in matches if form_rows[m.form_row].table == form_row.table]
        if j in known or form_row.instead_of or not beside:
            continue
        span = range(min(m.rows[0] for m in beside) - 1, max(m.rows[-1] for m in beside) + 2)
        same = [i for i, row in enumerate(rows) if i in span and i not in used and row.numbers and row.label in names]
        if len(same) == 1:
            found.append(Match(j, (same[0],), _MOVED))
    return found


def _in_parts(rows: Sequence[Row], form_rows: Sequence[FormRow], matches: Sequence[Match]) -> list[Match]:
    """A table of one line that is printed as several tables, one a route: their lines, if they are as long together."""
    last = max((match.rows[-1] for match in matches), default=-1)
    missing = [
        j for j, row in enumerate(form_rows) if len(row.cells) >= _ONE_LINE and j not in {m.form_row for m in matches}
    ]
    lines = [i for i in range(last + 1, len(rows)) if rows[i].numbers and len(rows[i].labels) <= 1]
    if len(missing) != 1 or not 1 < len(lines) <= _MOST_FRAGMENTS:
        return []
    cells = form_rows[missing[0]].cells
    names = {words(label) for cell in cells for label in cell.column_labels}
    above = (cell for row in rows[last + 1 : lines[-1]] for cell in row.cells)
    size = len(cells) if any(words(cell.text) in names for cell in above) else 0
    return [Match(missing[0], tuple(lines), _MOVED)] if sum(len(rows[i].values) for i in lines) == size else []
