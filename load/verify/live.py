"""One live run: a worker on a broker, a recording replayed into it, and what it published."""

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from aiokafka import AIOKafkaProducer
from rich.console import Console

from load.cli.replay import Job, run_job
from load.recordings.recording import Recording
from load.replay.target import ensure_topic
from load.verify.compare import KINDS, Prediction
from load.verify.topics import lag, records_of
from load.verify.worker_process import WorkerProcess

SETTLE_POLL_S = 1.0
SETTLE_WITHIN_S = 600.0
SESSION_TIMEOUT = "6s"
"""A killed worker's partitions are free after so long."""
CHECKPOINT_INTERVAL = "2s"
KILL_AFTER_S = (3.0, 9.0)
"""A worker lives so long, at least and at most, before it is killed."""

HOSTILE_OVER_S = 5.0
"""Hostile messages are spread over so long, however slow the broker: later telemetry refuses the last of the jumps."""


@dataclass(frozen=True, slots=True)
class LiveRun:
    """What one run does.

    `prefix` names its topics, which must be new; `topic` is the telemetry topic, made with `partitions`.
    """

    client: dict[str, Any]
    config: Path
    prefix: str
    topic: str
    partitions: int
    entity_labels: frozenset[str]
    speed: float | None
    batch: int = 1
    fetch_bytes: int = 1 << 20
    kills: int = 0
    hostile: list[bytes] = field(default_factory=list)
    seed: int = 0


class Place(NamedTuple):
    """Where a message went."""

    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class LiveResult:
    """What came of a run. `hostile` says where the hostile messages went, `rejected` where rejects came from."""

    samples: int
    seconds: float
    kills: int
    predictions: list[Prediction]
    hostile: set[Place]
    rejected: set[Place]
    reasons: dict[str, int]


async def run_live(run: LiveRun, recording: Recording, console: Console) -> LiveResult:
    """Replay the recording into a running worker, wait until all of it is applied, and read what was published."""
    started = asyncio.get_running_loop().time()
    with tempfile.TemporaryDirectory(prefix="foreshock-verify-") as directory:
        worker = WorkerProcess(run.config, _environment(run), Path(directory) / "worker.log")
        job = Job(run.client, run.topic, run.partitions, run.entity_labels, run.batch, run.speed, None)
        try:
            # The topic first, so that the worker's first assignment has its partitions.
            await ensure_topic(run.client, run.topic, run.partitions)
            await worker.start()
            trouble = asyncio.create_task(_kill_sometimes(worker, run))
            hostile = asyncio.create_task(_send_hostile(run))
            replayed = await run_job(recording, job, console)
            places = await hostile
            await trouble
            await _settled(run, worker)
            await worker.stop()
        finally:
            await worker.end()
    seconds = asyncio.get_running_loop().time() - started
    rejected, reasons = await _rejects(run)
    predictions = [record async for record in _predictions(run)]
    return LiveResult(replayed.samples, seconds, worker.kills, predictions, places, rejected, reasons)


def _environment(run: LiveRun) -> dict[str, str]:
    """The run's own settings, over those of the configuration file."""
    servers = run.client["bootstrap_servers"]
    return {
        "FORESHOCK_BROKER__BOOTSTRAP_SERVERS": servers if isinstance(servers, str) else ",".join(servers),
        "FORESHOCK_BROKER__SESSION_TIMEOUT": SESSION_TIMEOUT,
        "FORESHOCK_TOPICS__PREFIX": run.prefix,
        "FORESHOCK_SOURCES__0__TOPIC": run.topic,
        "FORESHOCK_WORKER__CHECKPOINT_INTERVAL": CHECKPOINT_INTERVAL,
        "FORESHOCK_WORKER__FETCH_BYTES": str(run.fetch_bytes),
        "FORESHOCK_WORKER__METRICS__PORT": "null",
    }


async def _kill_sometimes(worker: WorkerProcess, run: LiveRun) -> None:
    chance = random.Random(run.seed)  # noqa: S311  # not for secrets
    for _ in range(run.kills):
        await asyncio.sleep(chance.uniform(*KILL_AFTER_S))
        await worker.kill()
        await worker.start()


async def _send_hostile(run: LiveRun) -> set[Place]:
    """Send the hostile messages, to any partition, among the others."""
    chance = random.Random(run.seed)  # noqa: S311  # not for secrets
    producer = AIOKafkaProducer(**run.client, acks="all")
    await producer.start()
    clock = asyncio.get_running_loop().time
    begun, sends = clock(), []
    try:
        for number, message in enumerate(run.hostile):
            await asyncio.sleep(begun + HOSTILE_OVER_S * number / len(run.hostile) - clock())
            sends.append(await producer.send(run.topic, message, partition=chance.randrange(run.partitions)))
        sent = await asyncio.gather(*sends)
    finally:
        await producer.stop()
    return {Place(record.partition, record.offset) for record in sent}


async def _settled(run: LiveRun, worker: WorkerProcess) -> None:
    """Wait until both roles have applied, and made durable, all there is."""
    async with asyncio.timeout(SETTLE_WITHIN_S):
        while True:
            worker.check()
            behind = await lag(run.client, f"{run.prefix}-ingest", run.topic)
            if not behind and not await lag(run.client, f"{run.prefix}-forecast", f"{run.prefix}.samples"):
                return
            await asyncio.sleep(SETTLE_POLL_S)


async def _predictions(run: LiveRun) -> AsyncIterator[Prediction]:
    for kind in KINDS:
        async for record in records_of(run.client, f"{run.prefix}.{kind}"):
            headers = tuple([(name, value.decode()) for name, value in record.headers])
            value = None if record.value is None else record.value.decode()
            yield Prediction(kind, record.key.decode(), value, headers)


async def _rejects(run: LiveRun) -> tuple[set[Place], dict[str, int]]:
    """Where rejects came from, and the reasons; a reject that came twice, after a kill, counts once."""
    found = {record.key: orjson.loads(record.value) async for record in records_of(run.client, f"{run.prefix}.rejects")}
    places = {Place(reject["source"]["partition"], reject["source"]["offset"]) for reject in found.values()}
    reasons = Counter([reject["reason"] for reject in found.values()])
    return places, dict(sorted(reasons.items()))
