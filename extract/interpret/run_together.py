"""Text that lost its tables: labels and numbers follow each other, often with no space between the numbers of a row.

Copies of pages (and some pages themselves) give a table as ``…（一）予以公开7000007（二）部分公开…``. Such text is cut
into pairs of a label and what is printed after it; the pairs are rows like any others, for the one alignment. Which
digits belong to which cell is told by the sums that the form prints, and by nothing else: see splits.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extract.interpret.labels import squeeze, words
from extract.interpret.rows import Row
from extract.interpret.splits import agreed, forced, narrowed, ways_of_groups, ways_to_sum
from extract.records import Span, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from extract.forms import Form, FormRow
    from extract.interpret.splits import Numbers

_FEWEST_ROWS = 12
_FEWEST_SIGNATURES = 2
_BY_SUM = 0.9
_BY_COLUMNS = 0.75
_ONE_LINE = 10
_RUN_TOGETHER = "the digits of several cells ran together, and more than one reading fits the sums"
_NOTHING_ELSE = "parted from its neighbours: nothing else fits"
_UNSUMMED = "the digits of several cells ran together, and no sum tells them apart"
_UNIT = r"(?:亿元|万元|元|(?:件|项|个|条|次)(?!\w))"
# What is printed after a label: numbers, units and marks, with or without white space; never a digit that numbers
# what follows ("…0000000" + "2.其他…").
_CHUNK = re.compile(rf"[+-]?\d[\d.,+\-/\s\u3000]*{_UNIT}?|(?<=[\u3400-\u9fff])\s*/[\d/\s]*")
_NUMBERING = re.compile(r"\d\s*\Z")
_MARKS = re.compile(r"[.、．]\s*[\u3400-\u9fff“”\"（(]")
_TOKEN = re.compile(r"[+-]?\d+(?:\.\d+)?|/")
_RESULTS_END = words("尚未审结总计")


@dataclass(frozen=True, slots=True)
class Pair:
    """A label's text and the span of what is printed after it."""

    label: str
    at: Span
    chunk: str


def rows_of_text(text: str, forms: Sequence[Form]) -> tuple[Form | None, list[Row]]:
    """The form that the text prints and its rows; none where it does not print most of a form."""
    plain = squeeze(text)
    counts = {form.id: sum(signature in plain for signature in form.signatures) for form in forms if form.tables}
    form = max((form for form in forms if form.tables), key=lambda form: counts[form.id])
    if counts[form.id] < _FEWEST_SIGNATURES:
        return None, []
    named = [(form_row, pair) for pair in pairs_of(text) if (form_row := _form_row(pair.label, form)) is not None]
    if len(named) < _FEWEST_ROWS:
        return None, []
    ways = {pair: _ways(pair.chunk, form_row) for form_row, pair in named}
    by_columns = _by_columns(named, ways, form)
    return form, [_row(form_row, pair, ways[pair], by_columns.get(pair, ())) for form_row, pair in named]


def pairs_of(text: str) -> Iterator[Pair]:
    """Each run of numbers with the words before it, from the run before."""
    end = 0
    for match in _CHUNK.finditer(text):
        start = match.start()
        chunk = match[0].rstrip(" \t\r\n\u3000.,、")
        if _MARKS.match(text, start + len(chunk)):
            numbering = _NUMBERING.search(chunk)
            chunk = chunk[: numbering.start()].rstrip() if numbering else chunk
        if not chunk:
            continue
        label = text[end:start]
        end = start + len(chunk)
        yield Pair(label, Span(start, end), chunk)


def values_of(pair: Pair, size: int) -> tuple[TableCell, ...]:
    """The cells of a row without sums: parted where nothing else fits, or each with the whole run and the reason."""
    return _values(pair, size, (), ())


def _form_row(label: str, form: Form) -> FormRow | None:
    """The form's row whose label ends the words before the numbers, the longest one; the line of table 3 has none."""
    plain = words(_without_numbering(label))
    if plain.endswith(_RESULTS_END):
        return next((row for row in form.rows() if len(row.cells) >= _ONE_LINE), None)
    best: tuple[int, FormRow] | None = None
    for row in form.rows():
        if len(row.cells) >= _ONE_LINE:
            continue
        for name in map(words, row.labels):
            if plain.endswith(name) and (best is None or len(name) > best[0]):
                best = len(name), row
    return best[1] if best else None


def _without_numbering(label: str) -> str:
    """Numbers such as "2." inside the words would stand between a group and its row."""
    return re.sub(r"\d[.、．]", "", label)


