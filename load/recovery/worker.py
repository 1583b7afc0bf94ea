"""The recovery itself: a worker process, watched from the outside.

It has loaded its state when it says that it is ready, and replayed the rest when every forecast that the last steps
lead to is on its topic, so acknowledged.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import yaml
from aiokafka import AIOKafkaConsumer, TopicPartition

from load.bench.processes import cpu_seconds
from load.recovery.memory import peak_bytes
from load.recovery.plan import Plan
from load.verify.worker_process import WorkerEndedError, WorkerProcess
from streams.cli.errors import UserError
from streams.settings.model import Settings

POLL_S = 0.1
READY = "forecast ready"
STARTS = "worker starts"
GIVEN_UP = "not every partition's last checkpoint was written in time"


class RecoveryStalledError(UserError):
    """The worker did not recover in time."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """Seconds since the process began: until the worker connects, has its state, and has applied everything.

    `last_checkpoint_s` is how long the worker took to end afterwards, which writes a checkpoint; None if it failed.
    """

    connected_s: float
    loaded_s: float
    done_s: float
    cpu_load_s: float
    cpu_replay_s: float
    peak_loading_bytes: float
    peak_bytes: float
    last_checkpoint_s: float | None
    last_words: str

    @property
    def load_s(self) -> float:
        """From the connection to the state."""
        return self.loaded_s - self.connected_s

    @property
    def replay_s(self) -> float:
        """From the state to the end of the log."""
        return self.done_s - self.loaded_s


async def recover(plan: Plan, settings: Settings, forecasts: int, within_s: float) -> Recovery:
    """Run a worker until it has published so many forecasts, then end it."""
    servers = ",".join(settings.broker.bootstrap_servers)
    with TemporaryDirectory(prefix="foreshock-recovery-") as directory:
        config, log = Path(directory) / "foreshock.yaml", Path(directory) / "worker.log"
        config.write_text(yaml.safe_dump(plan.document(servers)))
        worker = WorkerProcess(config, {}, log, "--roles", "forecast")
        begun_s = time.time()
        await worker.start()
        try:
            async with asyncio.timeout(within_s):
                return await _watch(worker, settings, log, begun_s, forecasts)
        except TimeoutError:
            raise RecoveryStalledError(
                f"no recovery within {within_s:g} s; the worker said:\n{worker.tail()}"
            ) from None
        finally:
            await worker.end()


async def _watch(worker: WorkerProcess, settings: Settings, log: Path, begun_s: float, forecasts: int) -> Recovery:
    pid = worker.check().pid
    loaded_s = await _said(READY, log, worker)
    cpu_load_s, peak_loading = cpu_seconds(pid), peak_bytes(pid)
    await _published(settings, forecasts, worker)
    done_s, cpu_s, peak = time.time(), cpu_seconds(pid), peak_bytes(pid)
    last_words, last_checkpoint_s = "", None
    try:
        await worker.stop()
        last_checkpoint_s = time.time() - done_s
    except (WorkerEndedError, TimeoutError) as error:
        last_words = (str(error).splitlines() or [""])[-1]
    times = said_at(log.read_text(errors="replace"))
    given_up = [event for event in times if event.startswith(GIVEN_UP)]
    if given_up:
        last_words, last_checkpoint_s = given_up[0], None
    return Recovery(
        connected_s=times[STARTS] - begun_s,
        loaded_s=loaded_s - begun_s,
        done_s=done_s - begun_s,
        cpu_load_s=cpu_load_s,
        cpu_replay_s=cpu_s - cpu_load_s,
        peak_loading_bytes=peak_loading,
        peak_bytes=peak,
        last_checkpoint_s=last_checkpoint_s,
        last_words=last_words,
    )


async def _said(event: str, log: Path, worker: WorkerProcess) -> float:
    while True:
        worker.check()
        at_s = said_at(log.read_text(errors="replace")).get(event)
        if at_s is not None:
            return at_s
        await asyncio.sleep(POLL_S)


def said_at(log: str) -> Mapping[str, float]:
    """When the worker said something first, in seconds since 1970, by its lines of JSON."""
    times: dict[str, float] = {}
    for line in log.splitlines():
        if line.startswith("{") and line.endswith("}"):
            said = orjson.loads(line)
            times.setdefault(said["event"], datetime.fromisoformat(said["time"]).timestamp())
    return times


async def _published(settings: Settings, forecasts: int, worker: WorkerProcess) -> None:
    """Wait until the forecasts' topic has so many records. Its ends tell; reading them would cost the worker's time."""
    consumer = AIOKafkaConsumer(bootstrap_servers=list(settings.broker.bootstrap_servers))
    await consumer.start()
    try:
        places = [TopicPartition(settings.topics.forecasts, number) for number in range(settings.topics.partitions)]
        while sum((await consumer.end_offsets(places)).values()) < forecasts:
            worker.check()
            await asyncio.sleep(POLL_S)
    finally:
        await consumer.stop()
