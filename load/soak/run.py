"""A soak: one worker, telemetry at a steady rate, and a look at the worker every few seconds."""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import yaml
from rich.console import Console

from load.bench.processes import cpu_seconds
from load.bench.workload import EMIT_EVERY_STEPS, ENTITY_LABEL, PARTITIONS, STEP_MS, Workload, worker_settings
from load.cli.replay import Job, run_job
from load.replay.replay import ReplayResult
from load.replay.target import ensure_topic
from load.soak.footprint import Footprint, footprint
from load.verify.topics import lag
from load.verify.worker_process import WorkerProcess

LOOK_EVERY_S = 5.0
PER_MESSAGE = 100


@dataclass(frozen=True, slots=True)
class Soak:
    """What to do: so many samples a second, of so many series, for so many minutes."""

    bootstrap_servers: str
    minutes: float
    rate: float
    series: int


@dataclass(frozen=True, slots=True)
class SoakResult:
    """What came of it. `lag` is in records, of both roles, that were not durable when the telemetry ended."""

    replayed: ReplayResult
    footprints: list[Footprint]
    cpu_share: float
    lag: int
    stop_s: float


async def run_soak(soak: Soak, console: Console) -> SoakResult:
    """Run a worker under this load, and end it cleanly."""
    topic = f"foreshock-soak-{uuid4().hex[:8]}"
    client = {"bootstrap_servers": soak.bootstrap_servers}
    clock = asyncio.get_running_loop().time
    with tempfile.TemporaryDirectory(prefix="foreshock-soak-") as directory:
        config = Path(directory) / "foreshock.yaml"
        config.write_text(yaml.safe_dump(worker_settings(soak.bootstrap_servers, topic, topic)))
        worker = WorkerProcess(config, {}, Path(directory) / "worker.log")
        try:
            await ensure_topic(client, topic, PARTITIONS)
            await worker.start()
            began_s = clock()
            footprints: list[Footprint] = []
            looking = asyncio.create_task(_look(worker, footprints))
            replayed = await run_job(_workload(soak), _job(soak, topic), console)
            behind = await lag(client, f"{topic}-ingest", topic)
            behind += await lag(client, f"{topic}-forecast", f"{topic}.samples")
            cpu_share = cpu_seconds(worker.pid) / (clock() - began_s)
            looking.cancel()
            told_s = clock()
            await worker.stop()
            return SoakResult(replayed, footprints, cpu_share, behind, clock() - told_s)
        finally:
            await worker.end()


def _workload(soak: Soak) -> Workload:
    """Telemetry that lasts at least as long."""
    steps = soak.rate * 60 * soak.minutes / soak.series
    return Workload(soak.series, max(1, int(steps // EMIT_EVERY_STEPS) + 1))


def _job(soak: Soak, topic: str) -> Job:
    return Job(
        client={"bootstrap_servers": soak.bootstrap_servers},
        topic=topic,
        create_partitions=None,
        entity_labels=frozenset({ENTITY_LABEL}),
        batch=PER_MESSAGE,
        # All series report once a step, so event time has to pass that much faster.
        speed=soak.rate / soak.series * STEP_MS / 1000,
        limit=int(soak.rate * 60 * soak.minutes),
    )


async def _look(worker: WorkerProcess, footprints: list[Footprint]) -> None:
    clock = asyncio.get_running_loop().time
    began_s = clock()
    while not worker.is_ready():
        await asyncio.sleep(LOOK_EVERY_S / 10)
    while True:
        footprints.append(footprint(worker.check().pid, clock() - began_s))
        await asyncio.sleep(LOOK_EVERY_S)
