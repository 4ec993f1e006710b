"""Whatever the bytes are, decode gives a Document or one clear line."""

import io
import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.sniff import ZIP, media_type
from extract.decode import (
    DECODERS,
    DamagedDocument,
    DecodeError,
    EmptyDocument,
    EncryptedDocument,
    UnsupportedFormat,
    decode,
)
from extract.records import Document

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def a_zip(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, content in members.items():
            package.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", EmptyDocument, "empty"),
        (b" \r\n\t", EmptyDocument, "empty"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), EncryptedDocument, "password"),
        (OLE + "Workbook".encode("utf-16-le"), UnsupportedFormat, "not read yet"),
        (b"Rar!\x1a\x07\x01" + bytes(9), UnsupportedFormat, "rar is not read yet"),
        (a_zip(content_xml="<office:body><office:text>"), DamagedDocument, "OpenDocument"),
        (b"\xff\xd8\xff\xe0" + bytes(64), DecodeError, "picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), DecodeError, "picture"),
        (random.Random(5).randbytes(4000), UnsupportedFormat, "no document"),
        (a_zip(readme_txt="x"), UnsupportedFormat, "zip"),
        (a_zip(xl__workbook_xml="<x/>"), DamagedDocument, "XLSX"),
        (a_zip(content_xml="<x/>"), UnsupportedFormat, "not read yet"),
        (a_zip(word__document_xml="<w"), DamagedDocument, "DOCX"),
        (b"%PDF-1.7\n1 0 obj\n<<", DamagedDocument, "cut off"),
    ],
)
def test_each_kind_of_trouble_has_its_own_line(data, error, words):
    with pytest.raises(error, match=words) as caught:
        decode(data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"<p>x</p>", "规章\t0".encode(), "<html>年报</html>".encode("gbk"), b"{\\rtf1 x}"])
def test_content_chooses_the_decoder(data):
    document = decode(data)
    assert document.media_type in DECODERS
    assert document.text


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(
        [b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<table>", b"<?xml version='1.0'?>", OLE[:8], b"\t", b"{\\rtf1"]
    ),
)
def test_any_bytes_give_a_document_or_a_decode_error(data, start):
    try:
        assert isinstance(decode(start + data), Document)
    except DecodeError as error:
        assert str(error)  # noqa: PT017  # either outcome is right


@pytest.mark.parametrize(
    "pattern",
    [
        "made/docx/00[0-2].docx",
        "made/pdf/00[0-2].pdf",
        "made/ofd/00[0-2].ofd",
        "made/odt/00[0-2].odt",
        "made/html_bad/000*.html",
    ],
)
def test_flipped_bytes_never_raise_anything_else(corpus, pattern):
    chance = random.Random(7)
    paths = sorted(corpus.glob(pattern))
    assert paths
    for path in paths:
        for _ in range(15):
            data = bytearray(path.read_bytes())
            for _ in range(chance.choice((1, 10, 200))):
                data[chance.randrange(len(data))] = chance.randrange(256)
            try:
                decode(bytes(data))
            except DecodeError as error:
                assert str(error)  # noqa: PT017  # either outcome is right


def test_a_zip_that_stores_a_pdf_as_it_is_is_a_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        package.writestr("a.pdf", b"%PDF-1.7\n%%EOF")
    assert media_type(out.getvalue()) == ZIP
