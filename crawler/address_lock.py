"""One crawl at a time at an address, whatever processes crawl into the same archive.

Groups of sites are made from what the DNS says when a crawl begins. A second crawl that runs beside it knows nothing
of them, and a name may lead elsewhere by the time its turn comes: so each site takes the addresses that its host has
then, and keeps them until it is done. The locks are flocks, which end with their process. They lie in the archive: who
shares it shares them, also a service that has a /tmp of its own. Crawls into two archives know nothing of each other.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import logging
import os
import time
from contextlib import ExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from crawler.groups import addresses_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

LOCKS = ".locks"
_LOOK_SECONDS = 0.5
PATIENCE = 300.0

log = logging.getLogger(__name__)


class AddressTakenError(Exception):
    """Another crawl is at the address; the message says what to do."""


def folder_of(archive_root: Path) -> Path:
    """Where the locks of an archive's crawls are. Its files are empty, a few for each host, and are never removed."""
    return archive_root / LOCKS


@asynccontextmanager
async def alone_at(
    folder: Path,
    host: str,
    *,
    patience: float = PATIENCE,
    resolve: Callable[[str], frozenset[str]] = addresses_of,
) -> AsyncIterator[bool]:
    """Hold a host's addresses; waits up to ``patience`` seconds for each. Yields whether it had to wait.

    Raises:
        AddressTakenError: one is still taken then.
    """
    found = await asyncio.to_thread(_addresses, folder, host, resolve)
    waited = False
    with ExitStack() as held:
        for address in sorted({f"host {host}", *found}):  # in one order everywhere: no two wait for each other
            file = os.open(folder / hashlib.sha256(address.encode()).hexdigest(), os.O_RDWR | os.O_CREAT, 0o666)
            held.callback(os.close, file)
            waited |= await _lock(file, address, patience)
        yield waited


def _addresses(folder: Path, host: str, resolve: Callable[[str], frozenset[str]]) -> frozenset[str]:
    folder.mkdir(parents=True, exist_ok=True)
    return resolve(host)


async def _lock(file: int, address: str, patience: float) -> bool:
    """Whether it was waited for."""
    end, told = time.monotonic() + patience, False
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise AddressTakenError(
                    f"another crawl is at its address ({address}); run it again when that one is done"
                ) from None
            if not told:
                log.info("%s: waiting for the crawl that is there", address)
                told = True
            await asyncio.sleep(min(_LOOK_SECONDS, patience))
        else:
            return told
