"""The commands that have to do with crawling and with the registry, each a few lines that call the modules below."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.terminal import (
    SITES,
    Progress,
    addresses_option,
    archive_option,
    close,
    close_runs,
    sites_option,
    told,
    workers_option,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.items import Site
    from crawler.site_proposal import Proposal

_SHOWN = 20
_REGION = re.compile("[0-9]{1,12}")
_STOPPED = 128 + 2  # as shells tell of what SIGINT ended


@click.command(short_help="Crawl sites of the registry into the archive.")
@click.argument("site_ids", metavar="[SITE]...", nargs=-1)
@click.option("--family", "families", multiple=True, help="Only sites of this family; may be given more than once.")
@click.option("--level", "levels", multiple=True, help="Only sites of this level; may be given more than once.")
@click.option(
    "--region",
    "regions",
    multiple=True,
    metavar="DIGITS",
    help="Only sites whose region code begins so: 36 a province, 3608 a prefecture; may be given more than once.",
)
@click.option("--due", is_flag=True, help="Only the sites whose time has come, and of these only the pages.")
@click.option("--dry-run", is_flag=True, help="With --due: list what is due, and why; ask nothing.")
@click.option(
    "--cluster",
    default="",
    metavar="ADDRESS",
    help="Let the workers of a Dask cluster crawl (tcp://HOST:8786); each fills the archive of its own machine.",
)
@sites_option
@addresses_option
@workers_option
@archive_option
def crawl(
    site_ids: Sequence[str],
    families: Sequence[str],
    levels: Sequence[str],
    regions: Sequence[str],
    due: bool,
    dry_run: bool,
    cluster: str,
    sites: Path,
    addresses: Sequence[str],
    workers: int,
    archive_root: Path,
) -> None:
    """Crawl sites of the registry into the archive: all of them, or those named, of a family, a level or a region.

    Robots are obeyed, one request at a time goes to an address, a wall is recorded and left alone.
    A run that was killed goes on where it was.

    With --due, as a timer calls it: a site is due daily from January to April and weekly else, later after a wall; its
    columns are asked for each time, a report weekly for 60 days after its publication and then once a year.
    """
    from crawler import registry, run
    from crawler.archive import ArchiveError
    from crawler.families import FAMILIES
    from crawler.schedule import due_sites

    _known("--family", families, FAMILIES)
    _known("--level", levels, registry.LEVELS)
    if wrong := [prefix for prefix in regions if not _REGION.fullmatch(prefix)]:
        raise click.UsageError(f"--region: {', '.join(wrong)}: the first digits of a region code are needed, like 36")
    if dry_run and not due:
        raise click.UsageError("--dry-run goes with --due: without it all sites that are chosen are crawled")
    with told(registry.RegistryError, ArchiveError, run.CrawlError, run.ConfigError):
        everything = registry.load(sites)
        chosen = registry.narrow(registry.choose(everything, site_ids), families, levels, regions)
        if everything and not chosen:
            raise click.ClickException(f"{sites} has no such site; gongkai sites list shows them")
        known = len(chosen)
        if due:
            found = due_sites(archive_root, chosen, dt.datetime.now(dt.UTC))
            chosen = [site for site, _ in found]
            if dry_run:
                for site, why in found:
                    click.echo(f"{site.id:<28} {why.reason}")
                close(f"{len(chosen)} sites due", f"{known} in all")
                return
            if not chosen:
                close("0 sites due", f"{known} in all")
                return
            if closed := run.outside_hours(dt.datetime.now(dt.UTC)):
                click.echo(f"{closed}: {len(chosen)} sites are due and wait for them")
                return
        progress = Progress("Crawling sites")
        try:
            with progress:
                runs = run.crawl(
                    chosen,
                    archive_root=archive_root,
                    allow_addresses=addresses,
                    workers=workers,
                    settings={"ONLY_DUE": due},
                    on_progress=progress,
                    cluster=cluster,
                )
        except KeyboardInterrupt:
            click.echo(f"stopped; {progress.done} of {len(chosen)} sites done; the same again goes on", err=True)
            sys.exit(_STOPPED)
    close_runs(runs, by_timer=due)


@click.group(short_help="The registry: check it, list it.")
def sites() -> None:
    """The registry of sites, config/sites.csv: what is wrong in it, and what it holds."""


@sites.command()
@click.argument("file", required=False, default=SITES, type=click.Path(exists=True, path_type=Path))
def check(file: Path) -> None:
    """Say all that is wrong in a registry, a line each; exit status 1 if anything is.

    A column whose name is nearly one of ours is no mistake, and noted.
    """
    from crawler import registry

    with told(registry.RegistryError):
        found, problems = registry.read(file)
        odd = registry.odd_columns(file)
    for note in odd:
        click.echo(f"note      {note}", err=True)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        close(f"{len(found)} sites", f"{len(problems)} problems")
        sys.exit(1)
    known = sum(bool(site.entry_points) for site in found)
    families = len({site.family for site in found if site.family})
    click.echo(f"{len(found)} sites, {known} with known columns, {families} families")


@sites.command("list")
@click.option("--family", help="Only sites of this family.")
@click.option("--level", help="Only sites of this level.")
@click.option("--json", "as_lines", is_flag=True, help="One JSON object a line.")
@sites_option
def list_sites(family: str | None, level: str | None, as_lines: bool, sites: Path) -> None:
    """List the sites of the registry: id, family, level, how sure its columns are, name."""
    from crawler import families, registry

    _known("--family", [family] if family else [], families.FAMILIES)
    _known("--level", [level] if level else [], registry.LEVELS)
    with told(registry.RegistryError):
        found = registry.load(sites)
    chosen = [site for site in found if family in (None, site.family) and level in (None, site.level)]
    for site in chosen:
        click.echo(json.dumps(dataclasses.asdict(site), ensure_ascii=False) if as_lines else _row(site))
    close(f"{len(chosen)} of {len(found)} sites", err=as_lines)


def _known(option: str, given: Sequence[str], known: Iterable[str]) -> None:
    """Raises click.UsageError where an option names what there is not."""
    known = list(known)
    if unknown := [name for name in given if name not in known]:
        raise click.UsageError(f"{option}: {', '.join(unknown)} is unknown; known are {', '.join(known)}")


def _row(site: Site) -> str:
    return f"{site.id:<28} {site.family:<14} {site.level:<11} {site.confidence:<7} {site.name}"


@click.group(short_help="Look at a site and add it to the registry.")
def site() -> None:
    """One site: look at it, and add it to the registry."""


@site.command()
@click.argument("url")
@click.option("--dry-run", is_flag=True, help="Only show; write nothing.")
@sites_option
@addresses_option
def add(url: str, dry_run: bool, sites: Path, addresses: Sequence[str]) -> None:
    """Visit a site, show what a crawl of it would find, and add its line to the registry.

    URL is the column of yearly reports as a browser shows it; a home page does where it links to the column. At most
    sixty pages are fetched, politely, and thrown away afterwards. Look at the line: what no page says is left empty.
    """
    from crawler import registry, run, site_proposal
    from crawler.archive import ArchiveError
    from crawler.mirrors import is_mirror
    from crawler.site_visit import visit

    if not registry.is_address(url):
        raise click.UsageError(f"{url!r}: an address that begins with http:// or https:// is needed")
    if is_mirror(url):
        raise click.ClickException(f"{url}: the host is a known spam mirror (config/mirrors.txt) and never a source")
    with told(
        registry.RegistryError, run.CrawlError, run.ConfigError, ArchiveError, site_proposal.NothingToProposeError
    ):
        known = registry.load(sites)
        if held := registry.holder(known, url):
            raise click.ClickException(
                f"{url}: {sites} has it as {held.id!r} ({held.start_url}); add the address to its entry_points"
            )
        proposal = site_proposal.propose(url, visit(url, allow_addresses=addresses), known)
        _show(proposal)
        if not dry_run:
            for name in registry.append(sites, proposal.site):
                click.echo(f"note      {sites} has no column {name}: that was left out", err=True)
    done = "nothing written (--dry-run)" if dry_run else f"added to {sites} as {proposal.site.id}"
    close(done, f"{len(proposal.reports)} reports", f"{len(proposal.skipped)} skipped")


def _show(proposal: Proposal) -> None:
    from crawler import registry

    for name in registry.FIELDS:
        value = getattr(proposal.site, name)
        click.echo(f"{name:<14}{' '.join(value) if isinstance(value, tuple) else value}")
    _show_part(
        f"{len(proposal.reports)} reports",
        (f"{one.published_on or '(no date)':<10}  {one.title}  {one.url}" for one in proposal.reports),
    )
    _show_part(
        f"{len(proposal.skipped)} skipped",
        (f"{one.reason}: {one.title}  {one.url}" for one in proposal.skipped),
    )
    _show_part(
        f"{len(proposal.failures)} failed",
        (f"{one.kind}: {one.url} ({one.message})" for one in proposal.failures),
    )
    for note in proposal.notes:
        click.echo(f"note          {note}")
    click.echo(registry.line_of(proposal.site))


def _show_part(head: str, rows: Iterable[str]) -> None:
    listed = list(rows)
    if listed:
        click.echo(head + (f", the first {_SHOWN}" if len(listed) > _SHOWN else ""))
    for row in listed[:_SHOWN]:
        click.echo(f"  {row}")


@click.command(short_help="Try what is assumed about sites on a few of them; keep what came.")
@click.option("--family", "families", multiple=True, help="Only sites of this family; may be given more than once.")
@click.option("--site", "site_ids", multiple=True, metavar="ID", help="This site, and none that is not named.")
@click.option("--hosts", type=click.IntRange(1, 20), default=2, show_default=True, help="Sites of each family at most.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("probe"), show_default=True, help="Folder."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@sites_option
@addresses_option
def probe(
    families: Sequence[str],
    site_ids: Sequence[str],
    hosts: int,
    out: Path,
    as_json: bool,
    sites: Path,
    addresses: Sequence[str],
) -> None:
    """Visit a few sites of each family and say which assumptions of the registry and of the families hold.

    At most 30 answers a site, robots obeyed, one request at a time; 5 more where pages can say that they are the same.
    What came is kept in the folder: archive/ (WARC), fixtures/ (the bytes, for tests), report.md, report.json.

    A site is asked once: the same again tells the facts anew from what is there, and goes on where it was cut off.
    A site whose line was changed is asked again. Exit status 1 only if nothing answered.
    """
    from crawler import registry, run
    from crawler.archive import ArchiveError
    from crawler.families import FAMILIES
    from crawler.probe.choice import choose
    from crawler.probe.report import report_on
    from crawler.probe.visit import lines_of
    from crawler.probe.visit import probe as visit

    _known("--family", families, FAMILIES)
    with told(registry.RegistryError, ArchiveError, run.CrawlError, run.ConfigError):
        known = registry.load(sites)
        chosen = registry.choose(known, site_ids) if site_ids else choose(known, families, hosts)
        if not chosen:
            raise click.ClickException(f"{sites} has no such site; gongkai sites list shows them")
        with Progress("Probing sites") as progress:
            probed = visit(chosen, out, lines=lines_of(sites), allow_addresses=addresses, on_progress=progress)
    report = report_on(probed, sites.name)
    out.mkdir(parents=True, exist_ok=True)
    told_as_json = json.dumps(report.as_json(), ensure_ascii=False, indent=1)
    (out / "report.json").write_text(told_as_json + "\n", "utf-8")
    (out / "report.md").write_text(report.as_markdown(), "utf-8")
    click.echo(told_as_json if as_json else report.as_text())
    if report.unfinished:
        click.echo(f"cut off   {', '.join(report.unfinished)}; the same again goes on there", err=True)
    close(
        f"{len(probed)} sites",
        f"{report.answered} answered",
        f"{report.count(True)} facts hold",
        f"{report.count(False)} do not",
        f"{report.count(None)} not seen",
        f"{out / 'report.md'}",
        err=as_json,
    )
    if not report.answered:
        raise click.ClickException("no site answered: is there a network? report.md has what stood in the way")
