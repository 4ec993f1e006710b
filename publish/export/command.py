"""``gongkai export``."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.terminal import close, told


@click.command(short_help="Panel CSV, Parquet, Stata, codebook, data package.")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--labels", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Of panel.dta.")
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("archive.db"),
    show_default=True,
    help="The database; only read.",
)
def export(folder: Path, labels: str, db: Path) -> None:
    """Write the dataset into DIR: for pandas, R, DuckDB, Stata, Excel.

    DIR appears whole or not at all; an export that stands there is replaced, anything else is refused. The same
    database gives the same bytes. Parquet and Stata need the extra `export`: without it they are left out, and the exit
    status is 1.
    """
    from publish.export.build import build  # noqa: PLC0415  # a verb loads what it needs
    from publish.export.errors import ExportError  # noqa: PLC0415  # as above

    with told(ExportError):
        made = build(db, folder, language=labels, step=lambda name: click.echo(f"writing {name}", err=True))
    for line in made.left_out:
        click.echo(line, err=True)
    close(f"{folder}: {made.reports} reports", f"{len(made.rows)} tables", f"{made.withheld} withheld")
    if made.left_out:
        raise click.exceptions.Exit(1)
