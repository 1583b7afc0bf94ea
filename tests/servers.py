"""Prometheus and Alertmanager as processes of tests, on loopback."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import orjson
import yaml

from load.brokers.ports import free_port
from tests.programs import CACHE, Program, ProgramUnavailableError, give_up, program

STARTED_WITHIN_S = 30.0
ALERTMANAGER_TEMPLATES = Path("/usr/share/prometheus/alertmanager/default.tmpl")


def wanted(name: str, package: str, at: str | None = None) -> Program:
    """A program, or the end of the test: a failure in CI, skipped elsewhere."""
    try:
        return program(name, package, at)
    except ProgramUnavailableError as error:
        give_up(error, os.environ)


def until(condition: Callable[[], Any], within_s: float = 30.0) -> Any:
    """Wait for something that is true, and give it."""
    deadline = time.monotonic() + within_s
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)


class Server:
    """One that runs."""

    def __init__(self, url: str, log: Path) -> None:
        self.url = url
        self.log = log

    def get(self, path: str, **query: str) -> Any:
        """The JSON that it answers with."""
        with urlopen(f"{self.url}{path}?{urlencode(query)}", timeout=10) as answer:
            return orjson.loads(answer.read())

    def post(self, path: str, body: object) -> Any:
        """The same, of a post of JSON."""
        request = Request(f"{self.url}{path}", orjson.dumps(body), {"Content-Type": "application/json"})
        with urlopen(request, timeout=10) as answer:
            return orjson.loads(answer.read() or b"null")

    def is_ready(self) -> bool:
        try:
            with urlopen(f"{self.url}/-/ready", timeout=1) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


@contextmanager
def alertmanager(directory: Path, port: int | None = None) -> Iterator[Server]:
    """An Alertmanager that tells nobody."""
    found = wanted("alertmanager", "prometheus-alertmanager", "usr/bin/prometheus-alertmanager")
    config = directory / "alertmanager.yaml"
    route = {"receiver": "nobody", "group_wait": "1s", "group_interval": "1s"}
    config.write_text(yaml.safe_dump({"route": route, "receivers": [{"name": "nobody"}]}))
    port = port or free_port()
    flags = [
        *(f"--config.file={config}", f"--storage.path={directory / 'alertmanager'}"),
        *(f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="),
    ]
    command = [*_with_its_templates(found), found.path, *flags]
    with _running(found, command, port, directory / "alertmanager.log") as server:
        yield server


def _with_its_templates(found: Program) -> list[str]:
    """What goes before a command of Debian's Alertmanager that is not installed.

    It looks for its templates in /usr/share. They are put there for the process alone, by a mount that nobody else
    sees.
    """
    if ALERTMANAGER_TEMPLATES.exists() or str(CACHE) not in found.path:
        return []
    share = Path(found.path).parent.parent / "share"
    mount = 'mount --bind "$0" /usr/share && exec "$@"'
    mounted = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, str(share)]
    try:
        subprocess.run([*mounted, "true"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        reason = f"alertmanager wants {ALERTMANAGER_TEMPLATES}, which can't be mounted here: install it"
        give_up(ProgramUnavailableError(reason), os.environ)
    return mounted


@contextmanager
def prometheus(directory: Path, config: dict[str, Any], *flags: str) -> Iterator[Server]:
    """A Prometheus with this configuration."""
    found = wanted("prometheus", "prometheus")
    file = directory / "prometheus.yaml"
    file.write_text(yaml.safe_dump(config))
    port = free_port()
    listening = [f"--config.file={file}", f"--storage.tsdb.path={directory / 'tsdb'}"]
    listening += [f"--web.listen-address=127.0.0.1:{port}", *flags]
    with _running(found, [found.path, *listening], port, directory / "prometheus.log") as server:
        yield server


@contextmanager
def _running(found: Program, command: list[str], port: int, log: Path) -> Iterator[Server]:
    server = Server(f"http://127.0.0.1:{port}", log)
    environment = os.environ | dict(found.environment)
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment, cwd=log.parent)
    try:
        deadline = time.monotonic() + STARTED_WITHIN_S
        while not server.is_ready():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield server
    finally:
        process.kill()
        process.wait()
