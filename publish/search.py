"""``/search?q=``: reports by words of any length, newest first, with the words marked in their text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.search_text import fts_query, unigrams
from publish.pages import page, page_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from datasette.utils.asgi import Request, Response

    from publish.site import PublicSite, Row

PAGE = 20
MOST_PAGES = 500
_AROUND = 60
_MOST_QUERY = 200
_HAN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

# By rowid, not by rank: bm25 over a million reports takes seconds, the newest take milliseconds.
_FOUND = """
    select r.report_key, r.issuer_printed, r.year, r.title, r.current_reading_id, d.form
    from (select rowid from reports_fts where reports_fts match ? order by rowid desc limit ? offset ?) hits
    join reports r on r.id = hits.rowid join readings d on d.id = r.current_reading_id order by r.id desc"""
_COUNT = "select count(*) as n from (select 1 from reports_fts where reports_fts match ? limit 10001)"
_SECTIONS = "select key, text from sections where reading_id = ? order by key"

Piece = tuple[str, bool]
"""A stretch of text, and whether it is what was searched for."""


async def search_page(request: Request, datasette: PublicSite) -> Response:
    """The page of results; without words, only the box."""
    q = (request.args.get("q") or "").strip()[:_MOST_QUERY]
    query = fts_query(q)
    number = page_number(request, MOST_PAGES)
    results, count = [], 0
    if query:
        rows = await datasette.rows(_FOUND, [query, PAGE + 1, (number - 1) * PAGE])
        counted = await datasette.row(_COUNT, [query])
        count = counted["n"] if counted else 0
        phrases = [unigrams(word).split() for word in q.replace('"', " ").split() if unigrams(word)]
        results = [await _result(datasette, row, phrases) for row in rows[:PAGE]]
        has_more = len(rows) > PAGE
    else:
        has_more = False
    context = {
        "q": q,
        "results": results,
        "count": count,
        "is_many": count > 10000,
        "page_number": number,
        "has_more": has_more,
        "is_empty_query": bool(q) and not query,
    }
    return await page(datasette, request, "gongkai_search.html", context)


async def _result(site: PublicSite, row: Row, phrases: Sequence[Sequence[str]]) -> Row:
    sections = await site.rows(_SECTIONS, [row["current_reading_id"]])
    found = (snippet(section["text"], phrases) for section in sections)
    excerpt = next((pieces for pieces in found if pieces), ())
    return {**row, "heading": marked(row["title"] or row["issuer_printed"], phrases), "excerpt": excerpt}


@dataclass(frozen=True, slots=True)
class Token:
    """A searchable token (one Chinese character, or a word) and where it stands in the text."""

    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of extract.search_text.unigrams, each with its place in the text as written."""
    word, begin, end = "", 0, 0
    for index, character in enumerate(text):
        for plain in unicodedata.normalize("NFKC", character).lower():
            is_han = bool(_HAN.match(plain))
            if is_han or not plain.isalnum():
                if word:
                    yield Token(word, begin, end)
                word = ""
                if is_han:
                    yield Token(plain, index, index + 1)
            else:
                begin = begin if word else index
                word, end = word + plain, index + 1
    if word:
        yield Token(word, begin, end)


def matches(text: str, phrases: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Where the phrases stand, as spans of the text, joined where they overlap.

    >>> matches("行政许可，许 可", [["许", "可"]])
    [(2, 4), (5, 8)]
    """
    all_tokens = list(tokens(text))
    names = [token.text for token in all_tokens]
    spans = sorted(
        (all_tokens[i].start, all_tokens[i + len(phrase) - 1].end)
        for phrase in phrases
        for i in range(len(names) - len(phrase) + 1)
        if names[i] == phrase[0] and names[i : i + len(phrase)] == list(phrase)
    )
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def marked(text: str, phrases: Sequence[Sequence[str]]) -> tuple[Piece, ...]:
    """The whole text in pieces, those searched for marked."""
    return _pieces(text, matches(text, phrases), 0, len(text))


def snippet(text: str, phrases: Sequence[Sequence[str]]) -> tuple[Piece, ...]:
    """The text around the first match; nothing if there is none."""
    spans = matches(text, phrases)
    if not spans:
        return ()
    start = max(0, spans[0][0] - _AROUND)
    end = min(len(text), max(spans[0][1], start) + 2 * _AROUND)
    pieces = _pieces(text, [span for span in spans if span[0] >= start and span[1] <= end], start, end)
    return (*([("…", False)] if start else []), *pieces, *([("…", False)] if end < len(text) else []))


def _pieces(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for begin, stop in spans:
        pieces += [(text[start:begin], False), (text[begin:stop], True)]
        start = stop
    pieces.append((text[start:end], False))
    return tuple(piece for piece in pieces if piece[0])
