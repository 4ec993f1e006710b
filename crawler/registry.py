"""The registry (config/sites.csv) read into Site records and added to, with messages that name file, line and column.

The file is edited by hand, in a table program or a text editor: what is wrong in it is told all at once.
"""

from __future__ import annotations

import csv
import difflib
import io
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.families import FAMILIES, columns
from crawler.families.page import same_host
from crawler.items import Site
from crawler.mirrors import is_mirror

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DEFAULT = Path(__file__).resolve().parent.parent / "config" / "sites.csv"
FIELDS = (
    "id",
    "name",
    "agency",
    "level",
    "region_code",
    "family",
    "start_url",
    "entry_points",
    "evidence",
    "confidence",
)
LEVELS = ("central", "province", "prefecture", "county", "department", "township")
CONFIDENCES = ("high", "medium", "low")
# GB/T 2260: the first two digits of a division's code.
PROVINCES = frozenset(
    str(code)
    for region in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for code in range(region[0], region[1] + 1)
)
_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_LONGEST_ID = 64
_INGESTED = "ingest"
_CODE = re.compile(r"[0-9]{6}|[0-9]{9}|[0-9]{12}")
_NO_ADDRESS = "an address that begins with http:// or https:// is needed"
_MIRROR = "is a known spam mirror (config/mirrors.txt) and never a source"


class RegistryError(Exception):
    """A registry that cannot be used, or a site that is not in it; the message names file, line and column."""


class UnknownSiteError(RegistryError):
    """A site was named that the registry does not have."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line of a registry; ``message`` begins with the column."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.message}"


def load(path: Path = DEFAULT) -> list[Site]:
    """The sites of a registry, in its order; columns beyond ours are allowed.

    Raises:
        RegistryError: it cannot be opened, a required column is missing or a value is not usable.
    """
    sites, problems = read(path)
    if problems:
        more = f" (and {len(problems) - 1} more: gongkai sites check {path})" if len(problems) > 1 else ""
        raise RegistryError(f"{problems[0]}{more}")
    return sites


def read(path: Path = DEFAULT) -> tuple[list[Site], list[Problem]]:
    """The lines of a registry as sites, and all that is wrong in them.

    Raises:
        RegistryError: it cannot be opened, is no CSV, or a required column is missing.
    """
    return _parse(path, _text(path))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RegistryError(f"{path}: cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise RegistryError(f"{path}: is no UTF-8; save it again with that encoding") from error


def _parse(path: Path, text: str) -> tuple[list[Site], list[Problem]]:
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)  # else an open quote swallows the lines below
    read_to = 0
    sites: list[Site] = []
    problems: list[Problem] = []
    seen = _Seen()
    try:
        missing = {"id", "start_url"} - set(rows.fieldnames or ())
        if missing:
            needed = ", ".join(sorted(missing))
            how = _separated(rows.fieldnames or ())
            raise RegistryError(f"{path}: the column {needed} is missing; id and start_url are needed{how}")
        read_to = rows.line_num
        for row in rows:
            site = _site(row)
            surplus = ["more cells than the head has columns; a comma inside a cell needs quotes around it"]
            told = [*(surplus if None in row else ()), *_told(site), *seen.told(site, rows.line_num)]
            problems += [Problem(path, rows.line_num, message) for message in told]
            sites.append(site)
            read_to = rows.line_num
    except csv.Error as error:
        raise RegistryError(
            f"{path}, line {read_to + 1}: is no CSV ({error}); does a quote open and not close?"
        ) from error
    return sites, problems


def _separated(head: Sequence[str]) -> str:
    """What to do where a table program has put something else between the cells than a comma."""
    if len(head) != 1:
        return ""
    mark = next((mark for mark in (";", "\t", "|") if mark in head[0]), "")
    return f". Its cells are separated by {mark!r}: save it with commas" if mark else ""


def odd_columns(path: Path = DEFAULT) -> list[str]:
    """What is to be said of columns beyond ours whose names are nearly one of ours that is missing.

    Raises:
        RegistryError: the file cannot be opened.
    """
    head = next(csv.reader(io.StringIO(_text(path), newline="")), [])
    missing = [name for name in FIELDS if name not in head]
    odd = [
        (name, near[0])
        for name in head
        if name not in FIELDS and (near := difflib.get_close_matches(name.strip().lower(), missing, n=1, cutoff=0.8))
    ]
    return [
        f"{path}, line 1: the column {name!r} is none of ours and left alone; did you mean {near}?"
        for name, near in odd
    ]


def _site(row: Mapping[str, str | None]) -> Site:
    values = {name: (row.get(name) or "").strip() for name in FIELDS}
    return Site(**{**values, "entry_points": tuple(values["entry_points"].split())})  # type: ignore[arg-type]


class _Seen:
    """What earlier lines have: an id or a start may stand once."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.starts: dict[str, tuple[int, str]] = {}

    def told(self, site: Site, line: int) -> Iterator[str]:
        if site.id and (earlier := self.ids.setdefault(site.id, line)) != line:
            yield f"id {site.id!r} stands twice; line {earlier} has it"
        if is_address(site.start_url):
            at, name = self.starts.setdefault(columns.list_key(site.start_url), (line, site.id))
            if at != line:
                yield f"start_url {site.start_url!r}: {name!r} in line {at} begins there; a site is one line"


