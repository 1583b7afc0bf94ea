"""A worker whose arithmetic anyone can check: it counts source records and adds up their offsets.

Run as a program it is a worker of its own process, which tests kill: ``python -m tests.integration.counting
BOOTSTRAP PREFIX SOURCE``.
"""

import asyncio
import logging
import signal
import sys
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import orjson

from streams.edge.limits import TransportLimits
from streams.edge.worker import run_worker
from streams.pipeline.figures import PipelineFigures
from streams.records import InputRecord, OutputRecord
from streams.rejects import RejectReason
from streams.runtime.parts import Engine
from streams.settings.model import Settings

PARTITIONS = 8
SMALL_BATCHES = TransportLimits(batch_records=200, batches_buffered=4)
SECONDS_PER_STEP = 0.002  # slow enough to be killed amid its work


def settings_of(bootstrap_servers: str, prefix: str, source: str) -> Settings:
    return Settings.model_validate(
        {
            "broker": {"bootstrap_servers": bootstrap_servers, "session_timeout": "6s"},
            "topics": {"prefix": prefix, "partitions": PARTITIONS},
            "sources": [{"topic": source, "entity": ["host"]}],
            "worker": {"checkpoint_interval": "300ms", "metrics": {"port": 0}},
        }
    )


class CountingIngest:
    """Turns a batch into one block: the offsets of its records, on the samples partition of the same number."""

    def __init__(self, samples_topic: str) -> None:
        self.counts: Counter[RejectReason] = Counter()
        self.samples = 0
        self.topic_ids: set[str] = set()
        self._samples_topic = samples_topic

    def step(
        self, topic: str, partition: int, records: Sequence[InputRecord], topic_id: str = ""
    ) -> list[OutputRecord]:
        self.samples += len(records)
        self.topic_ids.add(topic_id)
        block = orjson.dumps([record.offset for record in records])
        return [OutputRecord(self._samples_topic, partition, str(partition).encode(), block, ())]

    def silence(self, topic: str, partition: int, next_offset: int, topic_id: str = "") -> list[OutputRecord]:
        return []


class CountingPipeline:
    """Counts the source offsets it sees and adds them up; passes over those it has had, as the real one does."""

    def __init__(self, forecasts_topic: str) -> None:
        self.next_offset = 0
        self.count = 0
        self.total = 0
        self.highest = -1
        self.holes = 0
        self._forecasts_topic = forecasts_topic

    def step(self, records: Sequence[InputRecord]) -> list[OutputRecord]:
        time.sleep(SECONDS_PER_STEP)
        assert records[0].offset >= self.next_offset
        for record in records:
            self._apply(orjson.loads(record.value or b"[]"))
        self.next_offset = records[-1].offset + 1
        result = orjson.dumps({"next_offset": self.next_offset, "count": self.count, "total": self.total})
        return [OutputRecord(self._forecasts_topic, None, str(self.next_offset).encode(), result, ())]

    def _apply(self, offsets: list[int]) -> None:
        for offset in offsets:
            if offset > self.highest:
                self.holes += offset - self.highest - 1
                self.count += 1
                self.total += offset
                self.highest = offset

    def dump(self) -> dict[str, bytes]:
        counts = orjson.dumps([self.count, self.total, self.highest, self.holes])
        ballast = {f"ballast-{place}": bytes([self.count % 251]) * 100_000 for place in range(3)}
        return {"counts": counts, "next_offset": str(self.next_offset).encode(), **ballast}

    def figures(self) -> PipelineFigures:
        return PipelineFigures(0, 0, None, self.count, Counter(), 0, 0)

    def load(self, sections: Mapping[str, bytes]) -> None:
        self.count, self.total, self.highest, self.holes = orjson.loads(sections["counts"])
        self.next_offset = int(sections["next_offset"])

    def can_mend(self, damaged: Collection[str]) -> bool:
        """There are no series: it is one sum."""
        return False

    def mend(self, sections: Mapping[str, bytes], damaged: Collection[str], rebuilt: "CountingPipeline") -> int:
        raise NotImplementedError


def counting_engine(settings: Settings) -> Engine:
    return Engine(
        ingest=lambda: CountingIngest(settings.topics.samples),
        pipeline=lambda _partition: CountingPipeline(settings.topics.forecasts),
        correlate=lambda _partition: CountingPipeline(settings.topics.incidents),
    )


async def main(bootstrap_servers: str, prefix: str, source: str) -> None:
    settings = settings_of(bootstrap_servers, prefix, source)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await run_worker(settings, stop=stop, engine=counting_engine(settings), limits=SMALL_BATCHES)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(main(*sys.argv[1:]))
