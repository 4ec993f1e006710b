import quopri
from email.message import EmailMessage

import pytest

from crawler.sniff import MHTML, media_type
from extract.decode import DamagedDocument, decode

ROW = "<tr><td colspan=3>行政许可</td><td>295</td></tr>"
PAGE = f"<html><head><meta charset=gb2312></head><body><table>{ROW}</table></body></html>"


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64"])
@pytest.mark.parametrize("charset", ["gb18030", "utf-8"])
def test_the_page_in_a_web_archive_is_read(transfer, charset):
    message = EmailMessage()
    message["From"] = "<Saved by Word>"
    message.set_content(PAGE, subtype="html", charset=charset, cte=transfer)
    message.make_related()
    message.add_related(b"\x89PNG", maintype="image", subtype="png")
    document = decode(message.as_bytes())
    assert document.media_type == MHTML
    (row,) = next(document.tables()).rows
    assert [(cell.text, cell.columns) for cell in row] == [("行政许可", 3), ("295", 1)]


def test_word_begins_with_the_version_and_no_address():
    body = quopri.encodestring(PAGE.encode("gbk")).decode()
    head = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\nprose\n\n'
    part = "--b\nContent-Location: file:///C:/a.htm\nContent-Transfer-Encoding: quoted-printable\n"
    part += 'Content-Type: text/html; charset="gb2312"\n\n'
    assert "295" in decode(f"{head}{part}{body}\n--b--\n".encode()).text


def test_an_archive_without_a_page_is_damaged():
    with pytest.raises(DamagedDocument, match="without a page"):
        decode(b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b--\n")


def test_a_text_or_page_with_colons_is_no_archive():
    assert media_type("联系人: 甲\n电话: 1\nMIME\n".encode()) == "text/plain"
    assert media_type(PAGE.encode()) == "text/html"
