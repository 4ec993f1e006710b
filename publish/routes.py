"""The addresses of our pages. They come before Datasette's own."""

from __future__ import annotations

from publish import report_page

ROUTES = [
    (r"/report/(?P<key>[a-z0-9]+)\.json$", report_page.report_json),
    (r"/report/(?P<key>[a-z0-9]+)$", report_page.report_page),
]
