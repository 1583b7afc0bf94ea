"""Ingest and pipeline die and come back, again and again; once healed, nothing tells that they did.

A small world on one seed: source partitions of telemetry, events that exclude some of its times, workers that ingest
them in fetches of any size and commit now and then, a samples log that keeps what was sent before a crash, a pipeline
that checkpoints to a compacted changelog and may die between any two of its records. ``SEEDS`` says how many worlds to
try.
"""

import os
from collections.abc import Iterable
from itertools import chain
from random import Random
from typing import Any

import orjson
import pytest

from streams.checkpoint import CheckpointBook, CheckpointPlan, Writer, find
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
STEP_MS = 10 * MINUTE_MS

Place = tuple[str, int]
"""A partition of a source topic, or of the events topic."""

World = dict[Place, list[InputRecord]]


def telemetry(random: Random) -> World:
    """The source partitions: each host's samples are in order on one of them, with the usual dirt."""
    documents: list[list[Any]] = [[] for _ in range(SOURCE_PARTITIONS)]
    total = 0.0
    for number in range(ROUNDS):
        for host in range(HOSTS):
            total += random.randrange(100)
            values = {"cpu": random.gauss(50, 20), "mem": 10.0 + number, "size": 99.0, "requests_total": total}
            for metric, value in values.items():
                step = number - random.choice([0, 0, 0, 0, 0, 0, 1, -200])
                sample = {"timestamp": T_MS + step * STEP_MS, "value": value}
                document = {"metric": metric, "labels": {"host": f"h{host}"}, **sample}
                documents[host % SOURCE_PARTITIONS].append(b"dirt" if random.random() < 0.02 else document)
    return {("telemetry", partition): messages(each) for partition, each in enumerate(documents)}


def events(random: Random) -> World:
    """Times to leave out: some are ended later, taken back or said twice, and some messages are dirt."""
    documents: list[Any] = []
    for number in range(8):
        start = T_MS + random.randrange(ROUNDS) * STEP_MS
        event = {"id": f"e{number % 5}", "kind": random.choice(["incident", "maintenance", "deploy"]), "start": start}
        event |= random.choice([{}, {"labels": {"host": "h1"}}, {"metric": "cpu"}, {"metric": "requests_*"}])
        event |= random.choice([{}, {"end": start + 5 * STEP_MS}, {"end": start + STEP_MS}, {"cancelled": True}])
        documents += [event] * random.choice([1, 1, 2]) + [b"dirt"] * (random.random() < 0.2)
    return {(SETTINGS.topics.events, 0): messages(documents)}


def messages(documents: list[Any]) -> list[InputRecord]:
    payloads = [item if isinstance(item, bytes) else orjson.dumps(item) for item in documents]
    return [InputRecord(offset, payload) for offset, payload in enumerate(payloads)]


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

    def predicted(self) -> dict[tuple[str, bytes, bytes], bytes | None]:
        """The same without signals: these are cut where ticks are, which ingest finds anew."""
        return {name: value for name, value in self.sent().items() if name[0] != CONFIG.signals.signals_topic}


class IngestWorker:
    """Reads the source partitions and the events; a crash takes it back to what it committed last."""

    def __init__(self, world: World, broker: Broker, random: Random) -> None:
        self.world, self.broker, self.random = world, broker, random
        self.committed = dict.fromkeys(world, 0)
        self.restart()

    def restart(self) -> None:
        self.ingest = Ingest(SETTINGS)
        self.read = dict(self.committed)

    def commit(self) -> None:
        self.committed = dict(self.read)

    def fetch(self) -> None:
        place = self.random.choice(list(self.world))
        start, most = self.read[place], 4 if place[0] == SETTINGS.topics.events else 90
        self.read[place] = min(start + self.random.randrange(1, most), len(self.world[place]))
        self.broker.send(self.ingest.step(*place, self.world[place][start : self.read[place]]))

    @property
    def is_done(self) -> bool:
        return self.read == {place: len(records) for place, records in self.world.items()}


