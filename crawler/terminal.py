"""What the commands share at a terminal: options, how errors are told, a progress bar, the line that closes.

Loads next to nothing but click, so that ``gongkai --help`` is quick: a verb loads what it needs.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from crawler.hours import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crawler.items import Run

_REASONS = 3
SITES = Path(__file__).resolve().parent.parent / "config" / "sites.csv"


def archive_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--archive",
        "archive_root",
        type=click.Path(path_type=Path),
        default=Path("archive"),
        show_default=True,
        help="Where originals are kept.",
    )(command)


def workers_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--workers",
        type=click.IntRange(1, 64),
        default=os.cpu_count() or 1,
        show_default="one a core",
        help="Processes at work at once.",
    )(command)


def sites_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--sites",
        type=click.Path(exists=True, path_type=Path),
        default=SITES,
        help="Another registry (CSV with id and start_url).",
    )(command)


def addresses_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--allow-address",
        "addresses",
        multiple=True,
        metavar="CIDR",
        help="Let the crawl reach such addresses, closed otherwise.",
    )(command)


def close(*parts: str, err: bool = False) -> None:
    """The line of counts that ends a command."""
    click.echo(" · ".join(parts), err=err)


def close_runs(runs: Sequence[Run], *, by_timer: bool = False) -> None:
    """A line a run, and what the crawl came to. ``by_timer``: to wait for the hours is no failure, it is called again.

    Raises:
        click.ClickException: a run was cut off; the message says how to go on.
    """
    for run in runs:
        counts = " · ".join(f"{number} {what}" for what, number in run.counts.items() if number)
        why = run.finish_reason if run.verdict in ("interrupted", "not_run") else ""
        click.echo(f"{run.site_id:<16}{run.verdict:<12}{counts or why}")
    ok = sum(run.verdict in ("ok", "nothing_new") for run in runs)
    listed = sum(run.counts.get("reports", 0) for run in runs)
    close(f"{len(runs)} sites", f"{ok} ok", f"{len(runs) - ok} to look at", f"{listed} reports listed")
    cut = [run for run in runs if run.verdict in ("interrupted", "not_run", "archive_failed")]
    if by_timer and cut and all(run.finish_reason.startswith(OUTSIDE) for run in cut):
        click.echo(f"{cut[0].finish_reason}: {len(cut)} sites go on within them")
        return
    if cut:
        raise click.ClickException(
            f"not finished: {', '.join(run.site_id for run in cut)}; {'; '.join(_reasons(cut))}. Run the same again "
            "when that is over: it goes on where it was"
        )


def _reasons(cut: Sequence[Run]) -> Iterator[str]:
    """Each once, as far as it is known."""
    known = dict.fromkeys(run.finish_reason for run in cut if run.finish_reason and run.verdict != "archive_failed")
    yield from list(known)[:_REASONS]
    if len(known) > _REASONS or any(not run.finish_reason or run.verdict == "archive_failed" for run in cut):
        yield "crawl.log in the archive says why (a full disk, a folder that cannot be written, a kill)"


@contextlib.contextmanager
def told(*kinds: type[Exception]) -> Iterator[None]:
    """Errors meant for people end the command with their message, not with a traceback."""
    from crawler.archive.ingest import IngestError
    from crawler.registry import UnknownSiteError

    try:
        yield
    except (IngestError, UnknownSiteError) as error:  # what was named is wrong, nothing was begun
        raise click.UsageError(str(error)) from error
    except kinds as error:
        raise click.ClickException(str(error)) from error
    except sqlite3.Error as error:
        raise click.ClickException(
            f"the database cannot be read or written ({error}); free space if there is none, look whether --db names a "
            "file that can be written, or make it anew: gongkai rebuild"
        ) from error


class Progress:
    """A progress bar on a terminal, a line now and then elsewhere; called with (done, of)."""

    _EVERY = 50

    def __init__(self, label: str) -> None:
        self.label = label
        self.said = 0
        self.done = 0
        self.bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int, total: int) -> None:
        self.done = done
        if not sys.stderr.isatty():
            if done != self.said and (done == total or done % self._EVERY == 0):
                click.echo(f"{self.label}: {done} of {total}", err=True)
                self.said = done
            return
        if self.bar is None:
            self.bar = click.progressbar(length=total, label=self.label, file=sys.stderr)
            self.bar.__enter__()
        self.bar.update(done - self.bar.pos)

    def __exit__(self, *exc: object) -> None:
        if self.bar is not None:
            self.bar.__exit__(None, None, None)
