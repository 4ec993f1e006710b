"""Labels made comparable: what is printed loses its spaces, line breaks, numbering and punctuation, never its words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

_NUMBERING = re.compile(
    r"^(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.:]|\(?\d{1,2}\)|\d{1,2}[、.])"
)
# White space, controls, and the format characters (Unicode category Cf) that pages carry.
_UNSEEN = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+"
)
_SHORT = 100
_NOT_WORDS = re.compile(r"[^\w]|_")


def squeeze(text: str) -> str:
    r"""Without white space and invisible characters, in compatibility form (full-width digits become plain ones).

    >>> squeeze("２０２３ 年\n度")
    '2023年度'
    """
    if len(text) > _SHORT:
        return _squeeze_long(text)
    return text if text.isascii() and text.isalnum() else _squeeze_short(text)


def _squeeze(text: str) -> str:
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text))


_squeeze_long = lru_cache(maxsize=4)(_squeeze)  # the text of one document, which several questions are asked of
_squeeze_short = lru_cache(maxsize=8192)(_squeeze)  # the cells of tables: few texts, met over and over


@lru_cache(maxsize=8192)
def words(text: str) -> str:
    """A label's words alone: no white space, no leading numbering, no punctuation.

    >>> words("（二）部分公开（区分处理的，只计这一情形）")
    '部分公开区分处理的只计这一情形'
    >>> words("3. 危及“三安全一稳定”")
    '危及三安全一稳定'
    """
    plain = squeeze(text)
    return _NOT_WORDS.sub("", _NUMBERING.sub("", plain))


@lru_cache(maxsize=65536)
def likeness(left: str, right: str) -> float:
    """How alike two labels' words are, 0 to 1.

    A label that is a whole beginning of the other, of at least six characters, was cut off or continued: 0.92.

    >>> likeness("予以公开", "予以公开")
    1.0
    >>> likeness("要求提供公开出版", "要求提供公开出版物") > 0.9
    True
    """
    if not left or not right:
        return 0.0
    score = fuzz.ratio(left, right) / 100
    shorter, longer = sorted((left, right), key=len)
    if len(shorter) >= 6 and longer.startswith(shorter):
        return max(score, 0.92)
    return score
