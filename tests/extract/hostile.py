"""Documents made to break their reader: small files that unfold, nest, lie about their size or point elsewhere.

``HOSTILE`` gives each a name, its bytes and what must come of it. A new format joins by a line for each of its dangers.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from itertools import pairwise

from tests.extract.decode.workbooks import MAIN, xlsx

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DOCX_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_DOCX_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_PARAGRAPH = "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
_FONT = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
_HELLO = b"BT /F 10 Tf 100 700 Td (hello) Tj ET "


@dataclass(frozen=True)
class Hostile:
    """``make``: its bytes. ``outcome``: a pattern that its reading's error or its text must match."""

    name: str
    make: object
    outcome: str


def laughing(root="x", count=10):
    """A document type whose entity ``&k;`` unfolds to 10 ** count characters."""
    names = "abcdefghijk"[: count + 1]
    entities = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names))
    return f'<!DOCTYPE {root} [<!ENTITY a "ha">{entities}]>'


def pointing(url, root="x"):
    """A document type that points to an address three times: as its own, as an entity, as a parameter entity."""
    return f'<!DOCTYPE {root} SYSTEM "{url}" [<!ENTITY % p SYSTEM "{url}"> %p; <!ENTITY k SYSTEM "{url}">]>'


def packed(parts):
    """A ZIP of name -> text or bytes, well compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def lying(data, name, size=1000):
    """The ZIP with another unpacked size written beside that member, in both of the places."""
    lied = bytearray(data)
    for magic, name_at, size_at in ((b"PK\3\4", 30, 22), (b"PK\1\2", 46, 24)):
        start = lied.find(magic)
        while start >= 0 and lied[start + name_at : start + name_at + len(name)] != name.encode():
            start = lied.find(magic, start + 1)
        lied[start + size_at : start + size_at + 4] = struct.pack("<I", size)
    return bytes(lied)


def docx(body, doctype="", **parts):
    xml = f"{doctype}<w:document {_WORD}><w:body>{body}</w:body></w:document>"
    names = {"[Content_Types].xml": _DOCX_TYPES, "_rels/.rels": _DOCX_RELATIONS, "word/document.xml": xml}
    return packed({**names, **parts})


def pdf(content, *, pages=1, resources=_FONT, more=()):
    """A PDF whose pages share one content stream; ``more``: objects, from number 4 on."""
    packed_content = zlib.compress(content)
    first = 4 + len(more)
    kids = " ".join(f"{first + page} 0 R" for page in range(pages))
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<<{resources}>>>>"
    stream = b"<</Filter/FlateDecode/Length %d>>stream\n" % len(packed_content) + packed_content + b"\nendstream"
    tree = f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode()
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", tree, stream, *more, *[page.encode()] * pages]
    out, offsets = io.BytesIO(b""), []
    out.write(b"%PDF-1.7\n")
    for number, content_of in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n" % number + content_of + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def pdf_with(entry, stream):
    return pdf(
        _HELLO + b"/X Do",
        resources=_FONT + "/XObject<</X 4 0 R>>",
        more=[b"<<%s>>stream\n%s\nendstream" % (entry, stream)],
    )


def png(width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    framed = (struct.pack(">I", len(c)) + kind + c + struct.pack(">I", zlib.crc32(kind + c)) for kind, c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def nested_mime(depth):
    part = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
    return b"MIME-Version: 1.0\n" + b"".join(part % (level, level) for level in range(depth))


def zeros_as(name, megabytes, **parts):
    """A ZIP of these parts, and one of as many megabytes of zeros."""
    file = io.BytesIO(packed(parts))
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open(name, "w") as member,
    ):
        for _ in range(megabytes):
            member.write(bytes(1 << 20))
    return file.getvalue()


_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_OFD = "http://www.ofdspec.org/2016"
_MIME = {"mimetype": "application/vnd.oasis.opendocument.text"}
_IN_ODT = f'xmlns:office="{_ODF}:office:1.0" xmlns:text="{_ODF}:text:1.0" xmlns:table="{_ODF}:table:1.0"'


def stored_first(parts):
    """As an OpenDocument package: the first member says what it is, and is not packed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for number, (name, content) in enumerate(parts.items()):
            package.writestr(name, content, zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED)
    return file.getvalue()


