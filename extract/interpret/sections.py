"""The six sections' text, found by their headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extract.interpret.labels import likeness, squeeze, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.forms import FormSection

_HEADING = re.compile(r"([一二三四五六])[、,.:：]?(.+)")
_SAME_HEADING = 0.75
# What a page prints below an article: the text of the last section ends before it.
_AFTER = re.compile(
    r"(?:主办|承办|主管|版权所有|网站标识码|网站地图|打印|【?关闭|【?打印|上一篇|下一篇|分享到?|扫一扫|相关(?:链接|附件)|附件\s*[:：])"
    r"|.{0,12}ICP备|.{0,12}公网安备"
)


def find_headings(paragraphs: Sequence[str], sections: Sequence[FormSection]) -> list[tuple[int, FormSection, str]]:
    """Where each section begins: (paragraph index, section, what of the paragraph follows the heading), in order.

    The last run of headings in the form's order counts, so that a table of contents is not taken for the sections.
    """
    found: dict[str, tuple[int, FormSection, str]] = {}
    for index, paragraph in enumerate(paragraphs):
        for section in sections:
            rest = _begins(paragraph, section)
            if rest is not None:
                found[section.key] = (index, section, rest)
                break
    in_order: list[tuple[int, FormSection, str]] = []
    for section in sections:
        item = found.get(section.key)
        if item and (not in_order or item[0] >= in_order[-1][0]):
            in_order.append(item)
    return in_order


def _begins(paragraph: str, section: FormSection) -> str | None:
    """What follows the section's heading in a paragraph that begins with it; None if it does not."""
    plain = squeeze(paragraph)
    if words(plain) in map(words, section.labels):  # numbered by the word processor: the number is not in the text
        return ""
    match = _HEADING.match(plain)
    if match is None or match[1] != section.number:
        return None
    body = match[2]
    for label in section.labels:
        name = words(label)
        if len(body) <= len(name) + 8 and likeness(words(body), name) >= _SAME_HEADING:
            return ""
        if words(body[: len(name) + 4]).startswith(name):
            end = next(i for i in range(len(body) + 1) if words(body[:i]) == name)
            return body[end:].lstrip("。,.:： ")
    return None


def read_sections(paragraphs: Sequence[str], headings: Sequence[tuple[int, FormSection, str]]) -> dict[str, str]:
    """Section key -> its paragraphs, a line each; only sections whose heading is printed."""
    ends = [*[index for index, _, _ in headings[1:]], end_of_report(paragraphs, headings)][: len(headings)]
    return {
        section.key: "\n".join(line for line in [rest, *paragraphs[index + 1 : end]] if line)
        for (index, section, rest), end in zip(headings, ends, strict=True)
    }


def end_of_report(paragraphs: Sequence[str], headings: Sequence[tuple[int, FormSection, str]]) -> int:
    """The paragraph after the last section from which on the page speaks for itself; their number if there is none."""
    after = (i for i, line in enumerate(paragraphs) if headings and i > headings[-1][0] and _AFTER.match(line))
    return next(after, len(paragraphs))
