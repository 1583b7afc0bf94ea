"""A worker in a process of its own, that a verification may kill."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from streams.cli.errors import UserError

STOP_WITHIN_S = 60.0
LOG_TAIL_LINES = 15


class WorkerEndedError(UserError):
    """The worker ended although nobody asked it to, or badly."""


class WorkerProcess:
    """`foreshock worker` under some settings; its log goes to a file."""

    def __init__(self, config: Path, environment: Mapping[str, str], log: Path, options: Sequence[str] = ()) -> None:
        self._config = config
        self._environment = {**os.environ, **environment}
        self._log = log
        self._options = options
        self._process: asyncio.subprocess.Process | None = None
        self.kills = 0

    async def start(self) -> None:
        """Start it; it is not ready yet."""
        with self._log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *[sys.executable, "-m", "streams.cli", "worker", "--config", str(self._config), *self._options],
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    async def kill(self) -> None:
        """kill -9."""
        process = self.check()
        process.kill()
        await process.wait()
        self.kills += 1

    async def stop(self) -> None:
        """End it cleanly."""
        process = self.check()
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.wait(), STOP_WITHIN_S)
        if code != 0:
            raise WorkerEndedError(f"the worker ended with exit code {code}:\n{self.tail()}")

    def check(self) -> asyncio.subprocess.Process:
        """The process, which must still be running."""
        assert self._process is not None, "not started"
        if self._process.returncode is not None:
            raise WorkerEndedError(
                f"the worker ended by itself, with exit code {self._process.returncode}:\n{self.tail()}"
            )
        return self._process

    async def end(self) -> None:
        """Make sure that it is gone."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def tail(self) -> str:
        """The end of what it logged."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])
