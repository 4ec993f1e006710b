"""Chinese text made searchable: single characters with spaces between them, so that a phrase of them is any word.

The index and every query go through the same function, so words of two characters (许可, 复议) are found like
long ones.
"""

from __future__ import annotations

import re
import unicodedata

_HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"(?=[^\W_])[{_HAN}]|[^\W_{_HAN}]+")


def unigrams(text: str) -> str:
    """Characters of Chinese apart, other words whole, lower case, no punctuation.

    >>> unigrams("行政许可 295件，PDF")
    '行 政 许 可 295 件 pdf'
    """
    return " ".join(_TOKEN.findall(unicodedata.normalize("NFKC", text).lower()))


def fts_query(words: str) -> str:
    """What a person typed as an FTS5 query: each word as a phrase, all of them required; empty if nothing is left.

    >>> fts_query("许可 2023")
    '"许 可" "2023"'
    """
    phrases = (unigrams(word) for word in words.replace('"', " ").split())
    return " ".join(f'"{phrase}"' for phrase in phrases if phrase)
