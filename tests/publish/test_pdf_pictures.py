"""A PDF that is damaged, crashes the library or never ends costs one picture."""

import subprocess
import sys

import pytest

from publish import pdf_pictures
from publish.pdf_pictures import PictureError, Sheet, draw, measure

PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] >>"


def pdf(page=PAGE):
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + b"xref\n0 4\n0000000000 65535 f \n%strailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        rows,
        len(body),
    )


def test_a_page_is_measured_as_it_is_shown():
    assert measure(pdf(), 1) == Sheet(300, 200, 1)
    assert measure(pdf(PAGE.replace(b">>", b"/Rotate 90 >>")), 1) == Sheet(200, 300, 1)


@pytest.mark.parametrize("data", [b"", b"no pdf", pdf()[:120]])
def test_what_is_no_whole_pdf_is_refused_with_its_reason(data):
    with pytest.raises(PictureError, match="cannot be opened"):
        draw(data, 1)


@pytest.mark.parametrize("page", [0, 2, 99999])
def test_a_page_that_is_not_there_is_named(page):
    with pytest.raises(PictureError, match=f"no page {page}: the document has 1"):
        draw(pdf(), page)


def test_a_file_on_which_the_library_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(pdf_pictures, "SECONDS", 0.001)
    with pytest.raises(PictureError, match="not drawn within"):
        draw(pdf(), 1)


def test_a_crash_of_the_library_is_one_picture_less(monkeypatch):
    def crashing(_command, **options):
        return subprocess.CompletedProcess(_command, -11, b"", b"")

    monkeypatch.setattr(pdf_pictures.subprocess, "run", crashing)
    with pytest.raises(PictureError, match="gave up"):
        draw(pdf(), 1)


def test_the_site_itself_never_loads_the_library():
    loaded = "import publish.serve, publish.routes, sys; print('pypdfium2' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "False\n"
    )