def odt(body, doctype=""):
    office = f"<office:body><office:text>{body}</office:text></office:body>"
    return stored_first(
        {**_MIME, "content.xml": f"{doctype}<office:document-content {_IN_ODT}>{office}</office:document-content>"}
    )


def ofd(pages=1, page="", doctype="", root="Doc.xml"):
    listed = "".join(f'<ofd:Page ID="{n + 9}" BaseLoc="Page.xml"/>' for n in range(pages))
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    name = f'xmlns:ofd="{_OFD}"'
    return packed(
        {
            "OFD.xml": f"{doctype}<ofd:OFD {name}><ofd:DocBody><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc.xml": f"<ofd:Document {name}><ofd:CommonData>{area}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
            "Page.xml": f'<ofd:Page {name}>{area}<ofd:Content><ofd:Layer ID="3">{page}</ofd:Layer></ofd:Content></ofd:Page>',
        }
    )


def sheet(rows, doctype=""):
    """An XLSX of one sheet; ``rows``: the content of its sheetData."""
    return xlsx(f'{doctype}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>')


def nested_zips(depth, width):
    data = packed({"a.txt": "x"})
    for _ in range(depth):
        data = packed({f"{number}.zip": data for number in range(width)})
    return data


_GLYPHS = '<ofd:TextObject ID="7" Boundary="0 0 9 9" Size="3"><ofd:TextCode X="0" Y="3" DeltaX="g 999999999 1">1</ofd:TextCode></ofd:TextObject>'
_IMAGE = b"/Type/XObject/Subtype/Image/Width 60000/Height 30000/BitsPerComponent 8/ColorSpace/DeviceRGB/Length 3"
_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>/Length 12"
# On a slow machine the time may be up before the memory is.
_BEYOND = r"more than \d+ MB of memory|process died on this document \(SIGABRT|took longer than"

_REPEATS = (
    '<table:table><table:table-row table:number-rows-repeated="%s"><table:table-cell table:number-columns-repeated="%s">'
    "<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
)

