"""Workers under a supervisor that starts again whichever ends, as systemd or Kubernetes would."""

import asyncio
import signal
from collections.abc import Mapping
from pathlib import Path

from load.verify.worker_process import WorkerEndedError, WorkerProcess

RESTART_AFTER_S = 0.5


class Supervised:
    """One worker of a crew.

    Attributes
    ----------
    kills
        How often it was killed on purpose.
    endings
        Exit code and last words of each time that it ended by itself.
    """

    def __init__(self, config: Path, environment: Mapping[str, str], log: Path) -> None:
        self.process = WorkerProcess(config, environment, log)
        self.kills = 0
        self.endings: list[tuple[int, str]] = []
        self._told: set[int] = set()
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, and again whenever it ends."""
        await self.process.start()
        self._keeper = asyncio.create_task(self._keep())

    def kill(self) -> None:
        """kill -9; the supervisor starts it again."""
        self._signal(signal.SIGKILL)
        self.kills += 1

    def pause(self) -> None:
        """Stop it where it stands, as a machine does that hangs."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on, with no idea that time has passed."""
        self._signal(signal.SIGCONT)

    async def stop(self) -> None:
        """End it cleanly; raises `WorkerEndedError` where it does not end with code 0."""
        self._leave()
        await self.process.stop()

    async def end(self) -> None:
        """Make sure that it is gone."""
        self._leave()
        await self.process.end()

    def _signal(self, number: int) -> None:
        try:
            process = self.process.check()
        except WorkerEndedError:
            return  # it has just ended by itself, and will be started again
        if number == signal.SIGKILL:
            self._told.add(process.pid)
        process.send_signal(number)

    def _leave(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()

    async def _keep(self) -> None:
        while True:
            pid, code = self.process.pid, await self.process.ended()
            if pid not in self._told:
                self.endings.append((code, self.process.last_words()))
            await asyncio.sleep(RESTART_AFTER_S)
            await self.process.start()


class Crew:
    """Some workers with the same settings."""

    def __init__(self, count: int, config: Path, environment: Mapping[str, str], directory: Path) -> None:
        self.workers = [Supervised(config, environment, directory / f"worker-{number}.log") for number in range(count)]

    async def start(self) -> None:
        """Start all of them."""
        for worker in self.workers:
            await worker.start()

    async def stop(self) -> None:
        """End all of them cleanly."""
        await asyncio.gather(*[worker.stop() for worker in self.workers])

    async def end(self) -> None:
        """Make sure that all are gone."""
        await asyncio.gather(*[worker.end() for worker in self.workers])

    @property
    def kills(self) -> int:
        """How often workers were killed on purpose."""
        return sum([worker.kills for worker in self.workers])

    @property
    def endings(self) -> list[tuple[int, str]]:
        """Exit code and last words of workers that ended by themselves."""
        return [ending for worker in self.workers for ending in worker.endings]

    def logs(self) -> list[str]:
        """All that each worker has logged, in all its lives."""
        return [worker.process.log_text() for worker in self.workers]
