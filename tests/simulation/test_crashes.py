"""Ingest and pipeline die and come back, again and again; once healed, nothing tells that they did.

A small world on one seed: source partitions of telemetry, workers that ingest them in fetches of any size and commit
now and then, a samples log that keeps what was sent before a crash, a pipeline that checkpoints to a compacted
changelog and may die between any two of its records. ``SEEDS`` says how many worlds to try.
"""

import os
from collections.abc import Iterable
from itertools import chain
from random import Random
from typing import Any

import orjson
import pytest

from streams.checkpoint import CheckpointBook, CheckpointPlan, restore
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.settings.model import Settings
from tests.streams.pipeline.logs import MINUTE_MS, T_MS, by_key

SEEDS = int(os.environ.get("SEEDS", "4"))

SETTINGS = Settings.model_validate(
    {
        "topics": {"partitions": 1},
        "sources": [{"topic": "telemetry", "step": "10m", "entity": ["host"]}],
        "forecast": {"horizon": 4, "emit_every": 2},
        "capacity": [{"name": "memory", "metric": "mem", "limit": {"metric": "size"}}],
        "failures": [{"name": "hot", "metric": "cpu", "above": 60, "for": "20m", "within": "2h"}],
        "limits": {"jump_steps": 30, "series_per_partition": 24},
    }
)
CONFIG = PipelineConfig.from_settings(SETTINGS)
SOURCE_PARTITIONS = 3
HOSTS = 6
ROUNDS = 30


def telemetry(random: Random) -> list[list[InputRecord]]:
    """The source partitions: each host's samples are in order on one of them, with the usual dirt."""
    documents: list[list[Any]] = [[] for _ in range(SOURCE_PARTITIONS)]
    total = 0.0
    for number in range(ROUNDS):
        for host in range(HOSTS):
            total += random.randrange(100)
            values = {"cpu": random.gauss(50, 20), "mem": 10.0 + number, "size": 99.0, "requests_total": total}
            for metric, value in values.items():
                step = number - random.choice([0, 0, 0, 0, 0, 0, 1, -200])
                sample = {"timestamp": T_MS + step * 10 * MINUTE_MS, "value": value}
                document = {"metric": metric, "labels": {"host": f"h{host}"}, **sample}
                documents[host % SOURCE_PARTITIONS].append(b"dirt" if random.random() < 0.02 else document)
    return [
        [
            InputRecord(offset, item if isinstance(item, bytes) else orjson.dumps(item))
            for offset, item in enumerate(each)
        ]
        for each in documents
    ]


class Broker:
    """The topics that outlive every process."""

    def __init__(self) -> None:
        self.samples: list[bytes] = []
        self.published: list[OutputRecord] = []
        self.changelog: dict[bytes, bytes] = {}

    def send(self, outputs: Iterable[OutputRecord]) -> None:
        for record in outputs:
            if record.topic == SETTINGS.topics.samples:
                self.samples.append(record.value or b"")
            else:
                self.published.append(record)

    def sent(self) -> dict[tuple[str, bytes, bytes], bytes | None]:
        """What was published, without what is only said again: a record's id tells, and then it says the same."""
        said: dict[tuple[str, bytes, bytes], bytes | None] = {}
        for record in self.published:
            name = record.topic, record.key, dict(record.headers)["ce_id"]
            assert said.setdefault(name, record.value) == record.value
        return said


class IngestWorker:
    """Reads the source partitions; a crash takes it back to what it committed last."""

    def __init__(self, source: list[list[InputRecord]], broker: Broker, random: Random) -> None:
        self.source, self.broker, self.random = source, broker, random
        self.committed = [0] * len(source)
        self.restart()

    def restart(self) -> None:
        self.ingest = Ingest(SETTINGS)
        self.read = list(self.committed)

    def commit(self) -> None:
        self.committed = list(self.read)

    def fetch(self) -> None:
        partition = self.random.randrange(len(self.source))
        start = self.read[partition]
        self.read[partition] = min(start + self.random.randrange(1, 90), len(self.source[partition]))
        fetched = self.source[partition][start : self.read[partition]]
        self.broker.send(self.ingest.step("telemetry", partition, fetched))

    @property
    def is_done(self) -> bool:
        return self.read == [len(each) for each in self.source]