HOSTILE = [
    Hostile("docx-zeros", lambda: zeros_as("word/document.xml", 300), "unpacks to 314 MB"),
    Hostile("docx-lying-size", lambda: lying(docx(_PARAGRAPH * 500_000), "word/document.xml"), "a DOCX that cannot be"),
    Hostile(
        "docx-lying-vastly",
        lambda: lying(zeros_as("word/document.xml", 400), "word/document.xml"),
        f"{_BEYOND}|a DOCX that cannot be",
    ),
    Hostile("docx-vast-tree", lambda: docx(_PARAGRAPH * 2_000_000), _BEYOND),
    Hostile(
        "docx-laughs", lambda: docx("<w:p><w:r><w:t>&k;</w:t></w:r></w:p>", laughing()), "cannot be opened|no text"
    ),
    Hostile("docx-laughs-in-an-attribute", lambda: docx('<w:p w:a="&k;"/>', laughing()), "cannot be opened"),
    Hostile(
        "docx-deep", lambda: docx("<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000), "cannot be opened"
    ),
    Hostile("xml-laughs", lambda: b'<?xml version="1.0"?>%s<x>&k;</x>' % laughing().encode(), "^[^h]*&k;[^h]*$"),
    Hostile("html-laughs", lambda: b"%s<html><p>&k;</p></html>" % laughing("html").encode(), "&k;"),
    Hostile("html-deep", lambda: b"<html>" + b"<div>" * 1_000_000, "nests deeper"),
    Hostile("html-vast", lambda: b"<html><table><tr>" + b"<td>1" * 3_000_000, _BEYOND),
    Hostile(
        "html-spans", lambda: b"<html><table>" + (b"<tr>" + b"<td colspan=100 rowspan=100>1" * 1000) * 300, _BEYOND
    ),
    Hostile("html-attributes", lambda: b"<html><p " + b" ".join(b"a%d=1" % i for i in range(400_000)) + b">x", _BEYOND),
    Hostile("text-vast", lambda: "行政\t1\t2\n".encode() * 2_000_000, _BEYOND),
    Hostile("mht-nested", lambda: nested_mime(1500), "parts within parts"),
    Hostile("pdf-ten-thousand-pages", lambda: pdf(_HELLO, pages=10_000), "10000 pages is no annual report"),
    Hostile("pdf-vast-image", lambda: pdf_with(_IMAGE, b"abc"), "hello"),
    Hostile("pdf-image-in-itself", lambda: pdf_with(_FORM, b"/X Do /X Do "), f"{_BEYOND}|hello"),
    Hostile("pdf-vast-stream", lambda: pdf(_HELLO + b" " * (300 << 20)), _BEYOND),
    Hostile("pdf-many-strokes", lambda: pdf(_HELLO + b"0 0 m 9 9 l S " * 5_000_000), _BEYOND),
    Hostile("odt-laughs", lambda: odt("<text:p>&k;</text:p>", laughing()), "OpenDocument file with damaged|no text"),
    Hostile("odt-repeats", lambda: odt(_REPEATS % ("1" * 9, "1" * 9)), "more cells than any annual report"),
    Hostile(
        "odt-spaces", lambda: odt('<text:p>x<text:s text:c="999999999"/>y</text:p>'), f"{_BEYOND}|^x\\s+y$|damaged"
    ),
    Hostile("odt-deep", lambda: odt("<text:section>" * 3000 + "</text:section>" * 3000), "damaged"),
    Hostile("odt-vast-tree", lambda: odt("<text:p>x</text:p>" * 6_000_000), f"{_BEYOND}|unpacks to"),
    Hostile("odt-zeros", lambda: zeros_as("content.xml", 300, **_MIME), "unpacks to|holds no"),
    Hostile("ofd-laughs", lambda: ofd(doctype=laughing(), root="&k;"), "OFD that cannot be read"),
    Hostile("ofd-ten-thousand-pages", lambda: ofd(10_000), "10000 pages are no annual report"),
    Hostile("ofd-repeats", lambda: ofd(page=_GLYPHS * 2000), "OFD that cannot|no text|^1"),
    Hostile(
        "xlsx-laughs",
        lambda: sheet('<row r="1"><c r="A1"><v>&k;</v></c></row>', laughing()),
        "XLSX that cannot|no text|opened",
    ),
    Hostile(
        "xlsx-far-corner",
        lambda: sheet('<row r="1"><c r="A1"><v>5</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "no annual report",
    ),
    Hostile(
        "xlsx-vast",
        lambda: sheet('<row r="1"><c r="A1"><v>1</v></c></row>' * 2_000_000),
        f"{_BEYOND}|larger|unpacks|cannot be opened",
    ),
    Hostile("rtf-deep", lambda: b"{\\rtf1 x" + b"{" * 5_000_000, "nested deeper"),
    Hostile("rtf-rows", lambda: b"{\\rtf1 " + b"\\trowd\\cellx1\\intbl 1\\cell\\row " * 300_000 + b"}", _BEYOND),
    Hostile("rtf-binary", lambda: b"{\\rtf1 x\\bin999999999 y}", "^x$"),
    Hostile("ole-empty", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "cut off"),
    Hostile("ole-loops", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1\0\0\0" * 100_000, "cut off"),
    Hostile("zip-zeros", lambda: zeros_as("a.txt", 500), "too large"),
    Hostile("zip-of-zips", lambda: nested_zips(5, 10), "a ZIP without a document"),
    Hostile("zip-many", lambda: packed({f"{number}.txt": "x" for number in range(20_000)}), "^x$|too many"),
    Hostile("png-vast", lambda: png(60_000, 60_000), "a picture"),
]
