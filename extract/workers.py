"""Work over an Executor: limited processes on this machine by default, in order; a piece that is lost costs itself."""

from __future__ import annotations

import logging
from collections import deque
from concurrent.futures import BrokenExecutor
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from extract.limited_pool import LimitedPool, Limits, WorkLost

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from concurrent.futures import Executor, Future

__all__ = ["Limits", "in_order"]

Work = TypeVar("Work")
Done = TypeVar("Done")

log = logging.getLogger(__name__)

_AHEAD = 8
_DEFAULT = Limits()


def in_order(
    function: Callable[[Work], Done],
    work: Sequence[Work],
    *,
    workers: int,
    lost: Callable[[Work, str], Done],
    limits: Limits = _DEFAULT,
    executor: Executor | None = None,
) -> Generator[Done]:
    """``function`` of each piece, in the order given, a few pieces ahead of what was taken.

    A piece that takes more time or memory than ``limits``, or kills its worker, gives ``lost`` of it and the reason.
    An ``executor`` that is handed in has its own limits, and stays open: it is its owner's. If it breaks, what it has
    not done is done by processes of our own. Closed early (contextlib.closing), it ends them.
    """
    done = 0
    if executor is not None:
        try:
            for result in _ahead(executor, function, work, workers, lost):
                yield result
                done += 1
        except BrokenExecutor as error:
            log.warning("the executor broke (%s); going on with processes of this machine", error)
    if done < len(work):
        with LimitedPool(workers, limits) as pool:
            yield from _ahead(pool, function, work[done:], workers, lost)


def _ahead(
    pool: Executor,
    function: Callable[[Work], Done],
    work: Sequence[Work],
    workers: int,
    lost: Callable[[Work, str], Done],
) -> Iterator[Done]:
    waiting = iter(work)
    under_way: deque[tuple[Work, Future[Done]]] = deque()

    def take(count: int) -> None:
        under_way.extend((piece, pool.submit(function, piece)) for piece in islice(waiting, count))

    try:
        take(workers * _AHEAD)
        while under_way:
            piece, future = under_way.popleft()
            yield _result(future, piece, lost)
            take(1)
    finally:
        for _, future in under_way:
            future.cancel()


def _result(future: Future[Done], piece: Work, lost: Callable[[Work, str], Done]) -> Done:
    try:
        return future.result()
    except WorkLost as error:
        return lost(piece, str(error))
    except MemoryError:
        return lost(piece, "reading it takes more memory than there is; open it and save it anew")
