"""Which printed row is which row of the form: one monotone alignment of all rows of a document to all rows of the form.

Labels are misprinted, cut by page ends, repeated and left out, but their order is the form's. The alignment maximises
the likeness of labels over all orders-preserving pairings (dynamic programming); one to three printed rows may make one
row of the form, printed rows may be skipped (dear where they state numbers) and rows of the form may be missing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extract.interpret.labels import likeness, words
from extract.interpret.rows import continues
from extract.records import SURE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.forms import FormRow
    from extract.interpret.rows import Row

_LEAST_LIKENESS = 0.6
_MOST_FRAGMENTS = 3
_MERGE_COST = 0.05
_ONE_LINE = 10
_BY_POSITION = 0.6
_MOVED = 0.85
_TELLING_LABEL = 4
_RIGHT = 0.85


@dataclass(frozen=True, slots=True)
class Match:
    """The printed rows ``rows`` (indices) are the form's row ``form_row`` (index), sure by ``score``."""

    form_row: int
    rows: tuple[int, ...]
    score: float


def align(rows: Sequence[Row], form_rows: Sequence[FormRow]) -> list[Match]:
    """The best order-preserving pairing, in the form's order; form rows without a match are not in the document."""
    matches = _supported(_best_path(rows, form_rows))
    for find in (_by_position, _out_of_order, _in_parts):
        matches += find(rows, form_rows, matches)
    return sorted(matches, key=lambda match: match.form_row)


def _best_path(rows: Sequence[Row], form_rows: Sequence[FormRow]) -> list[Match]:
    n, m = len(rows), len(form_rows)
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    step: list[list[Match | str]] = [["end"] * (m + 1) for _ in range(n + 1)]
    for i in range(n, -1, -1):
        for j in range(m, -1, -1):
            best[i][j], step[i][j] = _choose(rows, form_rows, best, i, j)
    matches: list[Match] = []
    i = j = 0
    while step[i][j] != "end":
        move = step[i][j]
        if isinstance(move, Match):
            matches.append(move)
            i, j = i + len(move.rows), j + 1
        else:
            i, j = (i + 1, j) if move == "skip row" else (i, j + 1)
    return matches


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


def _choose(
    rows: Sequence[Row], form_rows: Sequence[FormRow], best: list[list[float]], i: int, j: int
) -> tuple[float, Match | str]:
    n, m = len(rows), len(form_rows)
    options: list[tuple[float, Match | str]] = []
    if i < n:
        options.append((best[i + 1][j] - _row_cost(rows[i]), "skip row"))
    if j < m:
        options.append((best[i][j + 1] - _absence_cost(form_rows[j]), "skip form"))
    if i < n and j < m:
        for count in range(1, min(_MOST_FRAGMENTS, n - i) + 1):
            score = _score(rows[i : i + count], form_rows[j])
            if score >= _LEAST_LIKENESS:
                gain = _gain(rows[i : i + count], score) - _MERGE_COST * (count - 1)
                match = Match(j, tuple(range(i, i + count)), score)
                options.append((gain + best[i + count][j + 1], match))
    return max(options, key=lambda option: option[0], default=(0.0, "end"))


def _row_cost(row: Row) -> float:
    if row.numbers >= 5:
        return 0.5
    return 0.15 if row.numbers else 0.0


def _absence_cost(form_row: FormRow) -> float:
    return 0.0 if form_row.instead_of else 0.1


def _gain(rows: Sequence[Row], score: float) -> float:
    gain = 2 * score - 1
    return gain if any(row.values for row in rows) else gain * 0.3


def _score(rows: Sequence[Row], form_row: FormRow) -> float:
    """How surely these printed rows, taken as one, are that row of the form."""
    if len(form_row.cells) >= _ONE_LINE:
        return _one_line_score(rows, form_row)
    if len(rows) == 1:
        row = rows[0]
        if row.is_header or not row.labels:
            return 0.0
        inner, whole = row.label, "".join(row.labels)
    elif continues(rows):
        inner = "".join(row.label for row in rows)
        whole = inner
    else:
        return 0.0
    if form_row.instead_of and not any(row.numbers for row in rows):
        return 0.0  # a group label that a page end left alone is no row
    group = words(form_row.group)
    return max(max(likeness(inner, words(label)), likeness(whole, group + words(label))) for label in form_row.labels)


def _one_line_score(rows: Sequence[Row], form_row: FormRow) -> float:
    """A table of one line has no row label: its line is known by the number of its values."""
    if len(rows) > 1:
        return 0.0
    row, size = rows[0], len(form_row.cells)
    if len(row.values) < size or len(row.labels) > 1:
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
