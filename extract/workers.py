"""Work over an Executor: processes on this machine by default, in order, and one that dies costs one piece of work."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from crawler.child import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

Work = TypeVar("Work")
Done = TypeVar("Done")

_AHEAD = 8


def process_pool(workers: int) -> ProcessPoolExecutor:
    """Fresh processes (spawn: nothing of the parent's state comes along) that end when their parent is killed."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)


def _begin() -> None:
    """Ctrl-C reaches every process of a terminal: the parent alone answers it, and the workers end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def in_order(
    function: Callable[[Work], Done],
    work: Sequence[Work],
    *,
    workers: int,
    lost: Callable[[Work], Done],
    executor: Executor | None = None,
) -> Iterator[Done]:
    """``function`` of each piece, in the order given, a few pieces ahead of what was taken.

    A worker process that dies breaks its pool: what was under way is then done again, a piece to a process; the piece
    that kills that one too gives ``lost`` of it, and the rest goes on in a new pool. An ``executor`` that is handed in
    stays open: it is its owner's.
    """
    if workers == 1 and executor is None:
        yield from map(function, work)
        return
    done, ahead = 0, workers * _AHEAD
    while done < len(work):
        try:
            for result in _ahead(executor, function, work[done:], workers):
                yield result
                done += 1
        except BrokenExecutor:
            executor = None
            for piece in work[done : done + ahead]:
                yield _alone(function, piece, lost)
                done += 1


def _ahead(
    executor: Executor | None, function: Callable[[Work], Done], work: Sequence[Work], workers: int
) -> Iterator[Done]:
    pool = executor or process_pool(workers)
    waiting = iter(work)
    futures: deque[Future[Done]] = deque()
    try:
        futures.extend(pool.submit(function, piece) for piece in islice(waiting, workers * _AHEAD))
        while futures:
            yield futures.popleft().result()
            futures.extend(pool.submit(function, piece) for piece in islice(waiting, 1))
    finally:
        for future in futures:
            future.cancel()
        if executor is None:
            pool.shutdown(cancel_futures=True)


def _alone(function: Callable[[Work], Done], piece: Work, lost: Callable[[Work], Done]) -> Done:
    try:
        with process_pool(1) as pool:
            return pool.submit(function, piece).result()
    except BrokenExecutor:
        return lost(piece)
