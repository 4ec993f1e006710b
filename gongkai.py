"""The front door: one command, ``gongkai``, whose verbs are a few lines each and call the packages below.

Exit status: 0 the work was done (sites that block and documents that can't be read are recorded and counted: that is
the work); 1 where what was asked for could not be done, a named file could not be read, or damage was found; 2 misuse.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import json
import logging
import os
import shutil
import sqlite3
import sys
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crawler.items import Run
    from extract.pipeline import ExtractCounts
    from extract.workers import Limits

ROOT = Path(__file__).resolve().parent
_PATH = click.Path(path_type=Path)


def archive_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--archive",
        "archive_root",
        type=_PATH,
        default=Path("archive"),
        show_default=True,
        help="Where originals are kept.",
    )(command)


def db_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--db",
        type=click.Path(dir_okay=False, path_type=Path),
        default=Path("archive.db"),
        show_default=True,
        help="The database; built, never edited.",
    )(command)


def workers_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--workers",
        type=click.IntRange(1, 64),
        default=os.cpu_count() or 1,
        show_default="one a core",
        help="Processes at work at once.",
    )(command)


def limits_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What reading one document may take; the command is given both as ``limits``."""

    @click.option(
        "--time-limit",
        type=click.IntRange(1, 86_400),
        show_default="120, with text recognition 600",
        metavar="SECONDS",
        help="For one document.",
    )
    @click.option(
        "--memory-limit",
        type=click.IntRange(128, 1 << 20),
        show_default="1024, with text recognition 3072",
        metavar="MB",
        help="For each process that reads.",
    )
    @functools.wraps(command)
    def limited(*args: Any, time_limit: int | None, memory_limit: int | None, **kwargs: Any) -> Any:
        from extract.workers import Limits

        usual = Limits()
        limits = Limits(time_limit or usual.seconds, memory_limit or usual.megabytes)
        return command(*args, limits=limits, **kwargs)

    return limited


class _InTheDatasOrder(click.Group):
    """Lists the verbs in the order in which the data passes them, not by name."""

    _ORDER = ("demo", "crawl", "ingest", "extract", "rebuild", "read", "check", "verify", "serve", "status")

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(super().list_commands(ctx), key=lambda name: (*self._ORDER, name).index(name))


@click.group(cls=_InTheDatasOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("gongkai"), prog_name="gongkai")
@click.option("-v", "--verbose", is_flag=True, help="Say more about what is done.")
def main(verbose: bool) -> None:
    """Collect, archive, read, check and publish China's annual reports on open government information work.

    \b
    The data's way:   crawl or ingest  ->  archive/    originals, as received, in WARC files
                      extract          ->  archive.db  what was read, with the place of every number
                      serve            ->  pages, search and SQL for people

    \b
    See it work:      gongkai demo
    Read one file:    gongkai read report.pdf
    Check it first:   gongkai check report.docx
    Take your files:  gongkai ingest my-folder && gongkai extract && gongkai serve
    """  # noqa: D301  # \b is click's mark for lines that are not to be joined
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it complains of every oddity of a font
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )


@main.command(short_help="Read documents and say what they state.")
@click.argument("files", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@click.option("--json", "as_lines", is_flag=True, help="One JSON object a line, in the order of the files.")
@workers_option
@limits_options
def read(files: Sequence[Path], as_lines: bool, workers: int, limits: Limits) -> None:
    """Read documents and say what they state; write nothing.

    Tells formats by content, never by name; of a ZIP each document in it is read. Without --json a few lines for
    people; with it every cell with its place.
    Exit status 1 if a file could not be read or is no report; the other files are read all the same.
    """
    from extract import present
    from extract.reading import read_paths

    read_now = unread = 0
    show = present.as_line if as_lines else present.as_text
    with contextlib.closing(read_paths(files, show, workers=workers, limits=limits)) as shown:
        for documents in shown:
            for kind, text in documents:
                read_now += 1
                unread += kind != "report"
                click.echo(text)
    _closing(f"{read_now} read", f"{read_now - unread} reports", f"{unread} not", err=as_lines)
    sys.exit(1 if unread else 0)


@main.command(short_help="Self-check before publishing: sums, prose, what is missing.")
@click.argument("files", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@click.option(
    "--previous", type=click.Path(exists=True, path_type=Path), help="Last year's report, or a folder of them."
)
@click.option(
    "--units",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Who should have reported: a text or CSV file, a unit a line.",
)
@click.option(
    "--table", type=click.Path(dir_okay=False, path_type=Path), help="Write a CSV: a row a unit, a column a cell."
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@workers_option
def check(
    files: Sequence[Path],
    previous: Path | None,
    units: Path | None,
    table: Path | None,
    lang: str,
    as_json: bool,
    workers: int,
) -> None:
    """Check a report before it is published; several, or a folder, as a table of units with the sums over them.

    \b
    One report:       gongkai check report.docx --previous last-year.docx
    A county's:       gongkai check folder/ --previous last-year/ --units units.txt --table all.csv

    Nothing leaves this machine. Exit status 1 if a check of severity error fails, or a file could not be read, is no
    report or has no tables; what is only to be looked at does not change it. In a folder, documents that are no reports
    are listed and do not count.
    """  # noqa: D301  # \b is click's mark for lines that are not to be joined
    from extract import checking

    columns = shutil.get_terminal_size((80, 24)).columns
    with _told(checking.CheckError):
        try:
            task = checking.plan(files, previous=previous, units=units, table=table)
        except checking.MisuseError as error:
            raise click.UsageError(str(error)) from error
        with _Progress("Reading documents") if task.is_survey else contextlib.nullcontext() as progress:
            result = checking.run(task, workers=workers, on_progress=progress)
        told = result.as_json(en=lang == "en") if as_json else result.as_text(en=lang == "en", columns=columns)
    click.echo(json.dumps(told, ensure_ascii=False, indent=1) if as_json else told)
    sys.exit(0 if result.sound else 1)


@main.command(short_help="Take local documents, WARC or WACZ files into the archive.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, readable=False, path_type=Path))
@click.option("--source-url", default="", help="Where the one document named came from.")
@click.option("--retrieved-at", default="", help="When it was fetched (ISO 8601); the file's own time if not given.")
@click.option(
    "--manifest",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV: path, source_url, retrieved_at, ...",
)
@archive_option
def ingest(
    paths: Sequence[Path], source_url: str, retrieved_at: str, manifest: Path | None, archive_root: Path
) -> None:
    """Take local documents, or WARC and WACZ files of others, into the archive, with their provenance.

    A folder gives the documents of the kinds we know; what was left is listed. The same bytes twice are stored once.
    """
    from crawler.archive import ArchiveError
    from crawler.archive.ingest import ingest as take

    with _told(ArchiveError):
        counts = take(
            archive_root,
            paths,
            source_url=source_url,
            retrieved_at=retrieved_at,
            manifest=manifest,
            now=_now,
            code_version=version("gongkai"),
        )
    for path, reason in counts.left:
        click.echo(f"left      {path}: {reason}", err=True)
    for path, reason in counts.failed:
        click.echo(f"failed    {path}: {reason}", err=True)
    _closing(
        f"{counts.taken} taken",
        f"{counts.known} known already",
        f"{len(counts.left)} left",
        f"{len(counts.failed)} failed",
    )
    sys.exit(1 if counts.failed else 0)


@main.command(short_help="Crawl sites of the registry into the archive.")
@click.argument("site_ids", metavar="[SITE]...", nargs=-1)
@click.option(
    "--sites",
    type=click.Path(exists=True, path_type=Path),
    default=ROOT / "config" / "sites.csv",
    help="Another registry (CSV with id and start_url).",
)
@click.option(
    "--allow-address",
    "addresses",
    multiple=True,
    metavar="CIDR",
    help="Let the crawl reach such addresses, closed otherwise.",
)
@click.option(
    "--cluster",
    default="",
    metavar="ADDRESS",
    help="Let the workers of a Dask cluster crawl (tcp://HOST:8786); each fills the archive of its own machine.",
)
@workers_option
@archive_option
def crawl(
    site_ids: Sequence[str], sites: Path, addresses: Sequence[str], cluster: str, workers: int, archive_root: Path
) -> None:
    """Crawl sites of the registry into the archive: all of them, or those named.

    Robots are obeyed, one request at a time goes to an address, a wall is recorded and left alone.
    A run that was killed goes on where it was.
    """
    from crawler import registry, run
    from crawler.archive import ArchiveError

    with _told(registry.RegistryError, ArchiveError, run.CrawlError, run.ConfigError):
        chosen = registry.choose(registry.load(sites), site_ids)
        with _Progress("Crawling sites") as progress:
            runs = run.crawl(
                chosen,
                archive_root=archive_root,
                allow_addresses=addresses,
                workers=workers,
                on_progress=progress,
                cluster=cluster,
            )
    _close_runs(runs)


@main.command(short_help="Read what the archive holds into archive.db.")
@workers_option
@limits_options
@archive_option
@db_option
def extract(workers: int, limits: Limits, archive_root: Path, db: Path) -> None:
    """Read what the archive holds into archive.db; what has not changed is skipped."""
    from extract import pipeline

    _extract(pipeline.extract, archive_root, db, workers=workers, limits=limits)


@main.command(short_help="Make archive.db anew from the archive.")
@workers_option
@limits_options
@archive_option
@db_option
def rebuild(workers: int, limits: Limits, archive_root: Path, db: Path) -> None:
    """Make archive.db anew from archive and config; the old one stays until the new one is whole."""
    from extract import pipeline

    _extract(pipeline.rebuild, archive_root, db, workers=workers, limits=limits)


def _extract(step: Callable[..., ExtractCounts], archive_root: Path, db: Path, **how: Any) -> None:
    from crawler.archive import ArchiveError
    from extract.store import StoreError

    with _told(ArchiveError, StoreError), _Progress("Reading documents") as progress:
        counts = step(archive_root, db, on_progress=progress, **how)
    if not counts.documents:
        _closing("Nothing has changed", f"{counts.unchanged} documents read before", f"{counts.seconds:.1f} s")
        return
    _closing(
        f"{counts.documents} documents read",
        f"{counts.reports} reports",
        f"{counts.others} other",
        f"{counts.errors} unreadable",
        f"{counts.unchanged} unchanged",
        f"{counts.seconds:.1f} s",
    )


@main.command(short_help="Check every record and every row.")
@archive_option
@db_option
def verify(archive_root: Path, db: Path) -> None:
    """Check every stored record against its digests, and every row of archive.db against its record."""
    from crawler.archive import Archive, ArchiveError
    from extract import pipeline
    from extract.store import StoreError
    from extract.store.database import check_database

    damages = 0
    with _told(ArchiveError, StoreError):
        kept = Archive(archive_root)
        for damage in kept.verify():
            damages += 1
            click.echo(f"damaged  {damage.warc} at {damage.offset}: {damage.message}")
        faults = chain(check_database(db), pipeline.verify_rows(kept, db)) if db.exists() else iter(())
        for line in faults:
            damages += 1
            click.echo(f"differs  {line}")
    if not db.exists():
        click.echo(f"{db} is not there: only the archive was checked. Make it with: gongkai extract", err=True)
    _closing("verify", f"{len(kept.site_ids())} sites", f"{damages} damaged" if damages else "all clean")
    sys.exit(1 if damages else 0)


@main.command(short_help="Serve the pages and the originals on 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
@archive_option
@db_option
def serve(port: int, archive_root: Path, db: Path) -> None:
    """Serve archive.db and the originals with Datasette on 127.0.0.1."""
    from publish.serve import ServeError
    from publish.serve import serve as publish

    with _told(ServeError):
        publish(db, archive_root, port)


@main.command(short_help="What there is, and what waits for a person.")
@click.option("--json", "as_json", is_flag=True, help="For monitoring.")
@db_option
def status(as_json: bool, db: Path) -> None:
    """Say what there is: sites, last runs, coverage, and what waits for a person."""
    from extract.store import StoreError
    from extract.store import status as store_status

    with _told(StoreError):
        summary = store_status.summarise(db)
    click.echo(json.dumps(summary, ensure_ascii=False, indent=1) if as_json else store_status.as_text(summary))


@main.command(short_help="The whole way, on an embedded portal of a fictional county.")
@click.option("--no-serve", is_flag=True, help="Stop after the counts.")
@click.option(
    "--portal-only", is_flag=True, help="Only serve the sample portal, to look at it or to crawl it yourself."
)
@click.option("--remove", is_flag=True, help="Remove the sample's archive and database.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Where the pages are served."
)
@click.option("--portal-port", type=click.IntRange(1024, 65535), default=8790, show_default=True)
@workers_option
@archive_option
@db_option
def demo(
    no_serve: bool,
    portal_only: bool,
    remove: bool,
    port: int,
    portal_port: int,
    workers: int,
    archive_root: Path,
    db: Path,
) -> None:
    """Show the whole way on an embedded portal of a fictional county: crawl, archive, extract, serve.

    Killed at any moment it goes on where it was. The archive is stamped as a sample; nothing real is mixed into it.
    """
    from crawler.archive import ArchiveError
    from extract import pipeline
    from extract.store import StoreError
    from publish.serve import ServeError, ensure_free
    from publish.serve import serve as publish
    from sample import demonstration
    from sample.server import Portal, PortalError

    with _told(ArchiveError, StoreError, PortalError, ServeError):
        if remove:
            _closing(demonstration.remove(archive_root, db))
            return
        if not no_serve and not portal_only:
            ensure_free(port)
        with Portal(port=portal_port) as portal:
            for url in portal.urls:
                click.echo(f"portal    {url}")
            if portal_only:
                click.echo("The sample portal is up (Ctrl-C ends).")
                with contextlib.suppress(KeyboardInterrupt):
                    portal.wait()
                return
            with _Progress("Crawling sites") as progress:
                runs = demonstration.crawl(portal, archive_root, workers=workers, on_progress=progress)
            _close_runs(runs)
            _extract(pipeline.extract, archive_root, db, workers=workers)
            account = demonstration.account(db)
            click.echo(account.as_text())
            _closing(account.closing())
            if no_serve:
                sys.exit(0 if account.complete else 1)
            publish(db, archive_root, port)


def _close_runs(runs: Sequence[Run]) -> None:
    for run in runs:
        counts = " · ".join(f"{number} {what}" for what, number in run.counts.items() if number)
        why = run.finish_reason if run.verdict in ("interrupted", "not_run") else ""
        click.echo(f"{run.site_id:<16}{run.verdict:<12}{counts or why}")
    ok = sum(run.verdict in ("ok", "nothing_new") for run in runs)
    listed = sum(run.counts.get("reports", 0) for run in runs)
    _closing(f"{len(runs)} sites", f"{ok} ok", f"{len(runs) - ok} to look at", f"{listed} reports listed")
    cut = [run.site_id for run in runs if run.verdict in ("interrupted", "not_run", "archive_failed")]
    if cut:
        raise click.ClickException(
            f"not finished: {', '.join(cut)}; crawl.log in the archive says why (a full disk, a folder that cannot be "
            "written, a kill). Run the same again when that is mended: it goes on where it was"
        )


def _closing(*parts: str, err: bool = False) -> None:
    click.echo(" · ".join(parts), err=err)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@contextlib.contextmanager
def _told(*kinds: type[Exception]) -> Iterator[None]:
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


class _Progress:
    """A progress bar on a terminal, a line now and then elsewhere; called with (done, of)."""

    _EVERY = 50

    def __init__(self, label: str) -> None:
        self.label = label
        self.said = 0
        self.bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int, total: int) -> None:
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


if __name__ == "__main__":
    main()
