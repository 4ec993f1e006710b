"""An Executor whose worker processes are held to limits: a piece of work that breaks them is lost, its worker with it.

ProcessPoolExecutor breaks as a whole when one worker dies, and waits for ever for one that hangs. Here a thread keeps
each worker, gives it one piece at a time and ends it when the time is up; the next piece gets a new one.

In a worker: memory is limited by the kernel (RLIMIT_DATA: what is allocated, not what is mapped or reserved; Linux
alone holds to it). The interpreter refuses connections and other programs: decoders ask for neither, so that is a
second lock and no sandbox; C code is not held by it. A worker whose parent was killed ends, at the latest when its
time is up.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import pickle
import queue
import resource
import signal
import sys
import threading
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any, TypeVar

from crawler.child import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

Done = TypeVar("Done")

_GRACE = 5.0  # seconds that a worker whose parent no longer watches has beyond the limit
_PIECES_A_WORKER = 500  # then it makes way for a new one: what leaks and what memory is in shreds ends with it
_FORBIDDEN = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.sendto",
        "subprocess.Popen",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.system",
        "pty.spawn",
    }
)


_RECOGNISES = find_spec("rapidocr") is not None  # text recognition loads 1.3 GB and takes two seconds a page
USUAL_SECONDS, USUAL_MEGABYTES = (600, 3072) if _RECOGNISES else (120, 1024)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a piece of work may take: ``seconds`` from when a worker has it, ``megabytes`` of memory of its process."""

    seconds: float = USUAL_SECONDS
    megabytes: int = USUAL_MEGABYTES


class WorkLost(Exception):  # noqa: N818  # reads as what it is
    """A piece of work broke its limits or its worker; the message says how, in one line."""


