"""``gongkai check``: which files are meant, last year's reports beside them, and what comes out of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.sniff import ZIP, media_type
from extract import present_check, present_survey
from extract.forms import load_forms
from extract.names import body_of, same_body, squeeze
from extract.reading import read_files, with_previous
from extract.self_check import Page, look
from extract.survey import Survey, survey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from extract.records import Reading

_HEADINGS = ("单位", "单位名称", "机关", "机关名称", "名称", "unit", "name", "issuer")


class CheckError(Exception):
    """A file that the check needs cannot be read or written; the message names it and says what to do."""


class MisuseError(Exception):
    """The options do not go together."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be checked. ``is_survey``: a folder or several files, told as a table of units."""

    paths: tuple[Path, ...]
    is_survey: bool
    named: frozenset[Path] = frozenset()
    previous: tuple[Path, ...] = ()
    units: tuple[str, ...] | None = None
    table: Path | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a check came to: a page, or a survey. ``sound``: nothing of severity error, and nothing unread."""

    page: Page | None
    survey: Survey | None
    sound: bool

    def as_text(self, *, en: bool, columns: int) -> str:
        """For people."""
        if self.page is not None:
            return present_check.as_text(self.page, en=en, columns=columns)
        assert self.survey is not None
        return present_survey.as_text(self.survey, en=en, columns=columns)

    def as_json(self, *, en: bool) -> dict[str, Any]:
        """For programs."""
        if self.page is not None:
            return present_check.as_json(self.page, en=en)
        assert self.survey is not None
        return present_survey.survey_as_json(self.survey, en=en)


def plan(files: Sequence[Path], *, previous: Path | None, units: Path | None, table: Path | None) -> Task:
    """What the arguments ask for.

    Raises:
        MisuseError: --previous FILE, --units or --table with what they do not go with.
        CheckError: a folder holds no files, or the list of units cannot be read.
    """
    is_survey = len(files) > 1 or files[0].is_dir() or _is_zip(files[0])
    if previous is not None and previous.is_file() and is_survey:
        raise MisuseError(
            "--previous FILE goes with one report; for several name the folder of last year's: --previous DIR"
        )
    if not is_survey and (units is not None or table is not None):
        raise MisuseError("--units and --table go with a folder, a ZIP or several files")
    paths = tuple(
        dict.fromkeys(path for named in files for path in ([named] if not named.is_dir() else _within(named)))
    )
    if not paths:
        raise CheckError("there are no documents in that folder; name another one, or the files themselves")
    return Task(
        paths=paths,
        is_survey=is_survey,
        named=frozenset(path for path in files if not path.is_dir()),
        previous=() if previous is None else (previous,) if previous.is_file() else tuple(_within(previous)),
        units=None if units is None else _units(units),
        table=table,
    )


def _within(folder: Path) -> list[Path]:
    """The files of a folder and below, by name; hidden ones and those that Office keeps while it edits left out."""
    inside = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in inside if not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)]


def _units(path: Path) -> tuple[str, ...]:
    """One unit a line: the first field of a CSV; a heading, empty lines and lines that begin with # are left out."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CheckError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")  # what spreadsheets on Chinese systems write
    fields = (line.split(",")[0].split("\t")[0].strip().strip('"').strip() for line in text.splitlines())
    names = [name for name in fields if name and not name.startswith("#")]
    if names and squeeze(names[0]).lower() in _HEADINGS:
        names = names[1:]
    if not names:
        raise CheckError(f"{path}: names no unit; write one name a line")
    return tuple(dict.fromkeys(names))


def run(task: Task, *, workers: int = 1, on_progress: Callable[[int, int], None] | None = None) -> Result:
    """Read, compare and tell; ``--table`` is written here.

    Raises:
        CheckError: the table cannot be written, or last year's report cannot be read.
    """
    readings = read_files(
        [*task.paths, *task.previous], workers=workers if task.is_survey else 1, on_progress=on_progress
    )
    now = _documents(task.paths, readings[: len(task.paths)])
    before = dict(_documents(task.previous, readings[len(task.paths) :]))
    pages = [_page(path, reading, before, task) for path, reading in now]
    if not task.is_survey:
        return Result(pages[0], None, pages[0].sound)
    told = survey(pages, load_forms(), task.units, two_years=bool(task.previous))
    if task.table is not None:
        try:
            present_survey.write_table(told, task.table)
        except OSError as error:
            raise CheckError(f"{task.table}: cannot be written ({error.strerror}); name another place") from error
    stray = {page.file for page in pages} - {str(path) for path in task.named}
    sound = all(page.sound or (page.outcome == "other" and page.file in stray) for page in pages)
    return Result(None, told, sound)


def _documents(paths: Sequence[Path], readings: Sequence[Sequence[Reading]]) -> list[tuple[Path, Reading]]:
    """Each document with its path; one in a ZIP is named as if the ZIP were a folder."""
    return [
        (path / reading.member if reading.member else path, reading)
        for path, of_one in zip(paths, readings, strict=True)
        for reading in of_one
    ]


def _is_zip(path: Path) -> bool:
    try:
        return path.is_file() and media_type(path.read_bytes()) == ZIP
    except OSError:  # said when it is read
        return False


def _page(path: Path, reading: Reading, before: dict[Path, Reading], task: Task) -> Page:
    """The page of a document, held against last year's report where there is one."""
    if not before or reading.kind != "report":
        return look(reading, str(path))
    if not task.is_survey and len(before) == 1:
        last, old = next(iter(before.items()))
        if old.kind != "report":
            reason = old.error or (old.report.reason if old.report else "")
            raise CheckError(f"{last}: this is no report that could be read ({reason}); name last year's report")
        return look(with_previous(reading, old), str(path), str(last))
    found = _of_the_year_before(reading, before)
    if found is not None:
        return look(with_previous(reading, before[found]), str(path), str(found))
    if not task.is_survey:
        raise CheckError("none of last year's documents is this agency's report; name it: --previous FILE")
    return look(reading, str(path))


def _of_the_year_before(reading: Reading, before: dict[Path, Reading]) -> Path | None:
    """The report of the same body for the year before; one that bears its very name goes first."""
    report = reading.report
    if report is None or report.year is None:
        return None
    issuers = {
        path: old.report.issuer
        for path, old in before.items()
        if old.report and old.report.year == report.year - 1 and same_body(report.issuer, old.report.issuer)
    }
    alike = [path for path, issuer in issuers.items() if body_of(issuer) == body_of(report.issuer)]
    return next(iter([*alike, *issuers]), None)
