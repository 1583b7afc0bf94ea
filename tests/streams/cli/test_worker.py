"""The verb `worker`: its roles, its signals and its exit codes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from load.brokers.broker import Broker
from streams.cli.errors import ExitCode
from streams.cli.main import run

ENDS_WITHIN_S = 20


def config(tmp_path: Path, bootstrap_servers: str, prefix: str = "prefix") -> str:
    path = tmp_path / "foreshock.yaml"
    path.write_text(
        f"broker: {{bootstrap_servers: '{bootstrap_servers}', session_timeout: 6s}}\n"
        f"topics: {{prefix: {prefix}}}\n"
        f"sources: [{{topic: {prefix}-source, entity: [host]}}]\n"
        f"worker: {{log_format: json, metrics: {{port: 0}}}}\n"
    )
    return str(path)


def test_an_unknown_role_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["worker", "--config", config(tmp_path, "127.0.0.1:1"), "--roles", "ingest,serve"]) == ExitCode.USAGE
    assert "there is no role 'serve'; the roles are ingest, forecast" in capsys.readouterr().err


def test_a_broker_that_is_not_there_has_its_own_exit_code(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "streams.cli", "worker", "--config", config(tmp_path, "127.0.0.1:1")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == ExitCode.BROKER
    [line] = ended.stderr.splitlines()
    assert line.startswith("foreshock: can't reach Kafka at 127.0.0.1:1 (broker.bootstrap_servers): ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("after", ['"worker starts"', '"forecast ready"'], ids=["starting", "ready"])
def test_signals_end_it_cleanly_and_soon(
    broker: Broker, topic_prefix: str, tmp_path: Path, number: signal.Signals, after: str
) -> None:
    log = tmp_path / "log"
    arguments = ["worker", "--config", config(tmp_path, broker.bootstrap_servers, topic_prefix[-40:].strip("-"))]
    with log.open("w") as output:
        process = subprocess.Popen([sys.executable, "-m", "streams.cli", *arguments], stderr=output)
        try:
            wait_for(log, after, process)
            os.kill(process.pid, number)
            assert process.wait(ENDS_WITHIN_S) == ExitCode.OK
        finally:
            process.kill()
            process.wait()
    assert "Traceback" not in log.read_text()


def wait_for(log: Path, text: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while text not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
