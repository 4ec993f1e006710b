"""Document -> Report: align rows, order columns, read values, and say whose report of which year it is.

Knows the forms and no file format. ``interpret`` never raises on odd documents: what cannot be told is left out, with
the reason in the cell or in the report.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from extract.fact_rules import load_fact_rules
from extract.interpret.dates import published_on, signed_on
from extract.interpret.document_number import find_document_number
from extract.interpret.facts import read_facts
from extract.interpret.kind import altered_copy, what_instead
from extract.interpret.recognise import recognise
from extract.interpret.rows import flatten
from extract.interpret.run_together import rows_of_text
from extract.interpret.scope import find_scope
from extract.interpret.sections import end_of_report, find_headings, read_sections
from extract.interpret.statistics import read_statistics
from extract.interpret.tables import read_cells
from extract.interpret.title import find_issuer, find_title, find_years, is_title, without_site_name, year_of
from extract.records import PageBox, Report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extract.forms import Form, FormSection
    from extract.records import Cell, Document, Fact, Statistic

__all__ = ["interpret"]

_FEWEST_SECTIONS = 2
_LITTLE_TEXT = 60
_A_PIECE = "a piece of a report's tables: whose numbers they are and of which year is not in the document"


def interpret(document: Document, forms: Sequence[Form]) -> Report:
    """What a document says as an annual report in one of ``forms`` (newest first)."""
    newest = forms[0]
    paragraphs = [p.text.strip() for p in document.paragraphs()]
    headings = find_headings(paragraphs, newest.sections)
    title = find_title(document, headings[0][0] if headings else len(paragraphs))
    title = title or without_site_name(document.title)
    issuer = find_issuer(title, document)
    form, cells = _read_tables(document, forms)
    statistics: tuple[Statistic, ...] = ()
    if not cells:
        form, statistics = read_statistics(document, forms)
    cells = {key: _perhaps_unread(cell, document) for key, cell in cells.items()}
    instead = what_instead(title, issuer) or altered_copy(document.text) or _nothing_found(title, len(headings), form)
    if instead:
        piece = {} if title or headings else _piece(document, paragraphs, newest)
        return Report(kind="other", reason=_A_PIECE if piece else instead, title=title, issuer=issuer, cells=piece)
    years, scope = find_years(title, document), find_scope(issuer, document)
    year = next(iter(years.values()), None)
    if form and form.sections and form.sections != newest.sections:
        headings = find_headings(paragraphs, form.sections)
    return Report(
        kind="report",
        reason="" if form else _no_table(document),
        title=title,
        issuer=issuer,
        year=year,
        year_sources=years,
        form=form.id if form else None,
        scope=scope.scope,
        scope_cue=scope.cue,
        published_on=published_on(document),
        signed_on=signed_on(document),
        document_number=find_document_number(document),
        cells=cells,
        sections=read_sections(paragraphs, headings),
        facts=_facts(document, paragraphs, headings, year),
        statistics=statistics,
        confidence=_confidence(cells or _statistics_cells(statistics)),
    )


def _read_tables(document: Document, forms: Sequence[Form]) -> tuple[Form | None, dict[str, Cell]]:
    """The statutory tables and their form: by signature, else by a row that only one form prints, else the newest."""
    rows = flatten(document)
    statutory = [form for form in forms if form.tables]
    signed = recognise(rows, forms)
    if signed and not signed.tables:
        return None, {}
    form = signed or statutory[0]
    cells = read_cells(rows, form)
    if not signed and cells:
        told = (f for f in statutory if any(key.split(".")[1] == f.told_by_row for key in cells if f.told_by_row))
        if (other := next(told, form)) is not form:
            form, cells = other, read_cells(rows, other)
    if cells:
        return form, cells
    if any(isinstance(paragraph.place, PageBox) for paragraph in document.paragraphs()):
        return None, {}  # lines of a page are not in the order of cells: numbers broken over lines would be others
    printed, rows = rows_of_text(document.text, statutory)
    cells = read_cells(rows, printed) if printed else {}
    return (printed, cells) if cells else (None, {})


def _perhaps_unread(cell: Cell, document: Document) -> Cell:
    """A cell that was not found is absent only where all that is printed was read."""
    if cell.state != "absent" or not document.unread:
        return cell
    reason = f"not found, and {_unread_pages(document)} not read: it may stand there"
    return replace(cell, state="unreadable", confidence=0.0, reason=reason)


def _no_table(document: Document) -> str:
    if document.unread:
        return f"no statutory table in what was read of this document; {_unread_pages(document)} not read"
    return "no statutory table in this document"


def _unread_pages(document: Document) -> str:
    numbers = ", ".join(map(str, sorted(document.unread)))
    return f"something on page {numbers} was" if len(document.unread) == 1 else f"something on pages {numbers} was"


def _statistics_cells(statistics: Sequence[Statistic]) -> dict[str, Cell]:
    return {
        f"{position}.{name}": cell
        for position, row in enumerate(statistics)
        for name, cell in (("year", row.year), ("cumulative", row.total))
        if cell is not None
    }


def _piece(document: Document, paragraphs: Sequence[str], form: Form) -> dict[str, Cell]:
    """The numbers of a document that is hardly more than rows of a table: a piece cut out of a report.

    Nothing says whose numbers they are or of which year, so they make no report.
    """
    if sum(map(len, paragraphs)) > _LITTLE_TEXT:
        return {}
    cells = read_cells(flatten(document), form, fewest=1)
    return {key: cell for key, cell in cells.items() if cell.state == "number"}


def _facts(
    document: Document,
    paragraphs: Sequence[str],
    headings: Sequence[tuple[int, FormSection, str]],
    year: int | None,
) -> tuple[Fact, ...]:
    begins = {index: section.key for index, section, _ in headings}
    return read_facts(document, begins, year, load_fact_rules(), end_of_report(paragraphs, headings))


def _nothing_found(title: str, headings: int, form: Form | None) -> str:
    if form is not None or headings >= _FEWEST_SECTIONS:
        return ""
    if is_title(title) and year_of(title) is not None:
        return ""  # a page that leads to the report, or a report in another outline
    if is_title(title):
        return "a text about reports: neither a report's year nor sections nor tables"
    return "no annual report: neither its title nor its sections nor its tables are in the document"


def _confidence(cells: Mapping[str, Cell]) -> float:
    """Mean confidence of what is stated, times the share of the form's cells that could be told at all."""
    if not cells:
        return 0.0
    told = [cell.confidence for cell in cells.values() if cell.state not in ("unreadable", "absent")]
    return round(sum(told) / len(cells), 3)
