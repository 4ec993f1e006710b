"""Work over processes: in order, one that dies costs its own piece, and none outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extract.workers import in_order

ROOT = Path(__file__).parents[2]


def double(number):
    if number < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def refuse(number):
    raise ValueError(number)


def lost(number):
    return f"lost {number}"


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_work(workers):
    work = range(50)
    assert list(in_order(double, work, workers=workers, lost=lost)) == [2 * n for n in work]


def test_no_work_starts_no_process():
    assert list(in_order(double, [], workers=2, lost=lost)) == []


def test_a_piece_that_kills_its_process_is_lost_and_the_rest_goes_on():
    work = [*range(5), -1, *range(5, 40), -2, 40]
    expected = [lost(n) if n < 0 else 2 * n for n in work]
    assert list(in_order(double, work, workers=2, lost=lost)) == expected


def test_an_executor_that_is_handed_in_stays_open():
    with ThreadPoolExecutor(2) as executor:
        assert list(in_order(double, range(30), workers=2, lost=lost, executor=executor)) == [2 * n for n in range(30)]
        assert executor.submit(double, 4).result() == 8


def test_what_the_function_raises_is_raised_to_the_caller():
    with pytest.raises(ValueError, match="7"):
        list(in_order(refuse, [7, 8], workers=2, lost=lost))


def test_workers_end_with_a_parent_that_is_killed():
    code = (
        "from extract.workers import process_pool\nimport os, time\n"
        "pool = process_pool(2)\n"
        "print(*{pool.submit(os.getpid).result() for _ in range(4)}, flush=True)\n"
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