class ForecastWorker:
    """Reads the samples log; a crash takes it back to the last state that is whole on the changelog."""

    def __init__(self, broker: Broker, random: Random) -> None:
        self.broker, self.random = broker, random
        self.lives = 0
        self.restart()

    def restart(self) -> None:
        self.pipeline = PartitionPipeline(CONFIG)
        self.lives += 1
        found = find(self.broker.changelog)
        assert not found.damage
        if found.manifest is not None:
            self.pipeline.load(found.sections)
            assert self.pipeline.next_offset == found.manifest.next_offset
        self.book = CheckpointBook(found, Writer(1, f"life{self.lives}"))

    def fetch(self) -> None:
        start = self.pipeline.next_offset
        stop = start + self.random.randrange(1, 12)
        fetched = [InputRecord(start + place, value) for place, value in enumerate(self.broker.samples[start:stop])]
        self.broker.send(self.pipeline.step(fetched))

    def checkpoint(self) -> bool:
        """Write a checkpoint; False if the worker dies while it does."""
        plan = self.book.plan(self.pipeline.dump(), self.pipeline.next_offset)
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


def disturbed(world: World, random: Random, foretold: World | None = None) -> tuple[Broker, PartitionPipeline, int]:
    """A run in which anything dies at any time; the number of crashes too.

    What is `foretold` is ingested before all else, and then again, as after a crash.
    """
    broker, crashes = ingested(foretold or {}), 0
    ingest, forecast = IngestWorker(world | (foretold or {}), broker, random), ForecastWorker(broker, random)
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


def ingested(*worlds: World) -> Broker:
    """What an ingest that never dies makes of them, partition by partition."""
    broker, ingest = Broker(), Ingest(SETTINGS)
    for place, records in chain.from_iterable([world.items() for world in worlds]):
        broker.send(ingest.step(*place, records))
    return broker


def undisturbed(broker: Broker) -> PartitionPipeline:
    """A pipeline that reads the samples log at once, and publishes."""
    pipeline = PartitionPipeline(CONFIG)
    broker.send(pipeline.step([InputRecord(offset, value) for offset, value in enumerate(broker.samples)]))
    return pipeline


def rows_read(pipeline: PartitionPipeline) -> dict[str, Any]:
    """The state without what only tells how the log was cut: its length; ticks, which ingest finds anew; signals."""
    sections: dict[str, Any] = {name: value for name, value in pipeline.dump().items() if not name.startswith("told/")}
    head = orjson.loads(sections.pop("head"))
    for volatile in ("next_offset", "watermark_ms", "signals"):
        del head[volatile]
    return sections | {"head": head | {"sources": [source[:4] for source in head["sources"]]}}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_after_all_crashes_state_and_records_are_those_of_the_same_log_undisturbed(seed: int) -> None:
    """The samples log decides: the pipeline's crashes change nothing, nor does what ingest sent twice."""
    random = Random(seed)
    broker, pipeline, crashes = disturbed(telemetry(random) | events(random), random)
    assert crashes > 2
    calm = Broker()
    calm.samples = broker.samples
    assert pipeline.dump() == undisturbed(calm).dump()
    said = {key: value for key, value in broker.sent().items() if not _is_of_ingest(value)}
    assert said == calm.sent()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_and_those_of_an_ingest_that_never_died(seed: int) -> None:
    """One source partition, so that there is but one order; the other partitions' rows would only be interleaved."""
    random = Random(seed)
    in_a_row = chain.from_iterable(telemetry(random).values())
    world = {("telemetry", 0): [record._replace(offset=offset) for offset, record in enumerate(in_a_row)]}
    foretold = events(random)
    broker, pipeline, _ = disturbed(world, random, foretold)
    calm = ingested(foretold, world)
    assert rows_read(pipeline) == rows_read(undisturbed(calm))
    assert broker.predicted() == calm.predicted()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_hosts_on_several_source_partitions_get_their_records_whatever_the_interleaving(seed: int) -> None:
    """What events exclude depends on when they come: these come before."""
    random = Random(seed)
    world, foretold = telemetry(random), events(random)
    broker, _, _ = disturbed(world, random, foretold)
    calm = ingested(foretold, world)
    undisturbed(calm)
    assert broker.predicted() == calm.predicted()
    assert len(by_key(calm.published)) > HOSTS * 4


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_events_make_a_difference(seed: int) -> None:
    """If this fails the tests above prove less than they say."""
    random = Random(seed)
    world, foretold = telemetry(random), events(random)
    with_events, without = ingested(foretold, world), ingested(world)
    undisturbed(with_events)
    undisturbed(without)
    assert len(set(with_events.sent().items()) ^ set(without.sent().items())) > 100


def _is_of_ingest(value: bytes | None) -> bool:
    """Whether a record is a reject of a message that could not be read: the pipeline never sees these."""
    return value is not None and b'"reason":"malformed"' in value
