"""The server as it is started: it prints its address, answers, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from publish.serve import ServeError, build_datasette, serve

START = "import sys; from pathlib import Path; from publish.serve import serve; serve(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_goes_without_leaving_its_snapshot(fictional, tmp_path, ending):
    port = free_port()
    command = [sys.executable, "-c", START, str(fictional.db), str(fictional.archive), str(port)]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as server:
        try:
            address = f"http://127.0.0.1:{port}/"
            assert address in server.stdout.readline()
            assert patient(address).status == 200
            assert patient(address + "archive.db").status == 200
            assert len(list(tmp_path.glob("gongkai-*/archive.db"))) == 1
        finally:
            server.send_signal(ending)
        assert server.wait(20) == 0
        assert "Traceback" not in server.stdout.read()
    assert list(tmp_path.iterdir()) == []


def patient(address):
    """The answer, once the server listens."""
    for _ in range(100):
        try:
            return urllib.request.urlopen(address, timeout=10)
        except (ConnectionError, urllib.error.URLError):
            time.sleep(0.1)
    raise AssertionError(address)


def test_what_is_missing_is_named_with_what_makes_it(fictional, tmp_path):
    with pytest.raises(ServeError, match="gongkai extract"):
        build_datasette(tmp_path / "none.db", fictional.archive)
    with pytest.raises(ServeError, match="gongkai"):
        build_datasette(fictional.db, tmp_path / "none")


def test_a_port_that_is_in_use_is_told(fictional):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServeError, match="--port"):
            serve(fictional.db, fictional.archive, taken.getsockname()[1])
