"""Writes Word binary files of a few lines, feature by feature ([MS-DOC], [MS-CFB]): what the decoder's tests read.

Lines are paragraphs; a row is lines whose marks end cells, and one that ends the row. Every look is a list of
modifiers as bytes. The container holds streams of at least 4096 bytes each, so that it needs no small sectors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from struct import pack

DELETED, INSERTED, HIDDEN = b"\x00\x08\x01", b"\x01\x08\x01", b"\x3c\x08\x01"
AS_STYLE, NOT_AS_STYLE = b"\x3c\x08\x80", b"\x3c\x08\x81"
SPECIAL = b"\x55\x08\x01"
IN_TABLE, ROW_END = b"\x16\x24\x01", b"\x17\x24\x01"
INNER_CELL, INNER_ROW = b"\x4b\x24\x01", b"\x4c\x24\x01"
TEXT_AT = 1024
SECTOR = 512


@dataclass(frozen=True)
class Line:
    runs: tuple[tuple[str, bytes], ...]
    mark: str = "\r"
    mark_look: bytes = b""
    format: bytes = b""
    style: int = 0

    @property
    def text(self):
        return "".join(text for text, _ in self.runs) + self.mark


def line(*runs, mark="\r", mark_look=b"", style=0, format=b""):  # noqa: A002
    """A paragraph of texts, or of (text, look) pairs."""
    return Line(tuple((r, b"") if isinstance(r, str) else r for r in runs), mark, mark_look, format, style)


def symbol(character):
    return "(", SPECIAL + b"\x09\x6a" + pack("<HH", 3, ord(character))


def in_tables(depth):
    return IN_TABLE + b"\x49\x66" + pack("<I", depth)


def define(edges, flags=()):
    """sprmTDefTable: the edges of a row's cells in twips, and the flags of its first cells."""
    cells = b"".join(pack("<HH16x", flag, 0) for flag in flags)
    operand = bytes([len(edges) - 1]) + pack(f"<{len(edges)}h", *edges) + cells
    return b"\x08\xd6" + pack("<H", len(operand) + 1) + operand


def row(*cells, edges=None, flags=(), depth=1, more=b"", struck=b"", shape=None):
    """A row of cells, each a text or lines; inner lines that stand deeper keep their own format."""
    lines = []
    for content in cells:
        own = [line(content)] if isinstance(content, str) else list(content)
        own = [
            each if IN_TABLE in each.format else replace(each, format=each.format + in_tables(depth)) for each in own
        ]
        last = replace(own[-1], mark="\x07") if depth == 1 else replace(own[-1], format=own[-1].format + INNER_CELL)
        lines += [*own[:-1], replace(last, mark_look=struck)]
    shape = define(edges or [1000 * i for i in range(len(cells) + 1)], flags) if shape is None else shape
    end = in_tables(depth) + (ROW_END if depth == 1 else INNER_ROW) + shape + more
    return [*lines, Line((), "\x07" if depth == 1 else "\r", struck, end)]


