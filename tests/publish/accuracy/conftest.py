"""A sample of the fictional site, and people who fill in its sheets."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from publish.accuracy.folder import write

if TYPE_CHECKING:
    from pathlib import Path

SAID = {"blank": "空白", "na_mark": "/", "absent": "缺格", "unreadable": "难辨"}


def printed(item: dict) -> str:
    """What a reader types who sees in the original just what we read."""
    return f"{item['value']:g}" if item["state"] == "number" else SAID[item["state"]]


@dataclass(frozen=True)
class Readers:
    """The folder of a sample, and how its sheets are filled in."""

    folder: Path

    @property
    def told(self) -> dict:
        return json.loads((self.folder / "sample.json").read_text("utf-8"))

    def rows(self, name: str) -> list[dict]:
        return list(csv.DictReader(io.StringIO((self.folder / name).read_bytes().decode("utf-8-sig"))))

    def save(self, name: str, rows: list[dict], *, encoding: str = "utf-8-sig", separator: str = ",") -> None:
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0], delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
        (self.folder / name).write_bytes(out.getvalue().encode(encoding))

    def fill(self, name: str, other: dict[int, str] | None = None, **how: str) -> None:
        """Everything as we read it, but for ``other``."""
        items = {item["number"]: item for item in self.told["items"]}
        rows = self.rows(name)
        for row in rows:
            number = int(row["item"])
            row["printed"] = (other or {}).get(number) or printed(items[number])
        self.save(name, rows, **how)


@pytest.fixture(scope="session")
def drawn(fictional, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "s"
    write(folder, fictional.db, Archive(fictional.archive), 60, seed=7, drawn_on="2026-04-01")
    return folder


@pytest.fixture
def readers(drawn, tmp_path) -> Readers:
    shutil.copytree(drawn, tmp_path / "s")
    return Readers(tmp_path / "s")
