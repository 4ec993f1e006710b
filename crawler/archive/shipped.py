"""What of a site was shipped to another place, and reading it back from there by range.

``shipped.json`` in a site's folder names each file with its size, its sha256 and the addresses where it is. fsspec
knows the places (file, S3, ...); it comes with the extra ``ship`` and is loaded only where a local file is gone.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from crawler.archive.errors import PlaceError, RecordError
from crawler.archive.files import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NAME = "shipped.json"
_FORMAT = 1
_BLOCK = 1 << 20
_BLOCKS_KEPT = 32


@dataclass(frozen=True, slots=True)
class Shipped:
    """A closed WARC file that was shipped: bytes, sha256 (hex), and the addresses where it was found whole."""

    name: str
    size: int
    sha256: str
    places: tuple[str, ...]


def read_manifest(folder: Path) -> dict[str, Shipped]:
    """File name -> what was shipped; empty where nothing was.

    Raises:
        RecordError: the manifest is damaged.
    """
    path = folder / NAME
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return {}
    try:
        said = json.loads(text)
        files = {one["name"]: Shipped(**{**one, "places": tuple(one["places"])}) for one in said["files"]}
        whole = text == _as_text(files).encode()
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError(f"{path} is damaged ({error!r}); {_mending()}") from error
    if not whole:
        raise RecordError(f"{path} was changed after it was written; {_mending()}")
    return files


def _mending() -> str:
    return "remove it and run gongkai ship DEST again: it finds what is at DEST"


def write_manifest(folder: Path, files: Mapping[str, Shipped]) -> None:
    """Put the manifest in the old one's place, on the disk."""
    fresh = folder / f"{NAME}.new"
    with fresh.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_as_text(files))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / NAME)
    sync_folder(folder)


def _as_text(files: Mapping[str, Shipped]) -> str:
    """One text for one content, with a digest of itself: whatever changes in it is seen."""
    listed = [asdict(files[name]) for name in sorted(files)]
    digest = hashlib.sha256(json.dumps(listed).encode()).hexdigest()
    return json.dumps({"format": _FORMAT, "files": listed, "sha256": digest}, ensure_ascii=False, indent=1) + "\n"


def open_shipped(one: Shipped) -> BinaryIO:
    """The file where it was shipped to, to be read by range; blocks that were read are kept a while.

    Reading it raises PlaceError where no place gives it.
    """
    return io.BufferedReader(_Ranges(one), 1 << 16)


def open_closed(path: Path) -> BinaryIO:
    """A file that is here, or where it was shipped to (which is asked when it is read: PlaceError).

    Raises:
        RecordError: it is not here, and was shipped nowhere.
    """
    try:
        return path.open("rb")
    except FileNotFoundError:
        pass
    except OSError as error:
        raise RecordError(f"{path.name}: cannot be read ({error.strerror}); run: gongkai verify") from error
    shipped = read_manifest(path.parent).get(path.name)
    if shipped is None:
        raise RecordError(f"{path.parent.name}/{path.name}: the file is missing; run: gongkai verify")
    return open_shipped(shipped)


def fetch(one: Shipped, file: BinaryIO) -> None:
    """Bring the whole file back, checked.

    Raises:
        PlaceError: no place gives it as it was shipped.
    """
    problems = []
    for place in one.places:
        file.seek(0)
        file.truncate()
        digest = hashlib.sha256()
        try:
            for chunk in chunks(place, one.size):
                digest.update(chunk)
                file.write(chunk)
        except PlaceError as error:
            problems.append(str(error))
            continue
        if digest.hexdigest() == one.sha256:
            return
        problems.append(f"{place} is not the file that was shipped there")
    raise PlaceError("; ".join(problems) or f"{one.name} was shipped nowhere")


def chunks(place: str, size: int) -> Iterator[bytes]:
    """So many first bytes of a file at an address, piece by piece.

    Raises:
        PlaceError: it cannot be read, or is shorter.
    """
    for start in range(0, size, _BLOCK):
        yield _range(place, start, min(start + _BLOCK, size))


def filesystem(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it.

    Raises:
        PlaceError: fsspec or what it needs for such an address is not installed, or it is no address.
    """
    try:
        import fsspec  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise PlaceError(f"{address}: shipping needs what is optional; install it: make setup EXTRAS=all") from error
    with telling(address):
        return fsspec.core.url_to_fs(address)  # type: ignore[no-any-return]


class telling:  # noqa: N801  # used as a statement: with telling(address)
    """What goes wrong at a place, as an error that names it: each kind of storage has errors of its own."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if not isinstance(error, Exception) or isinstance(error, PlaceError):
            return
        if isinstance(error, FileNotFoundError):
            raise PlaceError(f"{self.address} is not there; look at the address") from error
        if isinstance(error, ImportError):
            said = f"{error}; install what such an address needs (for S3: make setup EXTRAS=all)"
            raise PlaceError(f"{self.address}: {said}") from error
        said = " ".join(str(error).split())[:300]
        raise PlaceError(
            f"{self.address} refuses ({type(error).__name__}: {said}); look at the address, its rights and the "
            "credentials in the environment"
        ) from error


class _Ranges(io.RawIOBase):
    """A file of known length that lies at one address or more."""

    def __init__(self, one: Shipped) -> None:
        self._one, self._position = one, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._one.size}[whence]
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        if self._position >= self._one.size:
            return 0
        number, inside = divmod(self._position, _BLOCK)
        block = self._block(number * _BLOCK)
        piece = block[inside : inside + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def _block(self, start: int) -> bytes:
        problems = []
        for place in self._one.places:
            try:
                return _block(place, start, min(start + _BLOCK, self._one.size))
            except PlaceError as error:
                problems.append(str(error))
        raise PlaceError("; ".join(problems) or f"{self._one.name} was shipped nowhere")


@functools.lru_cache(maxsize=_BLOCKS_KEPT)
def _block(place: str, start: int, end: int) -> bytes:
    return _range(place, start, end)


def _range(place: str, start: int, end: int) -> bytes:
    files, path = filesystem(place)
    with telling(place):
        data: bytes = files.cat_file(path, start=start, end=end)
    if len(data) != end - start:
        raise PlaceError(f"{place} ends at byte {start + len(data)}, before byte {end}: it was cut; ship it again")
    return data
