"""The folder of an export: made beside its place and put there whole, never over what is not an export of ours."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from publish.export.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "datapackage.json"
NAME = "gongkai"


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
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
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


def _exchange(fresh: Path, folder: Path) -> None:
    """Put ``fresh`` in place of ``folder``; what stood there is removed only once the new one is there."""
    before = fresh.with_name(fresh.name + "-before")
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
