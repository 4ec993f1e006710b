"""The commands that have to do with the archive alone: what is taken in, shipped, and given to others as WACZ."""

from __future__ import annotations

import datetime as dt
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.terminal import archive_option, close, told

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command(short_help="Take local documents, WARC or WACZ files into the archive.")
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

    with told(ArchiveError):
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
    close(
        f"{counts.taken} taken",
        f"{counts.known} known already",
        f"{len(counts.left)} left",
        f"{len(counts.failed)} failed",
    )
    sys.exit(1 if counts.failed else 0)


@click.command(short_help="Copy closed WARC files to another place, checked.")
@click.argument("destination", metavar="DEST")
@click.option("--free", is_flag=True, help="Remove local copies of what was read back from DEST and found whole.")
@archive_option
def ship(destination: str, free: bool, archive_root: Path) -> None:
    """Copy closed WARC files and their index to DEST: a folder, s3://bucket/prefix, or any address that fsspec knows.

    What is there is read back and compared. The same again copies only what is new, and one that was broken off goes
    on. Files that are only at DEST are read from there. Credentials come from the environment, never from DEST.
    """
    from collections import Counter

    from crawler.archive import Archive, ArchiveError
    from crawler.archive.ship import ship as send

    counts: Counter[str] = Counter()
    with told(ArchiveError):
        for one in send(Archive(archive_root), destination, free=free):
            counts[one.outcome] += 1
            if one.outcome != "known":
                click.echo(f"{one.outcome:<9} {one.warc}" + (f": {one.reason}" if one.reason else ""))
    close(*(f"{counts[what]} {said}" for what, said in _SHIPPED.items()))
    sys.exit(1 if counts["failed"] else 0)


_SHIPPED = {"shipped": "shipped", "known": "there already", "freed": "freed", "kept": "not freed", "failed": "failed"}


@click.command("export-wacz", short_help="One site, or one run, as a WACZ file for ReplayWeb.page.")
@click.argument("site_id", metavar="SITE")
@click.option("--run", "run_id", default="", metavar="RUN", help="Only this run, with the originals of its revisits.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="SITE.wacz, or RUN.wacz, if not given.")
@archive_option
def export_wacz(site_id: str, run_id: str, out: Path | None, archive_root: Path) -> None:
    """Write what the archive holds of a site as a WACZ file, which ReplayWeb.page and pywb show as the site was.

    The file is complete in itself: a page that had not changed comes with the record that holds it.
    """
    from crawler.archive import Archive, ArchiveError
    from crawler.archive.wacz import export

    out = out or Path(f"{run_id or site_id}.wacz")
    with told(ArchiveError):
        made = export(
            Archive(archive_root), site_id, out, run_id=run_id, now=_now, software=f"gongkai {version('gongkai')}"
        )
    close(f"{out}: {made.captures} captures", f"{made.pages} pages", f"{made.size} bytes")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
