"""Document -> Report: align rows, order columns, read values, and say whose report of which year it is.

Knows the forms and no file format. ``interpret`` never raises on odd documents: what cannot be told is left out, with
the reason in the cell or in the report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.fact_rules import load_fact_rules
from extract.interpret.dates import published_on, signed_on
from extract.interpret.facts import read_facts
from extract.interpret.kind import what_instead
from extract.interpret.recognise import recognise
from extract.interpret.rows import flatten
from extract.interpret.scope import find_scope
from extract.interpret.sections import end_of_report, find_headings, read_sections
from extract.interpret.tables import read_cells
from extract.interpret.title import find_issuer, find_title, find_year, is_title, without_site_name, year_of
from extract.records import Report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extract.forms import Form, FormSection
    from extract.records import Cell, Document, Fact

__all__ = ["interpret"]

_FEWEST_SECTIONS = 2


def interpret(document: Document, forms: Sequence[Form]) -> Report:
    """What a document says as an annual report in one of ``forms`` (newest first).

    A document in a form that is recognised and not described yet keeps the form's id and has no cells.
    """
    described = next(form for form in forms if form.readable)
    paragraphs = [p.text.strip() for p in document.paragraphs()]
    headings = find_headings(paragraphs, described.sections)
    title = find_title(document, headings[0][0] if headings else len(paragraphs))
    title = title or without_site_name(document.title)
    issuer = find_issuer(title, document)
    rows = flatten(document)
    form = recognise(rows, forms)
    cells = read_cells(rows, form or described) if rows and (form is None or form.readable) else {}
    form = form if cells or (form and not form.readable) else None
    instead = what_instead(title, issuer) or _nothing_found(title, len(headings), form)
    if instead:
        return Report(kind="other", reason=instead, title=title, issuer=issuer)
    form = form or (described if cells else None)
    year = find_year(title, document)
    return Report(
        kind="report",
        reason=_what_is_missing(form),
        title=title,
        issuer=issuer,
        year=year,
        form=form.id if form else None,
        scope=find_scope(issuer, document),
        published_on=published_on(document),
        signed_on=signed_on(document),
        cells=cells,
        sections=read_sections(document, (form or described).sections or described.sections),
        facts=_facts(document, paragraphs, (form or described).sections or described.sections, year),
        confidence=_confidence(cells),
    )


def _facts(
    document: Document, paragraphs: Sequence[str], sections: Sequence[FormSection], year: int | None
) -> tuple[Fact, ...]:
    headings = find_headings(paragraphs, sections)
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


def _what_is_missing(form: Form | None) -> str:
    if form is None:
        return "no statutory table in this document"
    if not form.readable:
        return f"form not read yet: {form.id}"
    return ""


def _confidence(cells: Mapping[str, Cell]) -> float:
    """Mean confidence of what is stated, times the share of the form's cells that could be told at all."""
    if not cells:
        return 0.0
    told = [cell.confidence for cell in cells.values() if cell.state not in ("unreadable", "absent")]
    return round(sum(told) / len(cells), 3)
