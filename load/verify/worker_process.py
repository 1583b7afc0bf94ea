"""A worker in a process of its own, that a verification may kill."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from streams.cli.errors import UserError

STOP_WITHIN_S = 60.0
LOG_TAIL_LINES = 40
READY = b"forecast ready"
"""What a worker logs once its state is restored and it reads."""


class WorkerEndedError(UserError):
    """The worker ended although nobody asked it to, or badly."""


class WorkerProcess:
    """`foreshock worker` under some settings; its log goes to a file."""

    def __init__(self, config: Path, environment: Mapping[str, str], log: Path, *arguments: str) -> None:
        self._config = config
        self._environment = {**os.environ, **environment}
        self._arguments = arguments
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._began_bytes = 0
        self.kills = 0

    def of_roles(self, roles: str) -> "WorkerProcess":
        """Another one like this, with these roles alone; not started."""
        return WorkerProcess(self._config, self._environment, self._log, "--roles", roles)

    async def start(self) -> None:
        """Start it; it is not ready yet."""
        with self._log.open("ab") as output:
            self._began_bytes = output.tell()
            self._process = await asyncio.create_subprocess_exec(
                *[sys.executable, "-m", "streams.cli", "worker", "--config", str(self._config)],
                *self._arguments,
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
        try:
            code = await asyncio.wait_for(process.wait(), STOP_WITHIN_S)
        except TimeoutError:
            process.send_signal(signal.SIGABRT)  # with PYTHONFAULTHANDLER set, it says where it stands
            await process.wait()
            raise WorkerEndedError(
                f"the worker did not end within {STOP_WITHIN_S:g} s of SIGTERM:\n{self.tail()}"
            ) from None
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

    @property
    def pid(self) -> int:
        """The process id of this life, or of the last one."""
        assert self._process is not None, "not started"
        return self._process.pid

    async def ended(self) -> int:
        """Wait until it ends, for whatever reason; its exit code, negative for a signal."""
        assert self._process is not None, "not started"
        return await self._process.wait()

    async def end(self) -> None:
        """Make sure that it is gone."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def log_text(self) -> str:
        """All that it has logged, in all its lives."""
        return self._log.read_text(errors="replace")

    def is_ready(self) -> bool:
        """Whether it says that it is, in this life."""
        return self._process is not None and READY in self._log.read_bytes()[self._began_bytes :]

    def last_words(self) -> str:
        """The last line that it logged."""
        return (self.log_text().splitlines() or [""])[-1]

    def tail(self) -> str:
        """The end of what it logged."""
        return "\n".join(self.log_text().splitlines()[-LOG_TAIL_LINES:])