def _ways(chunk: str, form_row: FormRow) -> tuple[Numbers, ...]:
    """The ways to part a run of digits into the row's cells by its own sum; none where it has none or is not digits."""
    digits, cuts = _digits(chunk)
    size = len(form_row.cells)
    if not digits.isdigit() or size < 5:
        return ()
    if size >= _ONE_LINE:
        return ways_of_groups(digits, size // 5, 5, cuts)
    return ways_to_sum(digits, size, cuts)


def _digits(chunk: str) -> tuple[str, tuple[int, ...]]:
    """The digits alone, and where white space parts them."""
    digits, cuts = "", []
    for part in chunk.split():
        cuts += [len(digits)] if digits else []
        digits += part
    return digits, tuple(cuts)


def _by_columns(
    named: Sequence[tuple[FormRow, Pair]], ways: Mapping[Pair, tuple[Numbers, ...]], form: Form
) -> dict[Pair, tuple[Numbers, ...]]:
    """What the sums down the columns leave of each row's ways."""
    pairs = {form_row.key: pair for form_row, pair in named if ways[pair] and len(form_row.cells) < _ONE_LINE}
    sums = [
        (_there(identity.left, form, pairs), _there(identity.right, form, pairs))
        for identity in form.identities
        if identity.for_each == "columns"
    ]
    left = narrowed({key: ways[pair] for key, pair in pairs.items()}, sums)
    return {pairs[key]: kept for key, kept in left.items()}


def _there(names: Sequence[str], form: Form, pairs: Mapping[str, Pair]) -> list[str]:
    """The rows of a sum; a row printed instead of others takes their place."""
    keys = list(names)
    for row in form.rows():
        if row.instead_of and row.key in pairs and set(row.instead_of) & set(keys):
            keys = [key for key in keys if key not in row.instead_of] + [row.key]
    return list(dict.fromkeys(keys))


def _row(form_row: FormRow, pair: Pair, ways: tuple[Numbers, ...], by_columns: tuple[Numbers, ...]) -> Row:
    label = TableCell(form_row.labels[0], Span(pair.at.start, pair.at.start))
    labels = () if len(form_row.cells) >= _ONE_LINE else (words(form_row.labels[0]),)
    values = _values(pair, len(form_row.cells), ways, by_columns)
    return Row(0, (label,) if labels else (), values, labels, sum(cell.certainty > 0 for cell in values))


def _values(pair: Pair, size: int, ways: tuple[Numbers, ...], by_columns: tuple[Numbers, ...]) -> tuple[TableCell, ...]:
    tokens = list(_TOKEN.finditer(pair.chunk))
    if len(tokens) == size and (size == 1 or pair.chunk.split() == [token[0] for token in tokens]):
        return _as_printed(pair, tokens)
    if ways:
        numbers, further = agreed(ways), agreed(by_columns or ways)
        return _parted(pair, numbers, further, by_columns or ways)
    digits, cuts = _digits(pair.chunk)
    told = forced(digits, size, cuts) if digits.isdigit() and size < 5 else None
    if told is not None:
        return tuple(replace(cell, reason=_NOTHING_ELSE) for cell in _parted(pair, told, told, (told,)))
    return tuple(_untold(pair, _UNSUMMED) for _ in range(size))


def _as_printed(pair: Pair, tokens: Sequence[re.Match[str]]) -> tuple[TableCell, ...]:
    """Cells that white space parts; the last one has its unit with it."""
    start = pair.at.start
    spans = [(token.start(), token.end()) for token in tokens]
    spans[-1] = spans[-1][0], len(pair.chunk)
    return tuple(TableCell(pair.chunk[a:b], Span(start + a, start + b)) for a, b in spans)


def _parted(
    pair: Pair, numbers: Sequence[int | None], further: Sequence[int | None], ways: Sequence[Numbers]
) -> tuple[TableCell, ...]:
    """The cells that are told, each with the span of its own digits; the others have that of the whole run."""
    cells = []
    for position, (by_row, by_column) in enumerate(zip(numbers, further, strict=True)):
        number = by_row if by_row is not None else by_column
        if number is None:
            cells.append(_untold(pair, _RUN_TOGETHER))
            continue
        certainty, reason = (_BY_SUM, "parted from its neighbours by the sum of the row")
        if by_row is None:
            certainty, reason = (_BY_COLUMNS, "parted from its neighbours by the sums of row and column")
        cells.append(TableCell(str(number), _span(pair, position, number, ways), certainty=certainty, reason=reason))
    return tuple(cells)


def _span(pair: Pair, position: int, number: int, ways: Sequence[Numbers]) -> Span:
    """Where the cell's digits stand; of ways that read the same number at several places, the first."""
    first = min(sum(len(str(other)) for other in way[:position]) for way in ways if way[position] == number)
    offsets = [index for index, character in enumerate(pair.chunk) if character.isdigit()]
    last = first + len(str(number)) - 1
    return Span(pair.at.start + offsets[first], pair.at.start + offsets[last] + 1)


def _untold(pair: Pair, reason: str) -> TableCell:
    return replace(TableCell(pair.chunk, pair.at), certainty=0.0, reason=reason)
