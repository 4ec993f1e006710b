"""The folder of an export: made beside its place and put there whole, never over what is not an export of ours."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from publish.export.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "datapackage.json"
NAME = "gongkai"
_BEFORE = "-before"


@contextlib.contextmanager
def new_export(folder: Path) -> Iterator[Path]:
    """An empty folder to write into, which takes the place of ``folder`` when the block ends well.

    Raises:
        ExportError: something stands there that is no export of ours, or it cannot be written (no space left).
    """
    folder = Path(folder).absolute()
    _refuse_what_is_not_ours(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh, lock = _begin(folder)
    except OSError as error:
        raise ExportError(f"{folder}: cannot be written there ({error.strerror}); name another folder") from error
    try:
        yield fresh
        fresh.chmod(0o755)  # mkdtemp makes a private one
        _refuse_what_is_not_ours(folder)
        _exchange(fresh, folder)
    except OSError as error:
        raise ExportError(f"{folder}: could not be written ({error.strerror or error}); nothing was changed") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        os.close(lock)


def _begin(folder: Path) -> tuple[Path, int]:
    """A new folder beside the place, locked until its file is closed; what a killed export left there is cleared up.

    The lock is the kernel's and ends with the process, so that a folder without one is nobody's any more. The folder
    above is locked meanwhile: nobody meets a new folder that has no lock yet.
    """
    above = os.open(folder.parent, os.O_RDONLY)
    try:
        fcntl.flock(above, fcntl.LOCK_EX)
        left = re.compile(rf"\.{re.escape(folder.name)}-[a-z0-9_]{{8}}(?P<before>{_BEFORE})?")
        for path in sorted(folder.parent.iterdir()):
            named = left.fullmatch(path.name)
            if named and not _is_locked(path.with_name(path.name.removesuffix(_BEFORE))):
                _clear_up(path, folder, is_before=bool(named["before"]))
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        lock = os.open(fresh, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        return fresh, lock
    finally:
        os.close(above)


def _is_locked(path: Path) -> bool:
    """Whether an export still writes into that folder."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _clear_up(path: Path, folder: Path, *, is_before: bool) -> None:
    """Remove what was begun; an export that was just moved out of its place goes back, if nothing stands there."""
    if is_before and not folder.exists():
        path.rename(folder)
    else:
        shutil.rmtree(path, ignore_errors=True)


def _exchange(fresh: Path, folder: Path) -> None:
    """Put ``fresh`` in place of ``folder``; what stood there is removed only once the new one is there."""
    before = fresh.with_name(fresh.name + _BEFORE)
    if folder.exists():
        folder.rename(before)
    try:
        fresh.rename(folder)
    except OSError:
        if before.exists():
            before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _refuse_what_is_not_ours(folder: Path) -> None:
    if not folder.is_symlink() and not folder.exists():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise ExportError(f"{folder} is no folder; name another one")
    if any(folder.iterdir()) and not _is_export(folder):
        raise ExportError(
            f"{folder} holds something that is no export of this program; name another folder or empty it"
        )


def _is_export(folder: Path) -> bool:
    try:
        package = json.loads((folder / MARK).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(package, dict) and package.get("name") == NAME
