"""Ship closed WARC files and their index to another place: any address that fsspec knows, checked after the copy.

The place then holds ``archive.json`` and, for each site, its closed files and the index lines of them: copied back, it
is an archive. What was shipped stands in the site's ``shipped.json``, so that the same again copies only what is new,
and a copy that was broken off goes on.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from crawler.archive import index
from crawler.archive.errors import PlaceError
from crawler.archive.files import ENDING, sync_folder
from crawler.archive.shipped import Shipped, chunks, filesystem, read_manifest, telling, write_manifest
from crawler.archive.stamp import NAME as STAMP
from crawler.archive.verify import verify_site
from crawler.archive.writer import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.archive.reader import Archive

_ONE_SLASH = re.compile(r"([a-z][a-z0-9]+):/?([^/].*)?$")
_APPEAR_WHOLE = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss", "oci")
"""Object stores: what is put there appears whole or not at all, and moving would copy it once more."""

Outcome = Literal["shipped", "known", "freed", "kept", "failed"]


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a file (``<site>/<name>``), and why, where that is to be said."""

    warc: str
    outcome: Outcome
    reason: str = ""


def ship(archive: Archive, destination: str, *, free: bool = False) -> Iterator[Told]:
    """Ship what is closed; ``free`` removes local copies of what was read back from there and found whole.

    A file that is damaged here, or that the place does not take, is told as failed and the rest goes on.

    Raises:
        PlaceError: the place cannot be used at all, belongs to another archive, or another process ships.
        RecordError: a site's manifest or index is damaged.
    """
    place = _checked(archive, destination)
    with _alone(archive.root):
        _claim(archive, place)
        for site_id in archive.site_ids():
            yield from _Site(archive, site_id, place).ship(free=free)


def _checked(archive: Archive, destination: str) -> str:
    """The address without its last slash; a path becomes an address."""
    if slip := _ONE_SLASH.match(destination):  # else it would be a folder of that name
        meant = f"{slip[1]}://{slip[2] or ''}"
        raise PlaceError(f"{destination}: did you mean {meant}? A folder here is written ./{destination}")
    if "://" not in destination:
        destination = f"file://{Path(destination).resolve()}"
    parts = urlsplit(destination)
    if parts.password:
        raise PlaceError("DEST holds a password, and it would be noted in the archive; give it in the environment")
    place = destination.rstrip("/")
    if parts.scheme in ("file", "local"):
        local = Path(place.partition("://")[2]).resolve()
        if local == archive.root.resolve() or archive.root.resolve() in local.parents:
            raise PlaceError(f"{destination} is in the archive itself; name another place")
    return place


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    lock = os.open(root / STAMP, os.O_RDONLY)  # whoever holds the stamp ships; nobody else locks it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise PlaceError(f"another process ships the archive at {root}; wait for it to end") from None
    else:
        yield
    finally:
        os.close(lock)


def _claim(archive: Archive, place: str) -> None:
    """Put the archive's stamp there; a place that has another one is another archive's."""
    data = (archive.root / STAMP).read_bytes()
    there = _read(f"{place}/{STAMP}")
    if there is None:
        _put_bytes(f"{place}/{STAMP}", data)
    elif there != data:
        raise PlaceError(f"{place} holds another archive ({STAMP} differs); name another place")


