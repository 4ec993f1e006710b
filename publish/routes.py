"""The addresses of our pages. They come before Datasette's own."""

from __future__ import annotations

from publish import evidence, originals, report_page

_REPORT = r"/report/(?P<key>[a-z0-9]+)"
_CELL = _REPORT + r"/cell/(?P<cell>[a-z0-9_.]+)"
_SHA256 = r"(?P<sha256>[0-9a-f]{64})"

ROUTES = [
    (_REPORT + r"\.json$", report_page.report_json),
    (_REPORT + "$", report_page.report_page),
    (_CELL + "$", evidence.cell_page),
    (_CELL + "/original$", evidence.cell_original),
    (rf"/document/{_SHA256}$", originals.document_page),
    (rf"/original/{_SHA256}$", originals.original),
    (rf"/original/{_SHA256}/page/(?P<page>[0-9]{{1,5}})$", originals.page_png),
]
