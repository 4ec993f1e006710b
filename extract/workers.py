"""Work over an Executor: processes on this machine by default, in order, and one that dies costs one piece of work."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import threading
from collections import deque
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Work = TypeVar("Work")
Done = TypeVar("Done")

_AHEAD = 8


def process_pool(workers: int) -> ProcessPoolExecutor:
    """Fresh processes (spawn: nothing of the parent's state comes along) that end when their parent is killed."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=end_with_parent)


def end_with_parent() -> None:
    """Watch the parent from a thread; a pool's workers would otherwise wait for ever for work that never comes."""
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            multiprocessing.connection.wait([parent.sentinel])
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


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
    that kills that one too gives ``lost`` of it.
    """
    if workers == 1 and executor is None:
        yield from map(function, work)
        return
    done = 0
    try:
        with executor or process_pool(workers) as pool:
            for result in _ahead(pool, function, work, workers * _AHEAD):
                yield result
                done += 1
    except BrokenProcessPool:
        yield from _one_by_one(function, work[done:], lost)


def _ahead(pool: Executor, function: Callable[[Work], Done], work: Sequence[Work], ahead: int) -> Iterator[Done]:
    waiting = iter(work)
    futures = deque(pool.submit(function, piece) for piece in islice(waiting, ahead))
    while futures:
        yield futures.popleft().result()
        for piece in waiting:
            futures.append(pool.submit(function, piece))
            break


def _one_by_one(function: Callable[[Work], Done], work: Sequence[Work], lost: Callable[[Work], Done]) -> Iterator[Done]:
    for piece in work:
        try:
            with process_pool(1) as pool:
                result = pool.submit(function, piece).result()
        except BrokenProcessPool:
            result = lost(piece)
        yield result
