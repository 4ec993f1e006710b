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
import shutil
import sys
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler import archive_commands as archiving
from crawler import commands as crawling
from crawler.terminal import Progress, archive_option, close, close_runs, sites_option, told, workers_option
from publish.accuracy.command import sample
from publish.export.command import export

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from extract.pipeline import ExtractCounts
    from extract.workers import Limits


def db_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--db",
        type=click.Path(dir_okay=False, path_type=Path),
        default=Path("archive.db"),
        show_default=True,
        help="The database; built, never edited.",
    )(command)


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--config",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        show_default="config/, for the sample portal sample/config/ if there",
        help="What people decided: corrections, what is withheld.",
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

    _ORDER = (
        *("demo", "probe", "crawl", "site", "sites", "ingest", "extract", "rebuild", "read", "check", "verify"),
        *("sample", "ship", "export-wacz", "export", "serve"),
        "status",
    )

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


for _verb in (
    *(crawling.probe, crawling.crawl, crawling.site, crawling.sites),
    *(archiving.ingest, archiving.ship, archiving.export_wacz, sample, export),
):
    main.add_command(_verb)


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
    close(f"{read_now} read", f"{read_now - unread} reports", f"{unread} not", err=as_lines)
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
    with told(checking.CheckError):
        try:
            task = checking.plan(files, previous=previous, units=units, table=table)
        except checking.MisuseError as error:
            raise click.UsageError(str(error)) from error
        with Progress("Reading documents") if task.is_survey else contextlib.nullcontext() as progress:
            result = checking.run(task, workers=workers, on_progress=progress)
        outcome = result.as_json(en=lang == "en") if as_json else result.as_text(en=lang == "en", columns=columns)
    click.echo(json.dumps(outcome, ensure_ascii=False, indent=1) if as_json else outcome)
    sys.exit(0 if result.sound else 1)


@main.command(short_help="Read what the archive holds into archive.db.")
@workers_option
@limits_options
@archive_option
@db_option
@config_option
def extract(workers: int, limits: Limits, archive_root: Path, db: Path, config: Path | None) -> None:
    """Read what the archive holds into archive.db; what has not changed is skipped."""
    from extract import pipeline

    _extract(pipeline.extract, archive_root, db, workers=workers, limits=limits, config=config)


@main.command(short_help="Make archive.db anew from the archive.")
@workers_option
@limits_options
@archive_option
@db_option
@config_option
def rebuild(workers: int, limits: Limits, archive_root: Path, db: Path, config: Path | None) -> None:
    """Make archive.db anew from archive and config; the old one stays until the new one is whole."""
    from extract import pipeline

    _extract(pipeline.rebuild, archive_root, db, workers=workers, limits=limits, config=config)


def _extract(step: Callable[..., ExtractCounts], archive_root: Path, db: Path, **how: Any) -> None:
    from crawler.archive import ArchiveError
    from extract.decisions import DecisionError
    from extract.store import StoreError

    with told(ArchiveError, StoreError, DecisionError), Progress("Reading documents") as progress:
        counts = step(archive_root, db, on_progress=progress, **how)
    if counts.refused:
        click.echo(f"refused   {counts.refused} corrections; the reason of each is in table corrections", err=True)
    for target in counts.idle:
        click.echo(
            f"withheld  {target}: nothing here has that key or digest; is it written right in withheld.csv?", err=True
        )
    if not counts.documents:
        news = "No new documents, what follows from them was derived again" if counts.derived else "Nothing has changed"
        close(news, f"{counts.unchanged} documents read before", f"{counts.seconds:.1f} s")
        return
    close(
        f"{counts.documents} documents read",
        f"{counts.reports} reports",
        f"{counts.others} other",
        f"{counts.errors} unreadable",
        f"{counts.unchanged} unchanged",
        f"{counts.seconds:.1f} s",
    )


@main.command(short_help="Check every record and every row.")
@click.option("--digest", is_flag=True, help="Also one digest of what archive.db says, whatever order it came in.")
@archive_option
@db_option
def verify(digest: bool, archive_root: Path, db: Path) -> None:
    """Check every stored record against its digests, and every row of archive.db against its record."""
    from crawler.archive import Archive, ArchiveError
    from extract import pipeline
    from extract.store import StoreError
    from extract.store.database import check_database
    from extract.store.digest import content_digest_of

    damages = 0
    with told(ArchiveError, StoreError):
        kept = Archive(archive_root)
        for damage in kept.verify():
            damages += 1
            click.echo(f"damaged  {damage.warc} at {damage.offset}: {damage.message}")
        faults = chain(check_database(db), pipeline.verify_rows(kept, db)) if db.exists() else iter(())
        for line in faults:
            damages += 1
            click.echo(f"differs  {line}")
        if digest and db.exists():
            click.echo(f"content  {content_digest_of(db)}")
    if not db.exists():
        click.echo(f"{db} is not there: only the archive was checked. Make it with: gongkai extract", err=True)
    close("verify", f"{len(kept.site_ids())} sites", f"{damages} damaged" if damages else "all clean")
    sys.exit(1 if damages else 0)


