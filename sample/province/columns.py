"""A column of a site: what it lists, what lies below it, how links to it are called."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sample.province.items import chance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sample.province.items import Item


@dataclass(eq=False)
class Column:
    """``key``: path-like and unique on its site, of which a system makes its own kind of address.

    ``shown``: what links to it are called where that is not its name; ``kind``: the standard's ColumnType, if stated.
    ``hidden``: no menu leads there; its items are linked from elsewhere.
    """

    key: str
    name: str
    items: list[Item] = field(default_factory=list)
    children: list[Column] = field(default_factory=list)
    shown: str = ""
    kind: str = ""
    hidden: bool = False

    @cached_property
    def number(self) -> int:
        """A number of its own, as systems that number their columns give it."""
        return 100_000 + chance(self.key) % 900_000

    @cached_property
    def hexadecimal(self) -> str:
        """32 hexadecimal digits of its own."""
        return hashlib.md5(self.key.encode(), usedforsecurity=False).hexdigest()

    def takes(self, items: list[Item]) -> Column:
        """Itself, as the home of these items."""
        self.items = sorted(items, key=lambda item: (item.date, item.serial), reverse=True)
        for item in items:
            item.column = self
        return self

    def all_below(self) -> Iterator[Column]:
        """Itself and every column below."""
        yield self
        for child in self.children:
            yield from child.all_below()
