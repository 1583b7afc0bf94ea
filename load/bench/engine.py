"""foreshock from the outside: one worker process, both hops, and what the topics say of its pace.

The stopwatch starts when ingest has published the warm-up's samples, and stops when every forecast that the telemetry
leads to is on its topic, so acknowledged. Samples count that ingest published in between. What it was ahead of the
forecasts at the start is forecast in that time and not counted: the figure errs on the low side.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from aiokafka.admin import AIOKafkaAdminClient

from load.bench.arrivals import arrivals
from load.bench.processes import cpu_seconds
from load.bench.readings import TOO_FEW, WARM_UP_SHARE, Reading, TooFewError
from load.bench.stalls import PATIENCE_S, StalledError
from load.bench.workload import Workload, worker_settings
from load.verify.worker_process import WorkerProcess
from streams.blocks import decode_block

TOPIC_POLL_S = 0.1


@dataclass(slots=True)
class CpuTrace:
    """CPU seconds of a process over the clock's; both as read together."""

    pid: int
    at_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)

    def note(self) -> None:
        """Take a reading."""
        self.at_s.append(time.time())
        self.cpu_s.append(cpu_seconds(self.pid))

    def between(self, start_s: float, end_s: float) -> float:
        """CPU seconds from one time to another."""
        start, end = np.interp([start_s, end_s], self.at_s, self.cpu_s).tolist()
        return float(end - start)


async def read_engine(bootstrap_servers: str, topic: str, prefix: str, workload: Workload) -> Reading:
    """Run a worker over the topic until all of it is forecast; rates are of samples, whatever a message holds."""
    client = {"bootstrap_servers": bootstrap_servers}
    with tempfile.TemporaryDirectory(prefix="foreshock-bench-") as directory:
        config = Path(directory) / "foreshock.yaml"
        config.write_text(yaml.safe_dump(worker_settings(bootstrap_servers, topic, prefix)))
        address = {"FORESHOCK_BROKER__BOOTSTRAP_SERVERS": bootstrap_servers}
        worker = WorkerProcess(config, address, Path(directory) / "worker.log")
        await worker.start()
        try:
            await _topic_there(client, f"{prefix}.forecasts", worker)
            trace = CpuTrace(worker.check().pid)
            end_s = await _all_forecast(client, f"{prefix}.forecasts", workload.forecasts, worker, trace)
            await worker.stop()
        finally:
            await worker.end()
    published = await _published(client, f"{prefix}.samples", workload.samples)
    return reading_of(published, end_s, trace)


def reading_of(published: Sequence[tuple[float, int]], end_s: float, trace: CpuTrace) -> Reading:
    """The reading, from when ingest published how many samples, and when all of them were forecast."""
    at_s, counts = zip(*sorted(published), strict=True)
    total = np.cumsum(counts)
    start = int(np.searchsorted(total, total[-1] * WARM_UP_SHARE))
    counted = int(total[-1] - total[start])
    if not counted:
        raise TooFewError(TOO_FEW)
    return Reading(counted, end_s - at_s[start], trace.between(at_s[start], end_s))


async def _topic_there(client: dict[str, Any], topic: str, worker: WorkerProcess) -> None:
    """Wait until the worker has made its topics. Asked for by its name, some brokers would make it otherwise."""
    admin = AIOKafkaAdminClient(**client)
    await admin.start()
    try:
        async with asyncio.timeout(PATIENCE_S):
            while topic not in await admin.list_topics():
                worker.check()
                await asyncio.sleep(TOPIC_POLL_S)
    except TimeoutError:
        raise StalledError(f"the worker did not create its topics within {PATIENCE_S:g} s") from None
    finally:
        await admin.close()


async def _all_forecast(
    client: dict[str, Any], topic: str, forecasts: int, worker: WorkerProcess, trace: CpuTrace
) -> float:
    """Wait for the forecasts; the time when the last of them was there."""
    found = 0
    async for records in arrivals(client, topic):
        worker.check()
        trace.note()
        found += len(records)
        if found >= forecasts:
            break
    if found < forecasts:
        raise StalledError(f"foreshock published {found:,} of {forecasts:,} forecasts, and no more")
    return trace.at_s[-1]


async def _published(client: dict[str, Any], topic: str, samples: int) -> list[tuple[float, int]]:
    """When ingest published how many samples, until it is all of them."""
    blocks: list[tuple[float, int]] = []
    async for records in arrivals(client, topic):
        blocks += [(record.timestamp / 1000, len(decode_block(record.value).index)) for record in records]
        if sum([rows for _, rows in blocks]) >= samples:
            return blocks
    raise StalledError(f"ingest published {sum([rows for _, rows in blocks]):,} of {samples:,} samples")
