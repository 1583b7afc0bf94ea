"""Messages that are small on the wire and huge in memory, and JSON of absurd shapes, among sound telemetry."""

import asyncio
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer

from load.chaos.scenarios.scenario import Nodes, Scenario, begin, finished
from load.chaos.verdict import Verdict
from load.chaos.world import PARTITIONS, ScenarioFailedError, World
from load.soak.footprint import NoFootprintError, footprint

MIB = 1 << 20
LOOK_EVERY_S = 0.05
WORKS_S = 5.0
PER_INFLATED_BYTE_MAX = 4
"""A batch is inflated whole by the client, and copied: what a worker may take for each byte of it.

One batch after the other: those that are fetched at once add up."""

SPARE_BYTES = 64 * MIB


async def _run(world: World, _nodes: Nodes) -> Verdict:
    await begin(world)
    await asyncio.sleep(WORKS_S)
    [worker] = world.crew.workers
    peaks: list[int] = []
    looking = asyncio.create_task(_look(worker.process.pid, peaks))
    await asyncio.sleep(1.0)
    before = max(peaks)
    inflated = 10 * MIB * world.size
    for codec in ("gzip", "zstd", "lz4"):
        await world.ingested_up_to(await _send(world, codec, [b'{"metric":"' + b"a" * inflated]))
    await world.ingested_up_to(await _send(world, "zstd", [b'{"padding":"' + b"a" * MIB + b'"}'] * (inflated // MIB)))
    await _send(world, None, _shapes())
    await world.progress(30.0)
    await asyncio.sleep(WORKS_S)
    looking.cancel()
    growth = max(peaks) - before
    world.say(
        f"batches of {inflated // MIB} MiB as gzip, zstd and lz4, and hostile shapes: the worker took at most "
        f"{growth // MIB} MiB more for them, {before // MIB} MiB before"
    )
    if growth > PER_INFLATED_BYTE_MAX * inflated + SPARE_BYTES:
        raise ScenarioFailedError(f"the worker took {growth / inflated:.1f} bytes for each byte of a batch")
    return await finished(world)


def _shapes() -> list[bytes]:
    sample = {"metric": "cpu_percent", "labels": {"host": "host-000"}, "timestamp": 1_767_225_600_000, "value": 1.0}
    return [
        *(b"[" * 900_000, b'{"metric":' * 80_000, b"[]," * 300_000, b"[" + b"[]," * 300_000 + b"[]]"),
        orjson.dumps(sample | {"timestamp": [1_767_225_600_000] * 40_000, "value": [1.0] * 40_000}),
        orjson.dumps([sample] * 9_000),
        orjson.dumps([{}] * 100_000),
        orjson.dumps(sample | {"labels": {f"l{number}": "x" for number in range(50_000)}}),
        orjson.dumps(sample | {"metric": "m" * 900_000}),
        orjson.dumps(sample).replace(b"1.0", b"9" * 500_000),
    ]


async def _send(world: World, codec: str | None, values: list[bytes]) -> dict[int, int]:
    """All values in one batch where they are to be compressed; the offset behind the last, by partition."""
    size = sum(map(len, values)) + MIB
    options: dict[str, Any] = {"max_request_size": size, "max_batch_size": size, "linger_ms": 50}
    producer = AIOKafkaProducer(**world.client, **options, compression_type=codec)
    await producer.start()
    try:
        partition = world.chance.randrange(PARTITIONS)
        if codec is None:
            sent = [await producer.send_and_wait(world.source, value, partition=partition) for value in values]
        else:
            sends = [await producer.send(world.source, value, partition=partition) for value in values]
            sent = await asyncio.gather(*sends)
    finally:
        await producer.stop()
    return {partition: sent[-1].offset + 1}


async def _look(pid: int, peaks: list[int]) -> None:
    while True:
        try:
            peaks.append(footprint(pid, 0.0).rss_bytes)
        except NoFootprintError:
            raise ScenarioFailedError("the worker ended over the bombs") from None
        await asyncio.sleep(LOOK_EVERY_S)


BOMBS = Scenario("bombs", "compressed bombs (size: tens of MiB) and absurd JSON", _run, size=10, short=3, workers=1)