class ForecastWorker:
    """Reads the samples log; a crash takes it back to the last state that is whole on the changelog."""

    def __init__(self, broker: Broker, random: Random) -> None:
        self.broker, self.random = broker, random
        self.restart()

    def restart(self) -> None:
        self.pipeline = PartitionPipeline(CONFIG)
        restored = restore(self.broker.changelog)
        if restored is not None:
            self.pipeline.load(restored.sections)
            assert self.pipeline.next_offset == restored.manifest.next_offset
        self.book = CheckpointBook(restored)

    def fetch(self) -> None:
        start = self.pipeline.next_offset
        stop = start + self.random.randrange(1, 12)
        fetched = [InputRecord(start + place, value) for place, value in enumerate(self.broker.samples[start:stop])]
        self.broker.send(self.pipeline.step(fetched))

    def checkpoint(self) -> bool:
        """Write a checkpoint; False if the worker dies while it does."""
        plan = self.book.plan(self.pipeline.dump(), self.pipeline.next_offset, generation=1)
        if plan is None:
            return True
        writes = self._writes(plan)
        durable = self.random.choice([len(writes), len(writes), self.random.randrange(len(writes))])
        for key, value in writes[:durable]:
            self._write(key, value)
        if durable < len(writes):
            return False
        self.book.confirm(plan)
        return True

    @staticmethod
    def _writes(plan: CheckpointPlan) -> list[tuple[bytes, bytes | None]]:
        return [*plan.sections, plan.manifest, *plan.tombstones]

    def _write(self, key: bytes, value: bytes | None) -> None:
        if value is None:
            self.broker.changelog.pop(key, None)
        else:
            self.broker.changelog[key] = value

    @property
    def is_done(self) -> bool:
        return self.pipeline.next_offset == len(self.broker.samples)


def disturbed(source: list[list[InputRecord]], random: Random) -> tuple[Broker, PartitionPipeline, int]:
    """A run in which anything dies at any time; the number of crashes too."""
    broker, crashes = Broker(), 0
    ingest, forecast = IngestWorker(source, broker, random), ForecastWorker(broker, random)
    while not (ingest.is_done and forecast.is_done):
        dies = random.random() < 0.25 and crashes < 30
        crashes += dies
        if random.random() < 0.5:
            ingest.fetch()
            if dies:
                ingest.restart()
            elif random.random() < 0.5:
                ingest.commit()
        else:
            forecast.fetch()
            if dies or (random.random() < 0.5 and not forecast.checkpoint()):
                forecast.restart()
    return broker, forecast.pipeline, crashes


def rows_read(pipeline: PartitionPipeline) -> dict[str, Any]:
    """The state without what only tells how the log was cut: its length, and ticks, which ingest finds anew."""
    sections: dict[str, Any] = dict(pipeline.dump())
    head = orjson.loads(sections.pop("head"))
    for volatile in ("next_offset", "watermark_ms"):
        del head[volatile]
    return sections | {"head": head | {"sources": [source[:4] for source in head["sources"]]}}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_after_all_crashes_state_and_records_are_those_of_the_same_log_undisturbed(seed: int) -> None:
    """The samples log decides: the pipeline's crashes change nothing, nor do the rows that ingest sent twice."""
    random = Random(seed)
    broker, pipeline, crashes = disturbed(telemetry(random), random)
    assert crashes > 2
    calm, undisturbed = Broker(), PartitionPipeline(CONFIG)
    calm.send(undisturbed.step([InputRecord(offset, value) for offset, value in enumerate(broker.samples)]))
    assert pipeline.dump() == undisturbed.dump()
    said = {key: value for key, value in broker.sent().items() if not _is_of_ingest(value)}
    assert said == calm.sent()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_and_those_of_an_ingest_that_never_died(seed: int) -> None:
    """One source partition, so that there is but one order; the other partitions' rows would only be interleaved."""
    random = Random(seed)
    in_a_row = chain.from_iterable(telemetry(random))
    source = [[record._replace(offset=offset) for offset, record in enumerate(in_a_row)]]
    broker, pipeline, _ = disturbed(source, random)
    calm, undisturbed = Broker(), PartitionPipeline(CONFIG)
    calm.send(Ingest(SETTINGS).step("telemetry", 0, source[0]))
    calm.send(undisturbed.step([InputRecord(offset, value) for offset, value in enumerate(calm.samples)]))
    assert rows_read(pipeline) == rows_read(undisturbed)
    assert broker.sent() == calm.sent()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_hosts_on_several_source_partitions_get_their_records_whatever_the_interleaving(seed: int) -> None:
    random = Random(seed)
    source = telemetry(random)
    broker, _, _ = disturbed(source, random)
    calm, ingest = Broker(), Ingest(SETTINGS)
    for partition, records in enumerate(source):
        calm.send(ingest.step("telemetry", partition, records))
    undisturbed = PartitionPipeline(CONFIG)
    calm.send(undisturbed.step([InputRecord(offset, value) for offset, value in enumerate(calm.samples)]))
    assert broker.sent() == calm.sent()
    assert len(by_key(calm.published)) > HOSTS * 4


def _is_of_ingest(value: bytes | None) -> bool:
    """Whether a record is a reject of a message that could not be read: the pipeline never sees these."""
    return value is not None and b'"reason":"malformed"' in value
