"""Systems whose articles are long numbers, programs that take one, and a page made by hand."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sample.province.families.shorter import key_of
from sample.province.site import Site

if TYPE_CHECKING:
    from sample.province.columns import Column
    from sample.province.items import Item


def milliseconds(item: Item) -> int:
    """The moment of publication, made unlike every other by the serial."""
    day = dt.datetime.fromisoformat(f"{item.date}T01:30:00+00:00")
    return int(day.timestamp()) * 1000 + item.serial


class ObjectId(Site):
    """``<directory>/<24hex>.html``, of which the first eight are the time."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/{column.key}/{f'{number}.html' if number > 1 else ''}"

    def item_path(self, item: Item) -> str:
        return f"/{key_of(item)}/{milliseconds(item) // 1000:08x}{item.token[:16]}.html"


class Snowflake(Site):
    """``<directory>/<19 digits>.html``; the pager is a script's that counts from 0."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/{column.key}/{f'index_{number - 1}.html' if number > 1 else ''}"

    def pager(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"<script>var pagination_script_config = {{total: {count}, current: {number - 1}, name: 'index', ext: 'html'}};</script>"

    def item_path(self, item: Item) -> str:
        return f"/{key_of(item)}/{milliseconds(item) * 10**6 + item.serial}.html"


class SixteenDigits(Site):
    """``/html/<SITE>/YYYYMM/<16 digits>.html``: 0, a moment in milliseconds, two more."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/html/{self.place.id.upper()}/{column.key}/{f'index_{number}' if number > 1 else 'index'}.html"

    def item_path(self, item: Item) -> str:
        return f"/html/{self.place.id.upper()}/{item.month}/0{milliseconds(item)}{item.serial % 100:02d}.html"


class StampDirectories(Site):
    """``<directory>/<18 digits>/index.shtml``: an article's address looks like a column's."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/{self.place.id}/{column.key}/{f'index_{number}' if number > 1 else 'index'}.shtml"

    def item_path(self, item: Item) -> str:
        return f"/{self.place.id}/{key_of(item)}/{milliseconds(item)}{item.serial % 10**5:05d}/index.shtml"


class Aspx(Site):
    """``/InfoPublic.aspx?cid=&page=`` and ``/InfoShow.aspx?id=``."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/InfoPublic.aspx?cid={column.number}{f'&page={number}' if number > 1 else ''}"

    def item_path(self, item: Item) -> str:
        return f"/InfoShow.aspx?id={item.serial}"

    def attachment_path(self, item: Item, kind: str) -> str:
        return f"/UpLoadFiles/{item.month}/{item.token[:16]}.{kind}"


class HandMade(Site):
    """A township's own pages: lists with 下一页 alone, articles by number."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/{column.key}/list_{number}.html"

    def pager(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f'<p><a href="list_{number + 1}.html">下一页</a></p>' if number < count else ""

    def item_path(self, item: Item) -> str:
        return f"/{key_of(item)}/{item.serial}.html"

    def article(self, item: Item, text: str, attached: str) -> str:
        return f"<h1>{item.title}</h1><p>时间：{item.date}</p>{text}{attached}"
