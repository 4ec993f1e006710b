"""Which formatting holds where: the runs of characters and paragraphs of a Word file, and which styles hide text.

A run is known by where its text lies in the main stream. Pages of 512 bytes list the runs; a table says which page is
for which stretch ([MS-DOC] 2.4.6, 2.9.33 ChpxFkp, 2.9.175 PapxFkp, 2.4.6.5 style properties).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from struct import error as StructError  # noqa: N812
from struct import unpack_from

from extract.decode.doc_modifiers import HIDDEN, modifiers
from extract.decode.errors import DamagedDocument

_PAGE = 512
_PAGE_NUMBER = 0x3FFFFF
_NO_STYLE = 0xFFF
_MOST_ANCESTORS = 16
_PARAGRAPH_STYLE, _CHARACTER_STYLE = 1, 2


@dataclass(frozen=True, slots=True)
class _Page:
    offsets: tuple[int, ...]
    groups: tuple[bytes, ...]


@dataclass(slots=True)
class Runs:
    """The runs of one kind: ``entry`` is the size of a page's entry for a run (13 for paragraphs, 1 for characters).

    Of a paragraph's group the first two bytes are the number of its style.
    """

    main: bytes
    table: bytes
    entry: int
    _starts: tuple[int, ...] = ()
    _numbers: tuple[int, ...] = ()
    _pages: dict[int, _Page] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = max(0, (len(self.table) - 4) // 8)
        if count:
            self._starts = unpack_from(f"<{count + 1}I", self.table)
            self._numbers = unpack_from(f"<{count}I", self.table, 4 * (count + 1))

    def at(self, offset: int) -> tuple[bytes, int]:
        """The group of modifiers for that byte of the main stream, and the first byte that it may not be for.

        Raises:
            DamagedDocument: the page that should tell is not in the file.
        """
        i = bisect_right(self._starts, offset) - 1
        if not 0 <= i < len(self._numbers):
            return b"", max(offset + 1, self._starts[0] if self._starts and i < 0 else len(self.main))
        page = self._page(self._numbers[i] & _PAGE_NUMBER)
        j = bisect_right(page.offsets, offset) - 1
        if j < 0:
            return b"", max(offset + 1, page.offsets[0])
        if j >= len(page.groups):
            return b"", max(offset + 1, self._starts[i + 1])
        return page.groups[j], max(offset + 1, page.offsets[j + 1])

    def _page(self, page_number: int) -> _Page:
        if page_number not in self._pages:
            page = self.main[page_number * _PAGE : (page_number + 1) * _PAGE]
            if len(page) < _PAGE:
                raise DamagedDocument("a Word file cut off in its formatting; open and save it again in an editor")
            self._pages[page_number] = self._read_page(page)
        return self._pages[page_number]

    def _read_page(self, page: bytes) -> _Page:
        count = min(page[-1], (_PAGE - 5) // (4 + self.entry))
        first = 4 * (count + 1)
        groups = (self._group(page, 2 * page[first + i * self.entry]) for i in range(count))
        return _Page(unpack_from(f"<{count + 1}I", page), tuple(groups))

    def _group(self, page: bytes, place: int) -> bytes:
        if place == 0:
            return b""
        size = page[place]
        if self.entry == 1:
            return page[place + 1 : place + 1 + size]
        if size:  # in words, this byte included
            return page[place + 1 : place + 2 * size]
        return page[place + 2 : place + 2 + 2 * page[place + 1]] if place + 1 < _PAGE else b""


def read_hiding_styles(sheet: bytes) -> frozenset[int]:
    """Numbers of the styles whose text is hidden, by themselves or by the style they are based on (2.9.271 STSH)."""
    own: dict[int, tuple[int, bool | None]] = {}
    try:
        (header_size,) = unpack_from("<H", sheet)
        count, base_size = unpack_from("<HH", sheet, 2)
        position = 2 + header_size
        for index in range(count):
            (size,) = unpack_from("<H", sheet, position)
            if size:
                own[index] = _read_style(sheet[position + 2 : position + 2 + size], base_size)
            position += 2 + size
    except StructError:  # a style sheet that is cut off hides what it says up to there
        pass
    return frozenset(index for index in own if _hides(index, own))


def _read_style(style: bytes, base_size: int) -> tuple[int, bool | None]:
    """The style it is based on, and whether it hides text, if it says so."""
    kind_and_base, count_and_next = unpack_from("<HH", style, 2)
    kind, base, groups = kind_and_base & 0xF, kind_and_base >> 4, count_and_next & 0xF
    if kind not in (_PARAGRAPH_STYLE, _CHARACTER_STYLE):
        return base, None
    (name_length,) = unpack_from("<H", style, base_size)
    position = base_size + 2 + 2 * name_length + 2
    wanted = 1 if kind == _PARAGRAPH_STYLE else 0  # a paragraph style's first group is of paragraphs
    hidden = None
    for i in range(groups):
        (size,) = unpack_from("<H", style, position)
        if i == wanted:
            for code, operand in modifiers(style[position + 2 : position + 2 + size]):
                if code == HIDDEN and operand:
                    hidden = bool(operand[0] & 1)
        position += 2 + size + size % 2
    return base, hidden


def _hides(index: int, styles: dict[int, tuple[int, bool | None]]) -> bool:
    for _ in range(_MOST_ANCESTORS):
        index, hidden = styles.get(index, (_NO_STYLE, False))
        if hidden is not None:
            return hidden
    return False
