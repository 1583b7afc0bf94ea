"""A broker of our own: one process on this machine, its data in a temporary directory."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Self

from load.brokers import guard
from load.brokers.broker import BrokerFailedError, PortTakenError
from load.brokers.health import serves
from load.brokers.ports import free_port, is_free

__all__ = ["LocalBroker"]

_HOST = "127.0.0.1"
_READY_WITHIN_S = 60.0
_READY_POLL_S = 0.05
_LOG_LINES = 20


class LocalBroker(ABC):
    """The common part of our brokers; a subclass says what to run.

    A context manager. `kill` and `start` again is a crash and a restart on the same port and data. The methods block:
    inside a running event loop, call them in a thread.
    """

    def __init__(self, port: int | None = None) -> None:
        self.port = free_port() if port is None else port
        self.directory: Path | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._pid = 0

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is, for people."""

    @abstractmethod
    def _prepare(self, directory: Path) -> None:
        """Fill the new directory with what the broker wants to find."""

    @abstractmethod
    def _command(self, directory: Path) -> list[str]:
        """The broker's command line."""

    @property
    def bootstrap_servers(self) -> str:
        """`host:port`, for clients."""
        return f"{_HOST}:{self.port}"

    @property
    def pid(self) -> int:
        """The broker's process id; 0 when it does not run."""
        return self._pid

    def start(self) -> None:
        """Start it and wait until it serves; raises `BrokerError`."""
        if self._guard is not None:
            return
        if not is_free(self.port):  # or else we would take the answers of whoever listens there for our broker's
            raise PortTakenError(f"{self.name} cannot listen on {self.bootstrap_servers}: the port is taken")
        try:
            if self.directory is None:
                self.directory = Path(tempfile.mkdtemp(prefix="foreshock-broker-"))
                self._prepare(self.directory)
            self._spawn(self.directory)
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it and remove its data; harmless when it does not run."""
        if self._guard is not None:
            assert self._guard.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                # Not the pipe's end alone: a forked child of ours may still hold it open.
                self._guard.stdin.write(b"\n")
            self._reap()
        if self.directory is not None:
            shutil.rmtree(self.directory, ignore_errors=True)
            self.directory = None

    def kill(self) -> None:
        """End it as kill -9 does, and keep its data for the next `start`."""
        if self._guard is not None:
            assert self._pid > 0, "0 would be our own process group"
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._reap()

    def shut_down(self) -> None:
        """End it cleanly, and keep its data for the next `start`."""
        if self._guard is not None:
            assert self._pid > 0, "0 would be our own process group"
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGTERM)
            self._reap()

    def wait(self) -> None:
        """Wait until it ends by itself."""
        if self._guard is not None:
            self._guard.wait()

    def log_tail(self) -> str:
        """The last lines that it logged."""
        log = None if self.directory is None else _log_of(self.directory)
        if log is None or not log.exists():
            return ""
        return "\n".join(log.read_text(errors="replace").splitlines()[-_LOG_LINES:])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _spawn(self, directory: Path) -> None:
        self._guard = subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, guard.__file__, str(directory), str(_log_of(directory)), *self._command(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # Ctrl-C is for us; the broker outlasts its clients by a moment
        )
        assert self._guard.stdout is not None
        self._pid = int(self._guard.stdout.readline() or 0)

    def _reap(self) -> None:
        """Wait before the pipes close: to the guard, the end of its input is the order to remove the data."""
        assert self._guard is not None
        self._guard.wait()
        for pipe in (self._guard.stdin, self._guard.stdout):
            assert pipe is not None
            pipe.close()
        self._guard = None
        self._pid = 0

    def _wait_until_ready(self) -> None:
        assert self._guard is not None
        deadline = time.monotonic() + _READY_WITHIN_S
        while self._guard.poll() is None:
            if serves(_HOST, self.port):
                return
            if time.monotonic() > deadline:
                raise self._failed(f"does not serve after {_READY_WITHIN_S:.0f} s")
            time.sleep(_READY_POLL_S)
        raise self._failed(f"ended with code {self._guard.returncode} before it served")

    def _failed(self, what: str) -> BrokerFailedError:
        return BrokerFailedError(
            f"{self.name} on {self.bootstrap_servers} {what}. The end of its log:\n{self.log_tail() or '(empty)'}"
        )


def _log_of(directory: Path) -> Path:
    return directory / "broker.log"