def build(
    lines,
    *,
    boxes=(),
    footnotes=(),
    compressed=False,
    piece_modifiers=(),
    groups=(),
    styles=b"",
    data=b"",
    summary=b"",
    flags=0,
    magic=0xA5EC,
    version=0xC1,
    table="1Table",
    parts=None,
):
    """A .doc. ``compressed``: lines of Latin text are pieces of one byte a character. ``piece_modifiers``: the Prm of
    the pieces, one a line, as far as they go; ``groups``: what they refer to.
    """
    every = [*lines, *footnotes, *boxes]
    text, pieces, paragraphs, characters, position = b"", [], [], [], 0
    for index, each in enumerate(every):
        narrow = compressed and all(ord(c) < 0x80 for c in each.text)
        modifier = piece_modifiers[index] if index < len(piece_modifiers) else 0
        offset = TEXT_AT + len(text)
        pieces.append((position, offset * 2 | 1 << 30 if narrow else offset, modifier))
        for run, look in (*each.runs, (each.mark, each.mark_look)):
            encoded = run.encode("cp1252" if narrow else "utf-16-le")
            characters.append((TEXT_AT + len(text), look))
            text += encoded
        paragraphs.append((offset, pack("<H", each.style) + each.format))
        position += sum(len(run.encode("utf-16-le")) // 2 for run in (each.text,))
    end = TEXT_AT + len(text)
    main = bytes(TEXT_AT) + text + bytes(-len(text) % SECTOR)
    main, character_table = _pages(main, characters, end, 1)
    main, paragraph_table = _pages(main, paragraphs, end, 13)
    starts = pack(f"<{len(pieces) + 1}I", *(p[0] for p in pieces), position)
    plc = starts + b"".join(pack("<HIH", 0, where, modifier) for _, where, modifier in pieces)
    clx = b"".join(b"\x01" + pack("<H", len(group)) + group for group in groups) + b"\x02" + pack("<I", len(plc)) + plc
    where, table_stream = {}, b""
    for part, content in {1: styles, 12: character_table, 13: paragraph_table, 33: clx, **(parts or {})}.items():
        where[part] = (len(table_stream), len(content))
        table_stream += content
    counts = [sum(_length(each) for each in part) for part in (lines, footnotes, boxes)]
    header = pack("<HH6xH20x", magic, version, flags | (0x0200 if table == "1Table" else 0)).ljust(0x20, b"\0")
    header += pack("<H28xH", 14, 22) + pack("<12x8I44x", counts[0], counts[1], 0, 0, 0, 0, counts[2], 0)
    header += pack("<H", 93) + b"".join(pack("<II", *where.get(i, (0, 0))) for i in range(93))
    streams = {"WordDocument": header + main[len(header) :], table: table_stream}
    streams |= {"Data": data} if data else {}
    return container(streams | ({"\x05SummaryInformation": summary} if summary else {}))


def _length(each):
    return len(each.text.encode("utf-16-le")) // 2


def hang(anchors, boxes):
    """The tables that tell where text boxes hang. Anchors: (position in the body, shape); boxes: (shape, lines), and
    True after them where the box is only a spare. All lines of the boxes, and an empty one, are to be ``boxes``.
    """
    sizes = [sum(_length(each) for each in box[1]) for box in boxes]
    starts = [sum(sizes[:i]) for i in range(len(sizes) + 1)]
    text = pack(f"<{len(starts) + 1}I", *starts, starts[-1] + 1)
    text += b"".join(pack("<II H I I I", 1, 0, len(box) > 2, 0, box[0], 0) for box in boxes) + bytes(22)
    shapes = b"".join(pack("<I22x", shape) for _, shape in anchors)
    return {40: pack(f"<{len(anchors) + 1}I", *(at for at, _ in anchors), 0) + shapes, 56: text}


def _pages(main, runs, end, entry):
    """The main stream with the pages that list the runs, and the table that leads to them."""
    starts, numbers = [], []
    while runs:
        page, place, first, count = bytearray(SECTOR), SECTOR - 2, runs[0][0], 0
        entries = []
        for _, group in runs:
            stored = _stored(group, entry)
            if (place - len(stored)) // 2 * 2 < 4 * (count + 2) + entry * (count + 1):
                break
            if stored:
                place = (place - len(stored)) // 2 * 2
                page[place : place + len(stored)] = stored
            entries.append(place // 2 if stored else 0)
            count += 1
        offsets = [*(offset for offset, _ in runs[:count]), runs[count][0] if count < len(runs) else end]
        page[: 4 * (count + 1)] = pack(f"<{count + 1}I", *offsets)
        for i, place_of in enumerate(entries):
            page[4 * (count + 1) + i * entry] = place_of
        page[-1] = count
        starts.append(first)
        numbers.append(len(main) // SECTOR)
        main += bytes(page)
        runs = runs[count:]
    return main, pack(f"<{len(starts) + 1}I", *starts, end) + pack(f"<{len(numbers)}I", *numbers)


def _stored(group, entry):
    if entry == 1:
        return bytes([len(group)]) + group if group else b""
    if len(group) % 2:
        return bytes([len(group) // 2 + 1]) + group
    return b"\0" + bytes([len(group) // 2]) + group


def style_sheet(*styles):
    """Styles (kind, number of the style it is based on, look): kind 1 paragraph, 2 character."""
    sheet = pack("<H18x", 18)[:2] + pack("<HH14x", len(styles), 10)
    for kind, base, look in styles:
        body = (
            pack("<HHHHH", 0, kind | base << 4, 2 if kind == 1 else 1, 0, 0) + pack("<H", 1) + "s\0".encode("utf-16-le")
        )
        for group in ([b"\0\0"] if kind == 1 else []) + [look]:
            body += pack("<H", len(group)) + group + bytes(len(group) % 2)
        sheet += pack("<H", len(body)) + body
    return sheet


def summary(title, code_page=936, encoding="gbk"):
    """A property set with a title."""
    raw = f"{title}\0".encode(encoding)
    section = pack("<IIIIII", 0, 2, 1, 24, 2, 32) + pack("<IHH", 2, code_page, 0) + pack("<II", 0x1E, len(raw)) + raw
    return pack("<HHI16xI16xI", 0xFFFE, 0, 2, 1, 48) + section


def container(streams, class_id=bytes(16)):
    """An OLE2 file of these streams, all in its root."""
    free, chain_end, fat_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    contents = [streams[name].ljust(4096, b"\0") for name in names]
    contents = [content + bytes(-len(content) % SECTOR) for content in contents]
    directory_size = -(-(len(names) + 1) // 4)
    sizes = [directory_size, *(len(content) // SECTOR for content in contents)]
    fat_size = -(-(sum(sizes) + 4) // 127)
    fat, firsts = [fat_sector] * fat_size, []
    for size in sizes:
        firsts.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + size), chain_end]
    fat += [free] * (fat_size * 128 - len(fat))
    directory = _entry("Root Entry", 5, 1, chain_end, 0, class_id)
    for index, (name, content) in enumerate(zip(names, contents, strict=True), 1):
        directory += _entry(name, 2, free, firsts[index], len(content), right=index + 1 if index < len(names) else free)
    directory += bytes(directory_size * SECTOR - len(directory))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + pack("<16xHHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_size,
        firsts[0], 0, 4096, chain_end, 0, chain_end, 0)  # fmt: skip
    header += pack("<109I", *range(fat_size), *[free] * (109 - fat_size))
    return header + pack(f"<{len(fat)}I", *fat) + directory + b"".join(contents)


def _entry(name, kind, child, first, size, class_id=bytes(16), right=0xFFFFFFFF):
    raw = name.encode("utf-16-le") + b"\0\0"
    head = raw.ljust(64, b"\0") + pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, right, child)
    return head + class_id + pack("<I16xII4x", 0, first, size)
