"""``gongkai sample``: draw cells for two people to read, and take what they found."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from crawler.terminal import Progress, archive_option, close, told

RESULTS = Path(__file__).resolve().parent.parent.parent / "config" / "accuracy"


@click.command(short_help="Know the error rate: a random sample for two people to read.")
@click.argument("number", metavar="[N]", required=False, type=click.IntRange(1, 1_000_000))
@click.option("--seed", type=click.IntRange(0), show_default="today's date as a number", help="Draws the same again.")
@click.option("--out", type=click.Path(path_type=Path), show_default="sample-SEED", help="The folder to write.")
@click.option(
    "--take",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of a sample, with both sheets filled in.",
)
@click.option(
    "--reader", "readers", multiple=True, metavar="NAME", help="Who read, in the order of the sheets; public."
)
@click.option(
    "--results",
    type=click.Path(file_okay=False, path_type=Path),
    show_default="config/accuracy",
    help="Where the result is published.",
)
@archive_option
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("archive.db"),
    show_default=True,
    help="The database to draw from.",
)
def sample(
    number: int | None,
    seed: int | None,
    out: Path | None,
    folder: Path | None,
    readers: tuple[str, ...],
    results: Path | None,
    archive_root: Path,
    db: Path,
) -> None:
    """Draw N cells at random for two people to read in the originals, not knowing what we read, or take their answers.

    \b
    Draw:    gongkai sample 400 --seed 7          writes sample-7/: two sheets, pictures, a README
    Take:    gongkai sample --take sample-7       compares, has a third decide, writes config/accuracy/

    Strata are the document's format, the band of confidence, and whether we read a number; chances are kept, so that
    the rates speak for the whole. Exit status 1 while answers are missing or a third reader has to decide.
    """  # noqa: D301  # \b is click's mark for lines that are not to be joined
    if (number is None) == (folder is None):
        raise click.UsageError("say how many cells to draw (gongkai sample 400), or which folder to take (--take DIR)")
    today = dt.datetime.now(dt.UTC).date()
    if folder is not None:
        _take(folder, readers, results, today)
        return
    assert number is not None
    seed = int(f"{today:%Y%m%d}") if seed is None else seed
    _draw(number, seed, out or Path(f"sample-{seed}"), archive_root, db, today)


def _draw(number: int, seed: int, out: Path, archive_root: Path, db: Path, today: dt.date) -> None:
    from crawler.archive import Archive, ArchiveError
    from publish.accuracy.draw import DrawError
    from publish.accuracy.folder import FolderError, write
    from publish.accuracy.population import PopulationError

    with told(ArchiveError, DrawError, FolderError, PopulationError), Progress("Drawing cells") as progress:
        archive = Archive(archive_root)
        written = write(out, db, archive, number, seed=seed, drawn_on=today.isoformat(), on_progress=progress)
    for item, reason in written.without_picture:
        click.echo(f"no picture  item {item}: {reason}", err=True)
    strata = written.sample.strata
    close(
        f"{out}: {len(written.sample.items)} cells",
        f"of {sum(one.size for one in strata)} in {len(strata)} strata",
        f"{len({item.report_key for item in written.sample.items})} reports",
        f"{len(written.without_picture)} without a picture",
    )


def _take(folder: Path, readers: tuple[str, ...], results: Path | None, today: dt.date) -> None:
    from publish.accuracy.folder import FolderError, as_text
    from publish.accuracy.sheets import SheetError
    from publish.accuracy.take import DISPUTED, THIRD, take

    with told(FolderError, SheetError):
        taken = take(folder, readers=readers, taken_on=today.isoformat())
    alike = f"{taken.agreement.alike} of {taken.agreement.of} answers alike"
    kappa = "kappa " + ("not defined" if taken.agreement.kappa is None else f"{taken.agreement.kappa:.3f}")
    if taken.result is None:
        close(alike, kappa, f"{taken.waiting} disputed")
        raise click.ClickException(
            f"the readers differ on {taken.waiting} cells ({folder / DISPUTED}); let a third person fill in "
            f"{folder / THIRD}, then run the same again"
        )
    if taken.sample.holds == "sample" and results is None:
        raise click.ClickException(
            "this is drawn from the sample archive, whose numbers are made up; name --results DIR"
        )
    path = (results or RESULTS) / f"{taken.sample.drawn_on}-{taken.sample.seed}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_text(taken.result), "utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written ({error.strerror}); name another --results") from error
    total = taken.result["rates"][0]
    rate = (
        "no rate" if total["rate"] is None else f"{total['rate']:.3%} wrong ({total['low']:.3%} to {total['high']:.3%})"
    )
    close(
        str(path), alike, kappa, f"{total['wrong']} of {total['judged']} wrong", f"{total['invented']} invented", rate
    )
