"""The WARC files of a site while they are written: named, begun, appended to in one call, rotated, closed.

A file ends in ``.open`` until it is closed. What cannot be written whole is taken back.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from crawler.archive.errors import ArchiveFullError, ArchiveWriteError
from crawler.archive.warc import warcinfo

if TYPE_CHECKING:
    from pathlib import Path

OPEN = ".open"
ENDING = ".warc.gz"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def warc_paths(folder: Path) -> list[Path]:
    """The WARC files of a site in stored order, the one being written (``.open``) included."""
    return sorted([*folder.glob(f"*{ENDING}"), *folder.glob(f"*{ENDING}{OPEN}")], key=final_name)


def final_name(path: Path) -> str:
    """The name that a file has when it is closed: what index lines and Captures call it."""
    return path.name.removesuffix(OPEN)


def serial_of(name: str) -> int:
    """The number in a file's closed name; -1 if it has none."""
    number = name.removesuffix(ENDING).rpartition("-")[2]
    return int(number) if number.isdigit() else -1


def close_name(path: Path) -> None:
    """Take ``.open`` off a file's name, for good: its bytes and its folder's entry are on the disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
    path.rename(path.with_name(final_name(path)))
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's entries to the disk."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def write_whole(file: int, data: bytes, start: int, name: str) -> None:
    """Write at the end of a file that is ``start`` bytes long, in one call; cut it back to that if it fails.

    Raises:
        ArchiveFullError: the disk, the quota or the largest file size is exhausted.
        ArchiveWriteError: anything else.
    """
    try:
        written = os.write(file, data)
    except OSError as error:
        os.ftruncate(file, start)
        raise write_error(name, error) from error
    if written != len(data):
        os.ftruncate(file, start)
        raise ArchiveFullError(f"{name}: the disk is full; free space, then run again")


def write_error(name: str, error: OSError) -> ArchiveWriteError:
    """What the operating system said, as an error that says what to do."""
    if error.errno in _FULL:
        return ArchiveFullError(f"{name}: cannot be written ({error.strerror}); free space, then run again")
    return ArchiveWriteError(f"{name}: cannot be written ({error.strerror}); look at the disk and its rights")


@dataclass(slots=True)
class GrowingFile:
    """The file that a site's records are appended to; the next one is begun where it would grow beyond ``largest``."""

    folder: Path
    software: str
    largest: int
    taken: set[str] = field(default_factory=set)
    """Names of files that are no longer here: shipped, or lost."""
    path: Path | None = None
    size: int = 0
    head_size: int = 0
    _file: int = field(default=-1)

    @property
    def warc(self) -> str:
        """The file's closed name, relative to the archive's root."""
        assert self.path is not None
        return f"{self.folder.name}/{final_name(self.path)}"

    def append(self, data: bytes, date: str) -> int:
        """Write records in one call; the byte where they begin.

        Raises:
            ArchiveWriteError: they could not be written whole; nothing of them stays.
        """
        if self.path is None or self.size + len(data) > self.largest:
            self.close()
            self._begin(date)
        start = self.size
        write_whole(self._file, data, start, self.warc)
        self.size += len(data)
        return start

    def reader(self) -> BinaryIO:
        """The file, to be read."""
        assert self.path is not None
        return self.path.open("rb")

    def take_back(self, start: int) -> None:
        """Cut the file to what it was before an append that began at ``start``."""
        os.ftruncate(self._file, start)
        self.size = start

    def sync(self) -> None:
        """Bring what was appended to the disk."""
        if self.path is not None:
            os.fsync(self._file)

    def close(self) -> None:
        """End the file; it gets its closed name."""
        if self.path is None:
            return
        path, self.path = self.path, None
        os.close(self._file)
        close_name(path)

    def _begin(self, date: str) -> None:
        path = self.folder / self._next_name(date)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        head = warcinfo(final_name(path), date, self.software)
        try:
            write_whole(file, head, 0, path.name)
            sync_folder(self.folder)
        except BaseException:
            os.close(file)
            path.unlink()
            raise
        self.path, self._file, self.size, self.head_size = path, file, len(head), len(head)

    def _next_name(self, date: str) -> str:
        """Site, time, serial number. Never sorts before an older file, even where what it holds is older."""
        stamp, serial = "".join(c for c in date if c.isdigit())[:14].ljust(14, "0"), 0
        if earlier := {*map(final_name, warc_paths(self.folder)), *self.taken}:
            serial = max(map(serial_of, earlier)) + 1
            stamp = max(stamp, *(name.rsplit("-", 2)[-2] for name in earlier if name.count("-") > 1))
        return f"{self.folder.name}-{stamp}-{serial:05d}{ENDING}{OPEN}"
