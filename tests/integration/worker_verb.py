"""`foreshock worker` as a process of a test: its log, its exit code, and what it tells over HTTP."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import orjson
import yaml
from prometheus_client.parser import text_string_to_metric_families

WITHIN_S = 60.0


class WorkerVerb:
    """Started at once; a context manager, at whose end it is killed if it still runs."""

    def __init__(self, directory: Path, name: str, settings: dict[str, Any], release: str = "") -> None:
        """`release` is Python that makes another release of what is imported: it runs first."""
        self._log = directory / f"{name}.log"
        config = directory / f"{name}.yaml"
        config.write_text(yaml.safe_dump(settings))
        program = ["-c", f"{release}\nfrom streams.cli.main import main\nmain()"] if release else ["-m", "streams.cli"]
        with self._log.open("w") as output:
            self._process = subprocess.Popen(
                [sys.executable, *program, "worker", "--config", str(config)], stderr=output
            )
        self._address = ""

    def __enter__(self) -> "WorkerVerb":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def log(self) -> str:
        return self._log.read_text()

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def send(self, number: signal.Signals) -> None:
        os.kill(self._process.pid, number)

    def code(self, within_s: float = WITHIN_S) -> int:
        """Its exit code, once it has ended."""
        try:
            return self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(self.log) from None

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The lines of its log with this event."""
        lines = [orjson.loads(line) for line in self.log.splitlines() if line.startswith("{") and line.endswith("}")]
        return [line for line in lines if line["event"] == event]

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body; status 0 while nobody listens."""
        lines = self.logged("metrics and health")
        if not lines:
            return 0, b""
        try:
            with urlopen(lines[0]["address"].replace("/metrics", path), timeout=5) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, error.read()
        except (URLError, OSError):
            return 0, b""

    def metrics(self) -> dict[tuple[str, tuple[str, ...]], float]:
        """Every figure by its name and the values of its labels, in the order of the labels' names."""
        families = text_string_to_metric_families(self.get("/metrics")[1].decode())
        return {
            (sample.name.removeprefix("foreshock_"), tuple(value for _, value in sorted(sample.labels.items()))): (
                sample.value
            )
            for family in families
            for sample in family.samples
        }

    def until(self, condition: Callable[[], object], within_s: float = WITHIN_S) -> None:
        """Wait for something, as long as it runs."""
        deadline = time.monotonic() + within_s
        while not condition():
            assert self.runs, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.1)

    def until_ready(self) -> None:
        self.until(lambda: self.get("/readyz")[0] == 200)


def worker_settings(bootstrap_servers: str, prefix: str, **worker: Any) -> dict[str, Any]:
    """Settings of a worker on this broker: short times, a log for machines, any port."""
    return {
        "broker": {"bootstrap_servers": bootstrap_servers, "session_timeout": "10s", "request_timeout": "10s"},
        "topics": {"prefix": prefix, "partitions": 4},
        "sources": [{"topic": f"{prefix}-source", "entity": ["host"], "step": "1m"}],
        "worker": {"checkpoint_interval": "1s", "log_format": "json", "metrics": {"port": 0}, **worker},
    }
