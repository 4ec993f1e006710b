"""A Dask cluster as an Executor, with what can go wrong there in words. Needs the extra ``cluster``.

Dask runs a task at least once: where a worker dies, another has its task from the start, and finds in the archive what
is stored there. A worker that is cut off but alive may go on beside its successor on another machine, until the cluster
drops it (``distributed.scheduler.worker-ttl``); on one machine the locks of site and address forbid it.
"""

from __future__ import annotations

from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ANSWER_SECONDS = 10

Done = TypeVar("Done")


class ClusterError(Exception):
    """The cluster is not there, or was lost; the message says what to do."""


class TaskLostError(Exception):
    """A task cost too many workers their lives, and is left."""


@contextmanager
def on_cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """An executor over the cluster's workers, and how many tasks they take at once.

    A task's future raises TaskLostError if its workers died again and again.

    Raises:
        ClusterError: no scheduler answers, no worker is there, the scheduler was lost, a worker cannot do the work.
    """
    try:
        from distributed import Client  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise ClusterError("--cluster needs what is optional; install it: make setup EXTRAS=all") from error
    try:
        client = Client(address, timeout=_ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no scheduler answers at {address}; start one with: dask scheduler, and give its address (tcp://HOST:8786)"
        ) from error
    with client:
        slots = sum(client.nthreads().values())
        if not slots:
            raise ClusterError(f"the scheduler at {address} has no worker; start some with: dask worker {address}")
        yield _Workers(client.get_executor(pure=False), address), slots


class _Workers(Executor):
    def __init__(self, executor: Executor, address: str) -> None:
        self._executor = executor
        self._address = address

    def submit(self, function: Callable[..., Done], /, *args: Any, **kwargs: Any) -> Future[Done]:
        told: Future[Done] = Future()
        future = self._executor.submit(function, *args, **kwargs)
        future.add_done_callback(lambda done: self._pass_on(done, told))
        return told

    def _pass_on(self, done: Future[Done], told: Future[Done]) -> None:
        from distributed import KilledWorker  # noqa: PLC0415  # an extra

        try:
            told.set_result(done.result())
        except KilledWorker as error:
            told.set_exception(TaskLostError(f"its workers died: {error}"))
        except CancelledError:
            told.set_exception(
                ClusterError(
                    f"the scheduler at {self._address} was lost; what was crawled is stored. Run the same again when "
                    "it is back: it goes on where it was"
                )
            )
        except Exception as error:  # noqa: BLE001  # raised again where the result is asked for
            told.set_exception(error)
