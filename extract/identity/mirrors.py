"""Hosts that copy government pages: what they say of themselves is no evidence (config/mirrors.txt)."""

from __future__ import annotations

from pathlib import Path

CONFIG = Path(__file__).resolve().parent.parent.parent / "config" / "mirrors.txt"


def read_mirrors(path: Path = CONFIG) -> frozenset[str]:
    """The hosts of the list, without www; lines with # are remarks."""
    lines = (line.split("#")[0].strip().lower() for line in path.read_text(encoding="utf-8").splitlines())
    return frozenset(line.removeprefix("www.") for line in lines if line)
