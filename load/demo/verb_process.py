"""A verb of the command as a process of its own, which ends when we do, however that comes about."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree

import yaml

from load.brokers import guard
from streams.settings.environment import PREFIX

LOG_LINES = 20


class VerbProcess:
    """`foreshock worker`, or another verb, with a configuration of ours, under the guard that brokers run under.

    A context manager. Its configuration and log are in a temporary directory, which is gone when it has ended.
    """

    def __init__(self, settings: Mapping[str, object], verb: str = "worker") -> None:
        self._settings, self._verb = settings, verb
        self._directory = Path()
        self._guard: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "VerbProcess":
        self._directory = Path(tempfile.mkdtemp(prefix="foreshock-demo-"))
        try:
            config = self._directory / "foreshock.yaml"
            config.write_text(yaml.safe_dump(dict(self._settings), sort_keys=False))
            self._guard = self._spawn(config)
        except BaseException:
            rmtree(self._directory, ignore_errors=True)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        rmtree(self._directory, ignore_errors=True)

    @property
    def ended(self) -> bool:
        """Whether it has ended, which it should not do by itself."""
        return self._guard is None or self._guard.poll() is not None

    def stop(self) -> None:
        """Stop it, and wait until it has; harmless when it has ended. The log goes with it."""
        if self._guard is None:
            return
        assert self._guard.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._guard.stdin.write(b"\n")
        self._guard.wait()
        self._guard.stdin.close()
        self._guard = None

    def log_tail(self) -> str:
        """The last lines that it logged."""
        try:
            lines = self._log.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return ""
        return "\n".join(lines[-LOG_LINES:])

    @property
    def _log(self) -> Path:
        return self._directory / f"{self._verb}.log"

    def _spawn(self, config: Path) -> subprocess.Popen[bytes]:
        # -P: whatever lies in the working directory is not taken for a package of ours.
        command = [sys.executable, "-P", "-m", "streams.cli", self._verb, "--config", str(config)]
        return subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, guard.__file__, str(self._directory), str(self._log), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,  # Ctrl-C is for us
            env=without_settings(os.environ),
        )


def without_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would go over the configuration, such as another broker's address."""
    return {name: value for name, value in environ.items() if not name.startswith(PREFIX)}
