"""The addresses of our pages. They come before Datasette's own."""

from __future__ import annotations

from publish import decided, document_page, download, evidence, home, inventory, originals, report_page, search

_REPORT = r"/report/(?P<key>[A-Za-z0-9]+)"
_SHA256 = r"(?P<sha256>[0-9A-Za-z]+)"

ROUTES = [
    (r"/$", home.home_page),
    (r"/search$", search.search_page),
    (_REPORT + r"\.json$", report_page.report_json),
    (_REPORT + r"$", report_page.report_page),
    (_REPORT + r"/cell/(?P<cell>[a-z0-9_.]+)$", evidence.evidence_page),
    (_REPORT + r"/cell/(?P<cell>[a-z0-9_.]+)/original$", evidence.outlined_page),
    (r"/document/" + _SHA256 + r"$", document_page.document_page),
    (r"/original/" + _SHA256 + r"$", originals.original),
    (r"/original/" + _SHA256 + r"/page/(?P<page>[0-9]{1,6})(?:\.png)?$", originals.page_picture),
    (r"/withheld$", decided.withheld_page),
    (r"/archive\.db$", download.database),
    (r"/-/databases(?:\.json)?$", inventory.databases),
    (r"/robots\.txt$", inventory.robots),
]
