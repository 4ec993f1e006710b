"""The place of an export after bad luck: what was killed is cleared up, what is being written is left alone."""

import subprocess
import sys
import textwrap

import pytest

from publish.export.place import MARK, new_export

OURS = '{"name": "gongkai"}'
WRITER = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from publish.export.place import new_export
    with new_export(Path(sys.argv[1])) as fresh:
        (fresh / "half.csv").write_text("half")
        print(fresh, flush=True)
        time.sleep(60)
""")


def begun(folder):
    """A process that writes an export and does not come to its end; and where it writes."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


def hidden(folder):
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def write(folder, words):
    with new_export(folder) as fresh:
        (fresh / MARK).write_text(OURS)
        (fresh / "panel.csv").write_text(words)


def test_what_a_killed_export_left_is_cleared_up_by_the_next(tmp_path):
    process, _ = begun(tmp_path / "out")
    process.kill()
    process.communicate()
    assert len(hidden(tmp_path)) == 1
    write(tmp_path / "out", "whole")
    assert hidden(tmp_path) == []
    assert (tmp_path / "out" / "panel.csv").read_text() == "whole"


def test_an_export_that_is_still_written_is_left_alone(tmp_path):
    process, fresh = begun(tmp_path / "out")
    try:
        write(tmp_path / "out", "whole")
        assert [str(tmp_path / name) for name in hidden(tmp_path)] == [fresh]
        assert (tmp_path / "out" / "panel.csv").read_text() == "whole"
    finally:
        process.kill()
        process.communicate()


def test_an_export_that_a_kill_left_out_of_its_place_goes_back(tmp_path):
    write(tmp_path / "out", "old")
    (tmp_path / "out").rename(tmp_path / ".out-abcdefgh-before")
    with pytest.raises(RuntimeError), new_export(tmp_path / "out"):
        raise RuntimeError
    assert (tmp_path / "out" / "panel.csv").read_text() == "old"
    assert hidden(tmp_path) == []


@pytest.mark.parametrize("name", [".out-2-abcdefgh", ".out-short", ".other-abcdefgh", ".outabcdefgh"])
def test_nothing_else_is_touched(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "kept").write_text("kept")
    write(tmp_path / "out", "whole")
    assert (tmp_path / name / "kept").read_text() == "kept"
