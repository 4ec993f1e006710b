"""Work over processes: in order, one that dies, hangs or swells costs its own piece, and none outlives its parent."""

import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from extract.limited_pool import LimitedPool, WorkLost
from extract.workers import Limits, in_order

ROOT = Path(__file__).parents[2]


def double(number):
    if number < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def refuse(number):
    raise ValueError(number)


def lost(number, reason):
    return f"lost {number}: {reason}"


def misbehave(what):
    if what == "sleep":
        time.sleep(600)
    if what == "spin":  # holds the interpreter's lock all the while
        re.match(r"(a|aa)+$", "a" * 60 + "b")
    if what == "swell":
        return len(bytearray(b"1") * (2 << 30))
    if what == "abort":
        os.abort()
    if what == "exit":
        os._exit(3)
    if what == "connect":
        socket.create_connection(("127.0.0.1", 9), timeout=5)
    if what == "run":
        subprocess.run(["true"], check=True)
    if what == "unpicklable":
        return lambda: what
    return what


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_work(workers):
    work = range(50)
    assert list(in_order(double, work, workers=workers, lost=lost)) == [2 * n for n in work]


def test_no_work_starts_no_process():
    assert list(in_order(double, [], workers=2, lost=lost)) == []


def test_a_piece_that_kills_its_process_is_lost_and_the_rest_goes_on():
    work = [*range(5), -1, *range(5, 40), -2, 40]
    reason = "the reader's process died on this document (SIGKILL); please report it"
    expected = [lost(n, reason) if n < 0 else 2 * n for n in work]
    assert list(in_order(double, work, workers=2, lost=lost)) == expected


def test_an_executor_that_is_handed_in_stays_open():
    with ThreadPoolExecutor(2) as executor:
        assert list(in_order(double, range(30), workers=2, lost=lost, executor=executor)) == [2 * n for n in range(30)]
        assert executor.submit(double, 4).result() == 8


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("sleep", "reading it took longer than 2 s (--time-limit); open it and save it anew"),
        ("spin", "reading it took longer than 2 s (--time-limit); open it and save it anew"),
        ("swell", "reading it takes more than 256 MB of memory (--memory-limit); open it and save it anew"),
        ("abort", "(SIGABRT, as when memory beyond --memory-limit is asked for); please report it"),
        ("exit", "the reader's process died on this document (exit status 3); please report it"),
    ],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_piece_beyond_its_limits_is_lost_with_the_reason_and_the_rest_goes_on(what, reason, workers):
    found = list(in_order(misbehave, ["a", what, "b", "c"], workers=workers, lost=lost, limits=Limits(2, 256)))
    assert found[0::2] + found[3:] == ["a", "b", "c"]
    assert found[1].startswith(f"lost {what}: ")
    assert found[1].endswith(reason)


@pytest.mark.parametrize("what", ["connect", "run"])
def test_a_worker_reaches_no_network_and_starts_no_program(what):
    with pytest.raises(PermissionError, match="reading a document does no"):
        list(in_order(misbehave, [what], workers=1, lost=lost))


def test_what_cannot_be_sent_back_is_told():
    with pytest.raises(Exception, match="pickle"):
        list(in_order(misbehave, ["unpicklable"], workers=1, lost=lost))


def test_an_executor_that_breaks_is_replaced():
    work = [1, -1, 2]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        found = list(in_order(double, work, workers=1, lost=lost, executor=executor))
    assert found[0::2] == [2, 4]
    assert found[1].startswith("lost -1")


def test_a_pool_that_is_left_by_an_exception_waits_for_nothing():
    started = time.monotonic()
    pool = LimitedPool(1, Limits())
    first, second = pool.submit(time.sleep, 600), pool.submit(double, 1)
    while not first.running():
        time.sleep(0.01)
    with pytest.raises(KeyboardInterrupt), pool:
        raise KeyboardInterrupt
    assert time.monotonic() - started < 30
    with pytest.raises(WorkLost):
        first.result()
    assert second.cancelled()
    with pytest.raises(RuntimeError):
        pool.submit(double, 1)


def test_ctrl_c_ends_a_reading_at_once_and_quietly(tmp_path):
    slow = tmp_path / "slow.txt"
    os.mkfifo(slow)  # opening it waits for a writer that never comes
    (tmp_path / "a.txt").write_text("规章")
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from extract.workers import in_order\nimport pathlib, sys\n"
        "for result in in_order(pathlib.Path.read_bytes, [pathlib.Path(p) for p in sys.argv[1:]], workers=2,\n"
        "                       lost=lambda piece, reason: reason): print(len(result), flush=True)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "a.txt"), str(slow)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout.readline() == "6\n"
    os.killpg(parent.pid, signal.SIGINT)
    _, complaint = parent.communicate(timeout=30)
    assert complaint.count("Traceback") == 1  # the parent's own, which the command line turns into one word
    assert complaint.rstrip().endswith("KeyboardInterrupt")


def test_what_the_function_raises_is_raised_to_the_caller():
    with pytest.raises(ValueError, match="7"):
        list(in_order(refuse, [7, 8], workers=2, lost=lost))


def test_workers_end_with_a_parent_that_is_killed():
    code = (
        "from extract.limited_pool import LimitedPool, Limits\nimport os, time\n"
        "pool = LimitedPool(2, Limits())\n"
        "print(*{f.result() for f in [pool.submit(os.getpid) for _ in range(40)]}, flush=True)\n"
        "pool.submit(time.sleep, 600)\ntime.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    children = [int(pid) for pid in parent.stdout.readline().split()]
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while any(map(_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert children
    assert not any(map(_alive, children))


def _alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