class LimitedPool(Executor):
    """Fresh processes (spawn: nothing of the parent's state comes along), started as work comes, up to ``workers``.

    The future of a piece that was lost raises WorkLost. Left by an exception (Ctrl-C too), the pool ends its workers at
    once; otherwise it waits for what was submitted, as every Executor.
    """

    def __init__(self, workers: int, limits: Limits) -> None:
        self._most = workers
        self._limits = limits
        self._work: queue.SimpleQueue[tuple[Future[Any], bytes] | None] = queue.SimpleQueue()
        self._keepers: list[_Keeper] = []
        self._closed = False

    def submit(self, function: Callable[..., Done], /, *args: Any, **kwargs: Any) -> Future[Done]:
        """The future of a call in a worker; function, arguments and result are pickled."""
        if self._closed:
            raise RuntimeError("this pool was shut down")
        future: Future[Done] = Future()
        self._work.put((future, pickle.dumps((function, args, kwargs))))
        if len(self._keepers) < self._most:
            self._keepers.append(_Keeper(self._work, self._limits))
            self._keepers[-1].start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work; workers end when what was submitted is done, or cancelled before it began."""
        if not self._closed:
            self._closed = True
            while cancel_futures and (waiting := _next(self._work)) is not None:
                waiting[0].cancel()
            for _ in self._keepers:
                self._work.put(None)
        for keeper in self._keepers if wait else ():
            keeper.join()

    def end(self) -> None:
        """End the workers at once: what is under way is lost, what waits is cancelled."""
        for keeper in self._keepers:
            keeper.end()
        self.shutdown(cancel_futures=True)

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self.shutdown()
        else:
            self.end()


def _next(work: queue.SimpleQueue[tuple[Future[Any], bytes] | None]) -> tuple[Future[Any], bytes] | None:
    try:
        return work.get_nowait()
    except queue.Empty:
        return None


class _Keeper(threading.Thread):
    """Keeps one worker at work, and makes a new one where it was lost."""

    def __init__(self, work: queue.SimpleQueue[tuple[Future[Any], bytes] | None], limits: Limits) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._limits = limits
        self._worker: _Worker | None = None
        self._lock = threading.Lock()
        self._ended = False

    def run(self) -> None:
        # Ctrl-C reaches every process of a terminal; the parent's main thread alone answers it: workers are born with
        # the mask of the thread that starts them. (The tracker unmasks it when it starts, so it is started before.)
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        while (piece := self._work.get()) is not None:
            future, call = piece
            if future.set_running_or_notify_cancel():
                self._do(future, call)
        self._dismiss()

    def _do(self, future: Future[Any], call: bytes) -> None:
        try:
            raised, result = self._ready().answer(call)
        except WorkLost as lost:
            self._dismiss()
            future.set_exception(lost)
        except Exception as error:  # noqa: BLE001  # no worker can be started, say: the caller must know
            self._dismiss()
            future.set_exception(error)
        else:
            future.set_exception(result) if raised else future.set_result(result)

    def _ready(self) -> _Worker:
        if self._worker is not None and self._worker.pieces >= _PIECES_A_WORKER:
            self._dismiss()
        with self._lock:
            if self._ended:
                raise WorkLost("the work was broken off")
            self._worker = self._worker or _Worker(self._limits)
            return self._worker

    def _dismiss(self) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def end(self) -> None:
        """From another thread: kill the worker; the keeper sees it and takes no more work."""
        with self._lock:
            self._ended = True
            if self._worker is not None:
                self._worker.process.kill()


class _Worker:
    """The parent's side of a worker process."""

    def __init__(self, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self.limits = limits
        self.pieces = 0
        self.connection, other = context.Pipe()
        level = logging.getLogger().getEffectiveLevel()
        self.process = context.Process(target=_serve, args=(other, limits, level), daemon=True)
        self.process.start()
        other.close()

    def answer(self, call: bytes) -> tuple[bool, Any]:
        """Whether the call raised, and what it raised or returned."""
        self.pieces += 1
        try:
            self.connection.send_bytes(call)
            if not self.connection.poll(self.limits.seconds):
                self.process.kill()
                raise WorkLost(_too_long(self.limits))
            answer = self.connection.recv_bytes()
        except (EOFError, OSError) as error:
            self.process.join()
            raise WorkLost(_died(self.process.exitcode or 0, self.limits)) from error
        if not answer:
            raise WorkLost(_too_much(self.limits))
        raised, result = pickle.loads(answer)  # noqa: S301  # from our own child, which was told to read, not to run
        return bool(raised), result

    def close(self) -> None:
        """Let the process end: it does when nothing more can come; one that does not listen is killed."""
        self.connection.close()
        self.process.join(_GRACE)
        self.process.kill()
        self.process.join()


def _too_long(limits: Limits) -> str:
    return f"reading it took longer than {limits.seconds:g} s (--time-limit); open it and save it anew"


def _too_much(limits: Limits) -> str:
    return f"reading it takes more than {limits.megabytes} MB of memory (--memory-limit); open it and save it anew"


def _died(code: int, limits: Limits) -> str:
    if code == -signal.SIGALRM:
        return _too_long(limits)
    name = signal.Signals(-code).name if code < 0 else f"exit status {code}"
    hint = ", as when memory beyond --memory-limit is asked for" if code in (-signal.SIGABRT, -signal.SIGTRAP) else ""
    return f"the reader's process died on this document ({name}{hint}); please report it"


def _serve(connection: Connection, limits: Limits, level: int) -> None:
    """A worker process: answers calls until nothing more can come. An empty answer means: not enough memory."""
    _begin(limits, level)
    while True:
        try:
            call = connection.recv_bytes()
        except (EOFError, OSError):
            return
        # Its default action ends the process, whatever it is at, even where nobody watches any more.
        signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE)
        try:
            connection.send_bytes(_answered(call))
        except MemoryError:
            connection.send_bytes(b"")
            return
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answered(call: bytes) -> bytes:
    try:
        function, args, kwargs = pickle.loads(call)  # noqa: S301  # from our own parent
        return pickle.dumps((False, function(*args, **kwargs)))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # raised again by the parent
        try:
            return pickle.dumps((True, error))
        except Exception:  # noqa: BLE001  # an exception that holds what cannot be pickled
            return pickle.dumps((True, RuntimeError(repr(error))))


def _begin(limits: Limits, level: int) -> None:
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it complains of every oddity of a font
    end_with_parent()
    most = limits.megabytes << 20
    for kind, soft in ((resource.RLIMIT_DATA, most), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # a system that has no such limit, or a lower one
            resource.setrlimit(kind, (soft, resource.getrlimit(kind)[1]))
    sys.addaudithook(_refuse)


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(f"reading a document does no {event}")