@dataclass(slots=True)
class _Site:
    archive: Archive
    site_id: str
    place: str

    @property
    def folder(self) -> Path:
        return self.archive.root / self.site_id

    def ship(self, *, free: bool) -> Iterator[Told]:
        manifest = read_manifest(self.folder)
        here = sorted(path.name for path in self.folder.glob(f"*{ENDING}"))
        fresh = [name for name in here if not self._is_there(manifest.get(name))]
        damaged = self._damaged(fresh)
        checked = set()
        for name in fresh:
            warc = f"{self.site_id}/{name}"
            if warc in damaged:
                yield Told(warc, "failed", f"{damaged[warc]} (gongkai verify says more)")
                continue
            try:
                shipped = self._copy(name)
            except PlaceError as error:
                yield Told(warc, "failed", str(error))
                continue
            checked.add(name)
            self._note(manifest, shipped)
            yield Told(warc, "shipped")
        yield from (Told(f"{self.site_id}/{name}", "known") for name in here if name not in fresh)
        yield from self._find(manifest)
        self._put_index(manifest)
        if free:
            yield from self._free(manifest, here, checked)

    def _address(self, name: str) -> str:
        return f"{self.place}/{self.site_id}/{name}"

    def _is_there(self, shipped: Shipped | None) -> bool:
        """Noted as shipped to this place, and still of its size there."""
        return (
            shipped is not None
            and self._address(shipped.name) in shipped.places
            and (_size(self._address(shipped.name)) == shipped.size)
        )

    def _damaged(self, names: list[str]) -> dict[str, str]:
        """What must not be taken for a good copy: file -> its first damage."""
        found: dict[str, str] = {}
        for damage in verify_site(self.archive.root, self.site_id, only=names) if names else ():
            found.setdefault(damage.warc, damage.message)
        return found

    def _copy(self, name: str) -> Shipped:
        """Bring the file there, unless its bytes are there already, and read them back.

        Raises:
            PlaceError: the place does not take it, has another file of that name, or gives other bytes back.
        """
        path, address = self.folder / name, self._address(name)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        shipped = Shipped(name, path.stat().st_size, digest, (address,))
        if _size(address) is not None:
            if not _holds(address, shipped):
                raise PlaceError(f"{address} holds other bytes than the file here; look at both, remove that one there")
            return shipped
        _put(address, path)
        if not _holds(address, shipped):
            files, there = filesystem(address)
            with telling(address):
                files.rm_file(there)
            raise PlaceError(f"{address} did not hold what was sent; it was removed there; run the same again")
        return shipped

    def _note(self, manifest: dict[str, Shipped], shipped: Shipped) -> None:
        before = manifest.get(shipped.name)
        if before is not None and (before.size, before.sha256) == (shipped.size, shipped.sha256):
            shipped = replace(before, places=tuple(dict.fromkeys((*before.places, *shipped.places))))
        manifest[shipped.name] = shipped
        write_manifest(self.folder, manifest)

    def _find(self, manifest: dict[str, Shipped]) -> Iterator[Told]:
        """Files that the index knows, and neither this folder nor the manifest: they may be there from earlier."""
        ends: dict[str, int] = {}
        for line in index.read_lines(self.folder, self.site_id):
            name = line.warc.rpartition("/")[2]
            ends[name] = max(ends.get(name, 0), line.end)
        gone = [name for name in sorted(ends) if name not in manifest and not list(self.folder.glob(f"{name}*"))]
        for name in gone:
            address = self._address(name)
            if _size(address) != ends[name]:
                yield Told(f"{self.site_id}/{name}", "failed", f"the file is missing, and {address} is not it either")
                continue
            digest = hashlib.sha256()
            for chunk in chunks(address, ends[name]):
                digest.update(chunk)
            self._note(manifest, Shipped(name, ends[name], digest.hexdigest(), (address,)))
            yield Told(f"{self.site_id}/{name}", "known", "found there")

    def _put_index(self, manifest: dict[str, Shipped]) -> None:
        """The index lines of the files that are there."""
        there = {name for name, shipped in manifest.items() if self._address(name) in shipped.places}
        lines = index.read_lines(self.folder, self.site_id)
        text = "".join(line.as_text() for line in lines if line.warc.rpartition("/")[2] in there).encode()
        if text and _read(self._address(index.NAME)) != text:
            _put_bytes(self._address(index.NAME), text)

    def _free(self, manifest: dict[str, Shipped], here: list[str], checked: set[str]) -> Iterator[Told]:
        with _idle(self.folder) as idle:
            for name in here:
                warc, shipped = f"{self.site_id}/{name}", manifest.get(name)
                if shipped is None or self._address(name) not in shipped.places:
                    continue  # told as failed
                if not idle:
                    yield Told(warc, "kept", "the site is being written; free it when that has ended")
                elif name not in checked and not _holds(self._address(name), shipped):
                    yield Told(warc, "kept", f"{self._address(name)} is not the file that was shipped; look there")
                elif name not in checked and not _is_still(self.folder / name, shipped):
                    yield Told(warc, "kept", "the file here is not the one that was shipped (gongkai verify)")
                else:
                    (self.folder / name).unlink()
                    yield Told(warc, "freed")
            sync_folder(self.folder)


@contextlib.contextmanager
def _idle(folder: Path) -> Iterator[bool]:
    """Whether nobody writes the site; nobody begins to while this holds."""
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(lock)


def _is_still(path: Path, shipped: Shipped) -> bool:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == shipped.sha256


def _holds(address: str, shipped: Shipped) -> bool:
    """Whether what is there, read back, is the file."""
    if _size(address) != shipped.size:
        return False
    digest = hashlib.sha256()
    for chunk in chunks(address, shipped.size):
        digest.update(chunk)
    return digest.hexdigest() == shipped.sha256


def _size(address: str) -> int | None:
    """Bytes of the file there now; None if there is none."""
    files, path = filesystem(address)
    with telling(address):
        files.invalidate_cache()
        try:
            return int(files.info(path)["size"])
        except FileNotFoundError:
            return None


def _read(address: str) -> bytes | None:
    files, path = filesystem(address)
    with telling(address):
        files.invalidate_cache()
        try:
            data: bytes = files.cat_file(path)
        except FileNotFoundError:
            return None
    return data


def _put(address: str, source: Path) -> None:
    """Bring a file there so that its name never stands for a part of it."""
    files, path = filesystem(address)
    with telling(address):
        if address.partition("://")[0] in _APPEAR_WHOLE:
            files.put_file(str(source), path)
            return
        files.makedirs(path.rpartition("/")[0], exist_ok=True)
        files.put_file(str(source), f"{path}.part")
        files.mv(f"{path}.part", path)


def _put_bytes(address: str, data: bytes) -> None:
    files, path = filesystem(address)
    with telling(address):
        if address.partition("://")[0] in _APPEAR_WHOLE:
            files.pipe_file(path, data)
            return
        files.makedirs(path.rpartition("/")[0], exist_ok=True)
        files.pipe_file(f"{path}.part", data)
        files.mv(f"{path}.part", path)
