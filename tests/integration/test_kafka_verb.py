"""`foreshock kafka`, as a process: it serves until Ctrl-C and cleans up; without Java it says what to install."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from load.brokers.apache import ApacheKafka
from load.brokers.broker import BrokerUnavailableError
from load.brokers.health import serves
from load.cli.kafka import kafka as verb
from streams.cli.errors import ExitCode
from streams.cli.main import run


def test_it_serves_until_ctrl_c_and_removes_its_data(kafka: ApacheKafka) -> None:
    # The fixture is only here because it knows whether Apache Kafka can run.
    # A shell in the background starts its children deaf to SIGINT, and they would never hear it.
    hear = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    command = [sys.executable, "-u", "-c", f"{hear}; from load.cli.kafka import kafka; kafka()"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(5)]
        port = re.search(r"127\.0\.0\.1:(\d+)", lines[0])
        data = re.search(r"data +(\S+),", lines[1])
        assert port is not None
        assert data is not None
        assert serves("127.0.0.1", int(port[1]))
        assert Path(data[1]).exists()
        process.send_signal(signal.SIGINT)
        assert "stopped" in process.stdout.read()
    assert process.returncode == 0
    assert not serves("127.0.0.1", int(port[1]))
    assert not Path(data[1]).exists()


def test_a_port_that_is_taken(kafka: ApacheKafka, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["kafka", "--port", str(kafka.port)]) == ExitCode.USAGE
    assert f"foreshock: {kafka.name} cannot listen on {kafka.bootstrap_servers}: the port" in capsys.readouterr().err


def test_without_java_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(BrokerUnavailableError, match="install Java 17"):
        CliRunner().invoke(verb, catch_exceptions=False)
