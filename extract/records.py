"""What travels through extraction: Document, Report, Finding, Reading. All frozen; steps turn one into the next.

``0``, blank, "/" and "not in the document" are four different facts, kept apart by a cell's ``state``:

========== ======= =====================================================
state      value   meaning
========== ======= =====================================================
number     number  a number is printed, and read
blank      None    the cell is there and empty
na_mark    None    "/", "—", 无 and the like are printed
unreadable None    something is there (or was cut off) and can't be read
absent     None    the form has this cell, the document does not
========== ======= =====================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

SURE = 0.9
"""From here up a confidence needs no mark; a label this alike is the form's."""
DOUBT = 0.8
"""Below, a number is in doubt: another reader is asked where there is one."""
IN_A_SCRIPT = "the text stands in a script of the page"
"""The warning of a document whose places count in markup that the page holds as a string."""

State = Literal["number", "blank", "na_mark", "unreadable", "absent"]
Verdict = Literal["pass", "fail", "not_assessable"]
Kind = Literal["report", "other", "error"]


@dataclass(frozen=True, slots=True)
class PageBox:
    """A rectangle on a page (PDF, scans).

    ``page`` counts from 1; ``box`` is left, top, right, bottom in points from the top left corner of the page as it
    is shown (after its /Rotate).
    """

    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class GridPlace:
    r"""An element of a markup document (HTML, DOCX, RTF, ODT, DOC, XLS), counted from 0 in document order.

    HTML: the table-th ``table`` element, its row-th own ``tr``, that row's column-th ``td`` or ``th``.
    DOCX: the table-th ``w:tbl``, its row-th ``w:tr``, that row's column-th ``w:tc``.
    RTF: the table-th run of rows that follow each other (a nested one after the one it stands in), its row that the
    row-th ``\row`` or ``\nestrow`` ends, that row's cell that the column-th ``\cell`` or ``\nestcell`` ends.
    ODT, ODS: the table-th ``table:table``, its row-th row, that row's column-th cell, where what is written once for
    many (number-rows-repeated, number-columns-repeated) counts as many and covered cells count too.
    XLS, XLSX: the table-th sheet of the workbook (hidden ones counted), and the sheet's own row and column.
    """

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) of the document's ``text``."""

    start: int
    end: int


Place: TypeAlias = PageBox | GridPlace | Span


@dataclass(frozen=True, slots=True)
class TableCell:
    r"""One printed cell of a table: its text as printed (inner line breaks kept as ``\\n``), and where it stands.

    ``column`` is the first grid column it covers (from 0), ``columns`` and ``rows`` how many it spans; a cell that
    spans rows is given once, in its first row. ``column`` is None where the format has no grid (text renditions).
    ``certainty``: how sure the decoder is of the text, below 1 where it was recognised from a picture, or where cells
    that ran together were parted by their sums; ``reason`` says so. U+FFFD stands for ink that nothing was made of.
    ``is_outside``: it stands beyond the last of the columns that the file says the table has.
    """

    text: str
    place: Place
    column: int | None = None
    columns: int = 1
    rows: int = 1
    certainty: float = 1.0
    reason: str = ""
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as printed: ``rows`` of cells, in document order. Joining tables across pages is interpretation."""

    rows: tuple[tuple[TableCell, ...], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line or paragraph outside every table. ``place`` is None where the format gives none worth keeping."""

    text: str
    place: Place | None = None