@main.command(short_help="Serve the pages and the originals on 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
@archive_option
@db_option
def serve(port: int, archive_root: Path, db: Path) -> None:
    """Serve archive.db and the originals with Datasette on 127.0.0.1."""
    from publish.serve import ServeError
    from publish.serve import serve as publish

    with told(ServeError):
        publish(db, archive_root, port)


@main.command(short_help="What waits for a person, what is due, what there is.")
@click.option("--json", "as_json", is_flag=True, help="For monitoring; docs/operating.md names the keys.")
@sites_option
@archive_option
@db_option
def status(as_json: bool, sites: Path, archive_root: Path, db: Path) -> None:
    """Say first what waits for a person, then what ran and is due (from the archive) and what was read (archive.db).

    Exit status 0 whatever is told; archive and database may be missing.
    """
    from crawler import registry
    from crawler import status as crawl_status
    from crawler.archive import ArchiveError
    from extract.store import StoreError
    from extract.store import status as store_status

    crawled = read = None
    with told(registry.RegistryError, ArchiveError, StoreError):
        if archive_root.exists() or not db.exists():
            usable, problems = registry.read(sites)
            crawled = crawl_status.summarise(archive_root, usable, _now(), problems)
        if db.exists():
            read = store_status.summarise(db, crawled.last_runs if crawled else None, year=_now().year - 1)
    if as_json:
        both = (read or {}) | (crawled.as_json() if crawled else {})
        click.echo(json.dumps(both, ensure_ascii=False, indent=1))
        return
    if crawled:
        click.echo(crawled.as_text())
    if not archive_root.exists():
        click.echo(f"{archive_root} is not there yet: gongkai crawl")
    click.echo(
        store_status.as_text(read, with_sites=crawled is None) if read else f"{db} is not there yet: gongkai extract"
    )


@main.command(short_help="The whole way, on an embedded portal of a fictional county.")
@click.option("--no-serve", is_flag=True, help="Stop after the counts.")
@click.option(
    "--portal-only", is_flag=True, help="Only serve the sample portal, to look at it or to crawl it yourself."
)
@click.option("--next-day", is_flag=True, help="With --portal-only: the portal as it is after numbers were altered.")
@click.option("--remove", is_flag=True, help="Remove the sample's archive and database.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Where the pages are served."
)
@click.option(
    "--portal-port",
    type=click.IntRange(1024, 65535),
    default=8790,
    show_default=True,
    help="Public keys of reports hang on it: at another port the sample's correction is refused.",
)
@workers_option
@archive_option
@db_option
def demo(
    no_serve: bool,
    portal_only: bool,
    next_day: bool,
    remove: bool,
    port: int,
    portal_port: int,
    workers: int,
    archive_root: Path,
    db: Path,
) -> None:
    """Show the whole way on an embedded portal of a fictional county: crawl, archive, extract, serve.

    The portal is crawled on two days; on the second, numbers were altered, a report is gone
    and another is there. Killed at any moment it goes on where it was. The archive is stamped as a sample; nothing real
    is mixed into it.
    """
    from crawler.archive import ArchiveError
    from extract import pipeline
    from extract.store import StoreError
    from extract.store.database import ensure_place
    from publish.serve import ServeError, ensure_free
    from publish.serve import serve as publish
    from sample import demonstration
    from sample.server import Portal, PortalError

    with told(ArchiveError, StoreError, PortalError, ServeError):
        if remove:
            close(demonstration.remove(archive_root, db))
            return
        if not no_serve and not portal_only:
            ensure_free(port)
        if not portal_only:
            ensure_place(db)
        with Portal(port=portal_port) as portal:
            for url in portal.urls:
                click.echo(f"portal    {url}")
            if portal_only:
                if next_day:
                    portal.turn_the_day()
                click.echo("The sample portal is up (Ctrl-C ends).")
                with contextlib.suppress(KeyboardInterrupt):
                    portal.wait()
                return
            if not demonstration.first_day_is_over(archive_root):
                with Progress("Crawling sites") as progress:
                    runs = demonstration.crawl(portal, archive_root, workers=workers, on_progress=progress)
                close_runs(runs)
            portal.turn_the_day()
            with Progress("Crawling sites again the next day") as progress:
                runs = demonstration.crawl(portal, archive_root, workers=workers, on_progress=progress)
            close_runs(runs)
            _extract(pipeline.extract, archive_root, db, workers=workers)
            account = demonstration.account(db)
            click.echo(account.as_text())
            close(account.closing())
            if no_serve:
                sys.exit(0 if account.complete else 1)
            publish(db, archive_root, port)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


if __name__ == "__main__":
    main()
