"""The columns of the long files, with their words: Parquet, codebook and datapackage.json say the same of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from publish.export.variables import described

Kind = Literal["string", "category", "integer", "number", "boolean", "strings"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a long file. ``said``: a table.column of config/datasette.yml, or the words: Chinese / English."""

    name: str
    kind: Kind
    said: str

    def words(self) -> tuple[str, str]:
        """What it means, in Chinese and in English."""
        if " / " not in self.said:
            return described(self.said)
        zh, _, en = self.said.partition(" / ")
        return zh, en