Block: TypeAlias = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded document: what is printed, in order, with no understanding of what it means.

    ``blocks``: paragraphs and tables in document order. ``text``: the whole plain text (paragraphs a line each, tables
    a row a line with tabs between cells); spans refer to it. ``title``: what the file calls itself, if anything
    (HTML title element or ArticleTitle, DOCX core title). ``metadata``: named values the page states about itself
    (meta tags by name, and a visible header table's 发布机构, 发布日期, ...). ``warnings``: what the decoder had to
    work around, for people. ``recognised``: the pages of which text or tables were read off a picture.
    ``unread``: the pages that print something that was not read: a picture, or rows of numbers whose columns cannot be
    told. What is found nowhere else may stand there.
    """

    media_type: str
    blocks: tuple[Block, ...]
    text: str
    title: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    recognised: frozenset[int] = frozenset()
    unread: frozenset[int] = frozenset()

    def tables(self) -> Iterator[Table]:
        """The tables, in document order."""
        return (block for block in self.blocks if isinstance(block, Table))

    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs, in document order."""
        return (block for block in self.blocks if isinstance(block, Paragraph))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the form as the document states it.

    ``key`` as in config/forms (``disclosure.x``, ``requests.row.column``, ``disputes.x``). ``value`` is in the form's
    unit (件, or 万元 for fees); ``raw`` is what was printed. ``confidence`` 0 to 1: how sure it is that this is
    that cell. ``reason`` says why a cell is unreadable, or what was unusual. ``unit``: the unit as printed, only where
    the form fixes none (procurement of 2019: 元 or 万元); ``value`` is then in that unit.
    """

    key: str
    value: int | Decimal | None
    raw: str
    state: State
    confidence: float
    place: Place | None = None
    reason: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number stated in prose. ``key`` as in config/facts.json (``proactive_items``, ``requests.granted``, ...).

    ``value`` in ``unit`` as counted (万 is multiplied out), ``raw`` the words that state it, at ``span`` of the
    document's text; ``sentence`` around them. ``stated_as`` negation: the sentence says that there was none
    (未收到申请), the value is 0. ``approximate``: 余, 多, 近, 约. ``part_of``: the key of the total whose part this is.
    ``period``: report_year, previous (上年, 同比), cumulative (累计, 以来) or other. ``scope``: own or territory, where
    the sentence says whose number it is. ``section``: key of the section, empty before the first heading.
    """

    key: str
    value: int | Decimal
    raw: str
    unit: str
    sentence: str
    span: Span
    stated_as: Literal["number", "negation"] = "number"
    approximate: bool = False
    part_of: str = ""
    period: Literal["report_year", "previous", "cumulative", "other"] = "report_year"
    scope: Literal["", "own", "territory"] = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Statistic:
    """One row of an older statistics table: the year's figure and the cumulative one are two different facts.

    ``label`` as printed. ``key``: the form's (``s_req_received``), or ``x_`` and the label's words for a row that the
    form does not name. ``year`` and ``total`` are the cells of both columns, None where the table lacks the column.
    """

    label: str
    key: str
    unit: str
    year: Cell | None
    total: Cell | None

    @property
    def value(self) -> int | Decimal | None:
        """The year's figure."""
        return self.year.value if self.year else None

    @property
    def cumulative(self) -> int | Decimal | None:
        """The figure since disclosure began."""
        return self.total.value if self.total else None


@dataclass(frozen=True, slots=True)
class Report:
    """What a document was understood to say. ``kind`` other means: no report, and ``reason`` says what it is instead.

    ``scope``: own_office, government_own, level or territory, empty where no cue was found; ``scope_cue`` the words
    that decided it. ``year_sources``: the year as each source states it (title, period, metadata), conflicts and all.
    ``published_on`` and ``signed_on``: ISO dates or empty. ``document_number``: 文号 such as 云政发〔2024〕3号.
    ``confidence``: that of the document as a whole.
    """

    kind: Literal["report", "other"]
    reason: str = ""
    title: str = ""
    issuer: str = ""
    year: int | None = None
    form: str | None = None
    scope: str = ""
    scope_cue: str = ""
    year_sources: Mapping[str, int] = field(default_factory=dict)
    published_on: str = ""
    signed_on: str = ""
    document_number: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    statistics: tuple[Statistic, ...] = ()
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw. ``keys`` begins with a cell of the column, row or route that the check is about.

    ``subject`` names that column, row or route. ``left`` and ``right`` are the two sides of the identity (None where a
    side cannot be stated). ``cause`` of a failure: source (printed so: two independent readers agree), extraction, or
    unknown. ``severity``: error (the form prints or implies it), warn (to be explained), info (worth a look).
    ``matched``: which of the readings that are right made a passing check of prose pass (``received_new``,
    ``received_new+carried_in``). ``sentence`` and ``span``: the prose that the check is about, if any.
    """

    check: str
    verdict: Verdict
    keys: tuple[str, ...]
    left: int | Decimal | None = None
    right: int | Decimal | None = None
    message: str = ""
    cause: Literal["", "source", "extraction", "unknown"] = ""
    subject: str = ""
    severity: Literal["error", "warn", "info"] = "error"
    matched: str = ""
    sentence: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of one document by one version of the reader; never overwritten.

    ``error`` says why there is no ``report``: the bytes could not be had, decoded, interpreted or stored.
    ``reader`` names the version that read it, such as ``gongkai-0.1.0+0d64631d`` (a digest of its source).
    """

    sha256: str
    size: int
    media_type: str
    reader: str
    text: str = ""
    member: str = ""
    report: Report | None = None
    findings: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""

    @property
    def kind(self) -> Kind:
        """``report``, ``other``, or ``error`` when there is nothing to interpret."""
        return self.report.kind if self.report else "error"
