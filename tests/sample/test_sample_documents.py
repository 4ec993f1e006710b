"""The attachments of the sample portal: built from the manifest, the same bytes again, and readable as what they are."""

from __future__ import annotations

import io

import docx
import pypdfium2
import pytest

from sample.build_documents import FONT, as_docx, as_pdf
from sample.manifest import DOCUMENTS, load

PAIRS = [(report, name) for report in load().reports for name in report.files]
PDFS = [(report, name) for report, name in PAIRS if name.endswith(".pdf")]
WORDS = [(report, name) for report, name in PAIRS if name.endswith(".docx")]


def _label(value):
    return value if isinstance(value, str) else f"{value.issuer}-{value.year}"


@pytest.mark.parametrize(("report", "name"), WORDS, ids=_label)
def test_a_word_file_is_built_again_with_the_same_content(report, name):
    again, kept = (
        docx.Document(io.BytesIO(data)) for data in (as_docx(report.as_attached), (DOCUMENTS / name).read_bytes())
    )
    assert again.element.xml == kept.element.xml


@pytest.mark.parametrize(("report", "name"), WORDS, ids=_label)
def test_a_word_file_prints_every_row_of_its_report(report, name):
    _, requests, disputes = docx.Document(str(DOCUMENTS / name)).tables
    numbers = [[cell.text for cell in row.cells[-7:]] for row in requests.rows[3:]]
    cells = [str(value) for key, value in report.cells.items() if key.startswith("requests.")]
    assert [number for row in numbers for number in row] == cells
    routes = [str(value) for key, value in report.cells.items() if key.startswith("disputes.")]
    assert [cell.text for cell in disputes.rows[-1].cells] == routes


@pytest.mark.skipif(
    not FONT.exists(), reason="needs the font named in sample/build_documents.py (fonts-droid-fallback)"
)
@pytest.mark.parametrize(("report", "name"), PDFS, ids=_label)
def test_a_pdf_is_built_again_with_the_same_bytes(report, name):
    assert as_pdf(report.as_attached) == (DOCUMENTS / name).read_bytes()


@pytest.mark.parametrize(("report", "name"), PDFS, ids=_label)
def test_a_pdf_prints_its_numbers_in_order_over_several_pages(report, name):
    pdf = pypdfium2.PdfDocument(DOCUMENTS / name)
    words = "\n".join(page.get_textpage().get_text_range() for page in pdf).split()
    assert len(pdf) > 1
    outcome = [str(report.cells[f"requests.outcome_total.{c}"]) for c in ("natural_person", "enterprise", "research")]
    assert any(words[at : at + 3] == outcome for at in range(len(words)))


def test_the_files_are_light():
    assert sum(path.stat().st_size for path in DOCUMENTS.iterdir()) < 3_000_000
