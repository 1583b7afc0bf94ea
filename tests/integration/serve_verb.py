"""`foreshock serve` as a process of a test."""

import contextlib
import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import yaml

WITHIN_S = 180.0


class ServeVerb:
    """Started at once; a context manager, at whose end it is killed if it still runs."""

    def __init__(self, directory: Path, name: str, settings: dict[str, Any]) -> None:
        self._log = directory / f"{name}.log"
        config = directory / f"{name}.yaml"
        config.write_text(yaml.safe_dump(settings))
        with self._log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streams.cli", "serve", "--config", str(config)], stderr=output
            )

    def __enter__(self) -> "ServeVerb":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def log(self) -> str:
        return self._log.read_text()

    @property
    def address(self) -> str | None:
        """Where it listens, once it says so."""
        for line in self.log.splitlines():
            if line.startswith("{") and orjson.loads(line)["event"] == "serve":
                return str(orjson.loads(line)["address"])
        return None

    def end(self, number: signal.Signals, within_s: float = WITHIN_S) -> int:
        """Its exit code after a signal."""
        self.process.send_signal(number)
        return self.process.wait(within_s)

    def get(self, path: str) -> tuple[int, Any]:
        """Status and body of the path as it is written; status 0 while nobody listens."""
        if self.address is None:
            return 0, None
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=10)
        with contextlib.closing(connection):
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                return answer.status, orjson.loads(answer.read())
            except (OSError, http.client.HTTPException):
                return 0, None

    def until(self, condition: Callable[[], object], within_s: float = WITHIN_S) -> None:
        """Wait for something, as long as it runs."""
        deadline = time.monotonic() + within_s
        while not condition():
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.1)

    def until_ready(self) -> None:
        self.until(lambda: self.get("/readyz")[0] == 200)