def _told(site: Site) -> Iterator[str]:
    """What is wrong with one line by itself, each with its column."""
    if not _ID.fullmatch(site.id):
        yield f"id {site.id!r}: use small letters, digits and hyphens"
    if len(site.id) > _LONGEST_ID:
        yield f"id {site.id!r}: is longer than {_LONGEST_ID} characters, and files are named after it"
    if site.id == _INGESTED:
        yield f"id {site.id!r}: is the archive's own name for what gongkai ingest takes; use another"
    if site.level and site.level not in LEVELS:
        yield f"level {site.level!r} is unknown; known are {_known(site.level, LEVELS)}"
    if site.region_code:
        yield from _told_of_code(site.region_code)
    if site.family and site.family not in FAMILIES:
        yield f"family {site.family!r} is unknown; known are {_known(site.family, FAMILIES)}"
    if site.confidence and site.confidence not in CONFIDENCES:
        yield f"confidence {site.confidence!r} is unknown; known are {_known(site.confidence, CONFIDENCES)}"
    if not is_address(site.start_url):
        yield f"start_url {site.start_url!r}: {_NO_ADDRESS}"
        return
    if is_mirror(site.start_url):
        yield f"start_url {site.start_url!r}: {_MIRROR}"
    for entry in site.entry_points:
        if not is_address(entry):
            yield f"entry_points {entry!r}: {_NO_ADDRESS}; a space separates several"
        elif is_mirror(entry):
            yield f"entry_points {entry!r}: {_MIRROR}"
        elif not same_host(entry, site.start_url):
            host = urlsplit(site.start_url).netloc
            yield f"entry_points {entry!r}: is not on {host}, the host of start_url; another host is another line"


def _told_of_code(code: str) -> Iterator[str]:
    if not _CODE.fullmatch(code):
        yield f"region_code {code!r}: 6 digits are needed (9 or 12 for a township)"
    elif code[:2] not in PROVINCES:
        yield f"region_code {code!r}: no province begins with {code[:2]} (GB/T 2260)"


def _known(given: str, known: Sequence[str] | Mapping[str, object]) -> str:
    near = difflib.get_close_matches(given.lower(), list(known), n=1)
    return ", ".join(known) + ", or leave it empty" + (f"; did you mean {near[0]}?" if near else "")


def is_address(text: str) -> bool:
    """Whether a text is an address of the web with a host."""
    try:
        url = urlsplit(text)
        return url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:  # brackets of IPv6 that do not close, a port beyond 65535
        return False


def choose(sites: Sequence[Site], ids: Sequence[str]) -> list[Site]:
    """The sites of those ids, all where none is named.

    Raises:
        UnknownSiteError: an id is not in the registry.
    """
    by_id = {site.id: site for site in sites}
    unknown = [name for name in ids if name not in by_id]
    if unknown:
        near = [name for part in unknown for name in difflib.get_close_matches(part.lower(), by_id, n=5)]
        raise UnknownSiteError(
            f"no such site in the registry: {', '.join(unknown)}"
            + (f"; did you mean {', '.join(near[:5])}?" if near else "")
        )
    return [by_id[name] for name in ids] or list(sites)


def narrow(
    sites: Sequence[Site], families: Sequence[str] = (), levels: Sequence[str] = (), regions: Sequence[str] = ()
) -> list[Site]:
    """Those of one of the families, of one of the levels and of one of the regions; of what is empty all count.

    ``regions``: beginnings of region codes, 36 a province, 3608 a prefecture.

    >>> [site.id for site in narrow([Site(id="town", start_url="", region_code="360802")], regions=["3608"])]
    ['town']
    """
    return [
        site
        for site in sites
        if (not families or site.family in families)
        and (not levels or site.level in levels)
        and (not regions or site.region_code.startswith(tuple(regions)))
    ]


def holder(sites: Sequence[Site], url: str) -> Site | None:
    """The site of the registry that has this address: it begins at the host, above the address, or names it."""
    for site in sites:
        if same_host(url, site.start_url):
            directory = urlsplit(site.start_url).path.rpartition("/")[0] + "/"
            named = columns.list_key(url) in map(columns.list_key, (site.start_url, *site.entry_points))
            if named or (urlsplit(url).path or "/").startswith(directory):
                return site
    return None


def line_of(site: Site, head: Sequence[str] = FIELDS) -> str:
    """A site as a line of CSV under that head, without the line's end."""
    values = {name: getattr(site, name) for name in FIELDS} | {"entry_points": " ".join(site.entry_points)}
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="").writerow([values.get(name, "") for name in head])
    return text.getvalue()


def append(path: Path, site: Site) -> tuple[str, ...]:
    """Add a site as the last line; the names of those of its values that the file has no column for.

    The file is replaced as a whole, so that it is never half written; its head, its byte order mark and its line ends
    stay as they are.

    Raises:
        RegistryError: the file cannot be read or written, or would have a problem with that line or without.
    """
    text = _text(path)
    end = "\r\n" if "\r\n" in text else "\n"
    head = next(csv.reader(io.StringIO(text, newline="")), [])
    longer = text + ("" if text.endswith(("\n", "\r")) else end) + line_of(site, head) + end
    _, problems = _parse(path, longer)
    if problems:
        raise RegistryError(f"nothing was added. {problems[0]}")
    _replace(path.resolve(), path.read_bytes()[:3], longer)
    return tuple(name for name in FIELDS if name not in head and getattr(site, name))


def _replace(path: Path, beginning: bytes, text: str) -> None:
    """Write beside the file and rename, with the file's own permissions."""
    mark = b"\xef\xbb\xbf"
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
            try:
                file.write((mark if beginning == mark else b"") + text.encode())
                file.flush()
                os.fsync(file.fileno())
                shutil.copymode(path, file.name)
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink()
                raise
    except OSError as error:
        raise RegistryError(f"{path}: cannot be written ({error.strerror}); nothing was added") from error
