"""SHA256SUMS: what `sha256sum -c` reads."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "SHA256SUMS"


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of the folder, by name, in order."""
    return {path.name: _digest(path) for path in sorted(folder.iterdir()) if path.is_file()}


def digests_of(folder: Path, name: str) -> dict[str, str]:
    """The SHA-256 of one file."""
    return {name: _digest(folder / name)}


def write_checksums(folder: Path, known: Mapping[str, str]) -> None:
    (folder / NAME).write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(known.items())), "utf-8")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
