"""XLSX packages and XLS streams written cell by cell, so that a test can say what no office program would."""

from __future__ import annotations

import io
import struct
import zipfile

from extract.decode.compound_file import wrap_stream

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
DATE = 1


def reference(row, column):
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def xlsx_cell(row, column, value):
    """None is a stored blank cell; a tuple is an element's attributes and content as they are."""
    at = f'r="{reference(row, column)}"'
    if value is None:
        return f'<c {at} s="0"/>'
    if isinstance(value, tuple):
        return f"<c {at} {value[0]}>{value[1]}</c>"
    if isinstance(value, str):
        return f'<c {at} t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c {at}><v>{value!r}</v></c>"


def sheet_xml(cells, merged=(), before="", hidden_rows=()):
    """``cells``: (row, column) -> value. Merged: (top, left, bottom, right), all counted from 0."""
    rows = []
    for number in sorted({row for row, _ in cells} | set(hidden_rows)):
        inside = "".join(xlsx_cell(r, c, v) for (r, c), v in sorted(cells.items()) if r == number)
        hidden = ' hidden="1"' if number in hidden_rows else ""
        rows.append(f'<row r="{number + 1}"{hidden}>{inside}</row>')
    ranges = "".join(f'<mergeCell ref="{reference(t, le)}:{reference(b, r)}"/>' for t, le, b, r in merged)
    merges = f"<mergeCells>{ranges}</mergeCells>" if ranges else ""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{"".join(rows)}</sheetData>{merges}</worksheet>'


def xlsx(*sheets, states=None, parts=None):
    """A package of these sheets. ``states``: the attribute of each that is hidden; ``parts``: more parts, or others."""
    states = states or [""] * len(sheets)
    names = "".join(
        f'<sheet name="S{i}" sheetId="{i + 1}" r:id="r{i}"{f" state={state!r}" if state else ""}/>'
        for i, state in enumerate(states)
    )
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(len(sheets))
    )
    package = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}'
        f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{i}.xml": sheet for i, sheet in enumerate(sheets)},
        **(parts or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as members:
        for name, content in package.items():
            members.writestr(name, content)
    return file.getvalue()


def record(kind, content=b""):
    return struct.pack("<HH", kind, len(content)) + content


def xls_cell(row, column, value):
    """None is a stored blank cell; a tuple is a record's number and what follows row, column and format."""
    at = struct.pack("<HHH", row, column, 0)
    if value is None:
        return record(0x201, at)
    if isinstance(value, tuple):
        return record(value[0], at + value[1])
    if isinstance(value, str):
        return record(0x204, at + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return record(0x203, at + struct.pack("<d", value))


def xls_stream(*sheets, states=None, more=b"", in_sheets=b""):
    """BIFF8: the workbook's records, then the sheets'. ``more``: records of the workbook, ``in_sheets``: of each."""
    states = states or [0] * len(sheets)
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    bodies = []
    for cells, merged in sheets:
        ranges = b"".join(struct.pack("<HHHH", t, b, le, r) for t, le, b, r in merged)
        body = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + in_sheets
        body += b"".join(xls_cell(r, c, v) for (r, c), v in sorted(cells.items()))
        body += record(0xE5, struct.pack("<H", len(merged)) + ranges) if merged else b""
        bodies.append(body + record(0x0A))
    names = [f"S{i}".encode("utf-16-le") for i in range(len(sheets))]
    head = len(begin) + len(more) + sum(4 + 8 + len(name) for name in names) + 4
    starts = [head + sum(map(len, bodies[:i])) for i in range(len(bodies))]
    listed = b"".join(
        record(0x85, struct.pack("<IBBBB", start, state, 0, len(name) // 2, 1) + name)
        for start, state, name in zip(starts, states, names, strict=True)
    )
    return begin + more + listed + record(0x0A) + b"".join(bodies)


def xls(*sheets, name="Workbook", **how):
    return wrap_stream(name, xls_stream(*sheets, **how))
