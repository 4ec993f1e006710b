"""The fictional site, built once; and a way to ask it for pages."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from publish.serve import build_datasette
from tests.publish.fictional_site import Site, build


@dataclass(frozen=True)
class Visitor:
    """Asks the site for pages, without a network."""

    site: Site

    def get(self, path: str):
        return asyncio.run(self._get(path))

    async def _get(self, path: str):
        datasette = build_datasette(self.site.db, self.site.archive)
        await datasette.invoke_startup()
        return await datasette.client.get(path)

    def report(self, name: str, rest: str = "") -> str:
        return f"/report/{self.site.keys[name]}{rest}"


@pytest.fixture(scope="session")
def fictional(tmp_path_factory) -> Site:
    return build(tmp_path_factory.mktemp("fictional"))


@pytest.fixture
def visitor(fictional) -> Visitor:
    return Visitor(fictional)
