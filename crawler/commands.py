"""The commands that have to do with crawling and with the registry, each a few lines that call the modules below."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
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


@click.command(short_help="Crawl sites of the registry into the archive.")
@click.argument("site_ids", metavar="[SITE]...", nargs=-1)
@click.option("--due", is_flag=True, help="Only the sites whose time has come, and of these only the pages.")
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
    due: bool,
    cluster: str,
    sites: Path,
    addresses: Sequence[str],
    workers: int,
    archive_root: Path,
) -> None:
    """Crawl sites of the registry into the archive: all of them, or those named.

    Robots are obeyed, one request at a time goes to an address, a wall is recorded and left alone.
    A run that was killed goes on where it was.

    With --due, as a timer calls it: a site is due daily from January to April and weekly else, later after a wall; its
    columns are asked for each time, a report weekly for 60 days after its publication and then once a year.
    """
    from crawler import registry, run
    from crawler.archive import ArchiveError
    from crawler.schedule import due_sites

    with told(registry.RegistryError, ArchiveError, run.CrawlError, run.ConfigError):
        chosen = registry.choose(registry.load(sites), site_ids)
        known = len(chosen)
        if due:
            chosen = [site for site, _ in due_sites(archive_root, chosen, dt.datetime.now(dt.UTC))]
            if not chosen:
                close("0 sites due", f"{known} in all")
                return
        with Progress("Crawling sites") as progress:
            runs = run.crawl(
                chosen,
                archive_root=archive_root,
                allow_addresses=addresses,
                workers=workers,
                settings={"ONLY_DUE": due},
                on_progress=progress,
                cluster=cluster,
            )
    close_runs(runs)


@click.group(short_help="The registry: check it, list it.")
def sites() -> None:
    """The registry of sites, config/sites.csv: what is wrong in it, and what it holds."""


@sites.command()
@click.argument("file", required=False, default=SITES, type=click.Path(exists=True, path_type=Path))
def check(file: Path) -> None:
    """Say all that is wrong in a registry, a line each; exit status 1 if anything is."""
    from crawler import registry

    with told(registry.RegistryError):
        found, problems = registry.read(file)
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
    from crawler import registry

    with told(registry.RegistryError):
        found = registry.load(sites)
    chosen = [site for site in found if family in (None, site.family) and level in (None, site.level)]
    for site in chosen:
        click.echo(json.dumps(dataclasses.asdict(site), ensure_ascii=False) if as_lines else _row(site))
    close(f"{len(chosen)} of {len(found)} sites", err=as_lines)


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
