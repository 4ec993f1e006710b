"""config/questions/NN-name.sql -> the ready-made questions of the site, and docs/questions.md.

One file is one question. Its head tells it in comments: the title in Chinese, in English, then ``提醒：`` and
``Caution:`` (what must be borne in mind) and ``Reading:`` (how the rows are to be read). The number orders, the name is
the address: ``/archive/<name>``. A parameter (``:year``) that is left empty takes everything.

``python -m publish.questions`` writes the document (``make docs``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "config" / "questions"
DOCUMENT = ROOT / "docs" / "questions.md"
_NAME = re.compile(r"(\d{2})-([a-z_0-9]+)\.sql")
_HEAD = re.compile(r"(?:--[^\n]*\n)+")
_PARAMETER = re.compile(r"(?<![\w:]):([a-z_0-9]+)\b")
_PARTS = ("提醒：", "Caution: ", "Reading: ")


class QuestionError(Exception):
    """A file of config/questions is no question; the message says what is to be mended where."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that people ask, and the query that answers it. ``parameters``: names, in the order of the query."""

    number: int
    name: str
    zh: str
    en: str
    caution_zh: str
    caution: str
    reading: str
    sql: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """What a person may fill in."""
        return tuple(dict.fromkeys(_PARAMETER.findall(self.sql)))


def load_questions(directory: Path = QUESTIONS) -> tuple[Question, ...]:
    """All questions by number.

    Raises:
        QuestionError: a file bears no number and name, two bear the same, or a head lacks a part.
    """
    found = [_question(path) for path in sorted(directory.glob("*.sql"))]
    numbers, names = ({getattr(each, field) for each in found} for field in ("number", "name"))
    if len(numbers) < len(found) or len(names) < len(found):
        raise QuestionError(f"{directory}: two questions bear the same number or name")
    return tuple(found)


def _question(path: Path) -> Question:
    named, text = _NAME.fullmatch(path.name), path.read_text("utf-8")
    head = _HEAD.match(text)
    if not named or not head:
        raise QuestionError(f"{path}: the name must be like 07-not_found.sql, and the file begin with comments")
    titles, parts = _parts(head[0])
    if len(titles) != 2 or any(not parts.get(part) for part in _PARTS):
        raise QuestionError(f"{path}: the head must hold two titles, then {', '.join(part.strip() for part in _PARTS)}")
    caution_zh, caution, reading = (parts[part] for part in _PARTS)
    sql = text[head.end() :].strip()
    return Question(int(named[1]), named[2], titles[0], titles[1], caution_zh, caution, reading, sql)


def _parts(head: str) -> tuple[list[str], dict[str, str]]:
    """The titles, and what stands behind each mark; a line without a mark goes on with the part before it."""
    titles: list[str] = []
    parts: dict[str, str] = {}
    part = ""
    for line in head.splitlines():
        words = line.removeprefix("--").strip()
        begins = next((mark for mark in _PARTS if words.startswith(mark.strip())), "")
        if begins:
            part, parts[begins] = begins, words.removeprefix(begins.strip()).strip()
        elif part:
            parts[part] += ("" if part == _PARTS[0] else " ") + words
        else:
            titles.append(words)
    return titles, parts


@cache
def questions() -> tuple[Question, ...]:
    """Those of config/questions, read once."""
    return load_questions()


def canned_queries() -> dict[str, Any]:
    """The questions as Datasette is told them, beside those of config/datasette.yml."""
    return {
        each.name: {
            "title": f"{each.zh} / {each.en}",
            "description": f"{each.caution_zh} {_sentence(each.caution)} {_sentence(each.reading)}".replace("`", ""),
            "sql": each.sql,
            "hide_sql": True,  # the answer first; a link shows the query
            "params": list(each.parameters),
        }
        for each in questions()
    }


def with_questions(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What Datasette is told, with the questions in it."""
    databases = metadata["databases"]
    archive = databases["archive"]
    queries = {**archive.get("queries", {}), **canned_queries()}
    return {**metadata, "databases": {**databases, "archive": {**archive, "queries": queries}}}


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


_INTRODUCTION = """\
# Questions, each with its query

Made by `make docs` from `config/questions`; not edited by hand. The site has the same under `/archive`.

Users of such reports ask the first fifteen again and again; the others say what is missing, what changed and what waits
for a look. Each query runs on `archive.db` (`gongkai serve`, then its name under `/archive`; or `sqlite3 archive.db`).
A parameter such as `:year` may be left empty. Try them on `gongkai demo`, whose answers are known and tested.

What holds for all of them:

- A number that is not stated is NULL and never 0; sums leave it out, so every sum comes with how many reports it
  holds.
- A report whose `scope` is `territory` or `level` states the sum over other bodies. It is never added to theirs:
  queries that add take `counted_reports` where `counts = 'own'`: one report a body and year, none that sums up others,
  and none of a government above the townships that does not say whose figures they are.
- Rows of all applicants (`applicant = 'total'`) are never added to the rows of single ones.
- *Not found* says what this archive has, not what an agency did.
- Nothing here ranks agencies by how open they are: more requests or refusals are not worse by themselves.
"""


def document(questions: Sequence[Question]) -> str:
    """The page, in Markdown."""
    told = (
        f"## {each.number}. {each.zh} · {each.en}\n\n`/archive/{each.name}`\n\n```sql\n{each.sql}\n```\n\n"
        f"- 提醒：{each.caution_zh}\n- Caution: {each.caution}\n- Reading: {each.reading}\n"
        for each in questions
    )
    return "\n".join([_INTRODUCTION, *told])


def main() -> None:
    """Write docs/questions.md."""
    DOCUMENT.write_text(document(load_questions()), "utf-8")


if __name__ == "__main__":
    main()
