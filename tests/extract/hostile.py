"""Documents made to break their reader: small files that unfold, nest, lie about their size or point elsewhere.

``HOSTILE`` gives each a name, its bytes and what must come of it. A new format joins by a line for each of its dangers.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from itertools import pairwise

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


def docx_with_media(megabytes):
    file = io.BytesIO(docx(_PARAGRAPH))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package, package.open("word/media/a.png", "w") as member:
        for _ in range(megabytes):
            member.write(bytes(1 << 20))
    return file.getvalue()


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


_IMAGE = b"/Type/XObject/Subtype/Image/Width 60000/Height 30000/BitsPerComponent 8/ColorSpace/DeviceRGB/Length 3"
_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>/Length 12"
# On a slow machine the time may be up before the memory is.
_BEYOND = r"more than \d+ MB of memory|process died on this document \(SIGABRT|took longer than"

HOSTILE = [
    Hostile("docx-zeros", lambda: docx_with_media(300), "unpacks to 314 MB"),
    Hostile("docx-lying-size", lambda: lying(docx(_PARAGRAPH * 500_000), "word/document.xml"), "a DOCX that cannot be"),
    Hostile("docx-vast-tree", lambda: docx(_PARAGRAPH * 4_000_000), _BEYOND),
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
    Hostile("html-vast", lambda: b"<html><table><tr>" + b"<td>1" * 5_000_000, _BEYOND),
    Hostile(
        "html-spans", lambda: b"<html><table>" + (b"<tr>" + b"<td colspan=100 rowspan=100>1" * 1000) * 300, _BEYOND
    ),
    Hostile("html-attributes", lambda: b"<html><p " + b" ".join(b"a%d=1" % i for i in range(400_000)) + b">x", _BEYOND),
    Hostile("text-vast", lambda: "行政\t1\t2\n".encode() * 4_000_000, _BEYOND),
    Hostile("text-tabs", lambda: "行\n".encode() + b"\t" * 20_000_000, _BEYOND),
    Hostile("mht-nested", lambda: nested_mime(3000), "parts within parts"),
    Hostile("pdf-ten-thousand-pages", lambda: pdf(_HELLO, pages=10_000), "10000 pages is no annual report"),
    Hostile("pdf-vast-image", lambda: pdf_with(_IMAGE, b"abc"), "hello"),
    Hostile("pdf-image-in-itself", lambda: pdf_with(_FORM, b"/X Do /X Do "), f"{_BEYOND}|hello"),
    Hostile("pdf-vast-stream", lambda: pdf(_HELLO + b" " * (600 << 20)), _BEYOND),
    Hostile("pdf-many-strokes", lambda: pdf(_HELLO + b"0 0 m 9 9 l S " * 10_000_000), _BEYOND),
    Hostile("png-vast", lambda: png(60_000, 60_000), "a picture"),
]
