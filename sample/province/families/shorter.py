"""Systems of which a line is known: where their lists and articles are."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sample.province.site import Site

if TYPE_CHECKING:
    from sample.province.columns import Column
    from sample.province.items import Item


def key_of(item: Item) -> str:
    """The key of an item's column."""
    return item.column.key if item.column else "zwgk"


def uuid(token: str) -> str:
    """32 hexadecimal digits as a UUID."""
    return f"{token[:8]}-{token[8:12]}-{token[12:16]}-{token[16:20]}-{token[20:32]}"


class Gongkai(Site):
    """Shandong: ``/gongkai/site_<s>/channel_<c>/`` → ``doc_<24hex>.html``."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/gongkai/site_{self.place.id}/channel_{column.hexadecimal[:24]}/{f'index_{number}.html' if number > 1 else ''}"

    def item_path(self, item: Item) -> str:
        channel = item.column.hexadecimal[:24] if item.column else "0"
        return f"/gongkai/site_{self.place.id}/channel_{channel}/doc_{item.token[:24]}.html"


class Hebei(Site):
    """``/columns/<uuid>/index.html`` → ``/columns/<uuid>/YYYYMM/DD/<uuid>.html``."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/columns/{uuid(column.hexadecimal)}/{f'index_{number}' if number > 1 else 'index'}.html"

    def item_path(self, item: Item) -> str:
        column = uuid(item.column.hexadecimal) if item.column else "0"
        return f"/columns/{column}/{item.month}/{item.day[6:]}/{uuid(item.token)}.html"


class Jeecms(Site):
    """``/<column>/index_2.jhtml`` is the second page, ``/<column>/<id>.jhtml`` an article."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/{column.key}/{f'index_{number}' if number > 1 else 'index'}.jhtml"

    def item_path(self, item: Item) -> str:
        return f"/{key_of(item)}/{item.serial}.jhtml"

    def attachment_path(self, item: Item, kind: str) -> str:
        return f"/u/cms/www/{item.month}/{item.day}{item.token[:6]}.{kind}"


class Areas(Site):
    """A city whose reports lie under ``/zfxxgk/zfxxgknb/<area>/<kind>/<unit>/<id>.shtml``."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/{self._folder(column.key)}/{f'index_{number}' if number > 1 else 'index'}.shtml"

    def _folder(self, key: str) -> str:
        kind, _, unit = key.removeprefix("zwgk/").removesuffix("/gknb").partition("/dw")
        return (
            f"zfxxgk/zfxxgknb/{self.place.id}/{kind}/{self.place.id}d{unit}"
            if key.endswith("/gknb")
            else f"zfxxgk/{key}"
        )

    def item_path(self, item: Item) -> str:
        return f"/{self._folder(key_of(item))}/{item.serial}.shtml"


class Dated(Site):
    """A city whose articles are ``/c/YYYY-MM-DD/<n>.shtml``, its columns known by alias."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/{column.key}/{f'index_{number}.shtml' if number > 1 else ''}"

    def item_path(self, item: Item) -> str:
        return f"/c/{item.date}/{item.serial}.shtml"


class CmsHtml(Site):
    """``/cms/html/<site>/YYYY-MM-DD/<n>.html``."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/cms/html/{self.place.id}/{column.key}/{f'list_{number}' if number > 1 else 'index'}.html"

    def item_path(self, item: Item) -> str:
        return f"/cms/html/{self.place.id}/{item.date}/{item.serial}.html"


class ArticleStamp(Site):
    """``/<site>/YYYY-MM/DD/article_<timestamp>.html``."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        return f"/{self.place.id}/{column.key}/{f'index_{number}.html' if number > 1 else ''}"

    def item_path(self, item: Item) -> str:
        stamp = f"{item.day}{item.serial:09d}" if not item.why else item.token
        return f"/{self.place.id}/{item.date[:7]}/{item.date[8:]}/article_{stamp}.html"


class Classes(Site):
    """``/class/<8 CAPITALS>`` and ``/gi_news/<n>``, both without an ending."""

    def list_path(self, column: Column, number: int, count: int) -> str:  # noqa: ARG002
        letters = "".join(chr(ord("A") + int(pair, 16) % 26) for pair in _pairs(column.hexadecimal))
        return f"/class/{letters}{f'/{number}' if number > 1 else ''}"

    def item_path(self, item: Item) -> str:
        moment = dt.date.fromisoformat(item.date).toordinal()
        return f"/gi_news/{moment * 86}{item.serial}"


def _pairs(token: str) -> list[str]:
    return [token[at : at + 2] for at in range(0, 16, 2)]
