"""Runs of the real engine: what the toys' ledgers prove of the runtime, with the state that production has."""

from dataclasses import replace
from random import Random
from typing import Any

import orjson

from streams.correlate.config import CorrelateConfig
from streams.correlate.pipeline import CorrelatePipeline
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import OutputRecord
from streams.runtime.log import Place
from streams.runtime.parts import Engine
from streams.settings.model import Settings
from tests.simulation.cluster import SIGNALS
from tests.simulation.hops import BOTH
from tests.simulation.run import Outcome, Run, Script
from tests.streams.pipeline.logs import MINUTE_MS, T_MS

PARTITIONS = 2
ROUNDS = 14
HOSTS = 4
STEP_MS = 10 * MINUTE_MS
SETTINGS = Settings.model_validate(
    {
        "topics": {"partitions": PARTITIONS},
        "sources": [{"topic": "telemetry", "step": "10m", "entity": ["host"]}],
        "forecast": {"horizon": 4, "emit_every": 2},
        "capacity": [{"name": "memory", "metric": "mem", "limit": {"metric": "size"}}],
        "failures": [{"name": "hot", "metric": "cpu", "above": 60, "for": "20m", "within": "2h"}],
        "limits": {"jump_steps": 30, "series_per_partition": 24},
    }
)
CONFIG = PipelineConfig.from_settings(SETTINGS)
CONFIG = replace(CONFIG, signals=replace(CONFIG.signals, signals_topic=SIGNALS))
CORRELATE_CONFIG = CorrelateConfig.from_settings(SETTINGS)


def real_engine() -> Engine:
    """Ingest and pipelines; the simulation's samples and signals topics have names of their own."""
    return Engine(
        RenamedIngest,
        lambda partition: PartitionPipeline(CONFIG, partition),
        lambda partition: CorrelatePipeline(CORRELATE_CONFIG, partition),
    )


class RenamedIngest(Ingest):
    """Sends to the topics of the simulation."""

    def __init__(self) -> None:
        super().__init__(SETTINGS)

    def step(self, *args: Any) -> list[OutputRecord]:
        return _renamed(super().step(*args))

    def silence(self, *args: Any) -> list[OutputRecord]:
        return _renamed(super().silence(*args))


def _renamed(records: list[OutputRecord]) -> list[OutputRecord]:
    ours = SETTINGS.topics.samples
    return [record._replace(topic="samples") if record.topic == ours else record for record in records]


def telemetry(random: Random) -> dict[Place, list[bytes]]:
    """Two source partitions; a host's samples are in order on one of them, with the usual dirt."""
    sources: dict[Place, list[bytes]] = {Place("telemetry", number): [] for number in range(2)}
    for number in range(ROUNDS):
        for host in range(HOSTS):
            for metric, value in {"cpu": random.gauss(50, 20), "mem": 10.0 + number, "size": 99.0}.items():
                step = number - random.choice([0, 0, 0, 0, 0, 1, -200])
                sample = {"metric": metric, "labels": {"host": f"h{host}"}, "timestamp": T_MS + step * STEP_MS}
                message = b"dirt" if random.random() < 0.02 else orjson.dumps(sample | {"value": value})
                sources[Place("telemetry", host % 2)].append(message)
    return sources


def _calm(place: Place) -> PartitionPipeline | CorrelatePipeline:
    if place.topic == SIGNALS:
        return CorrelatePipeline(CORRELATE_CONFIG, place.partition)
    return PartitionPipeline(CONFIG, place.partition)


def run_real(seed: int) -> Outcome:
    """Run a script, and compare what was published with what an engine publishes that nothing disturbs."""
    script = Script(seed, real_engine, telemetry(Random(f"real {seed}")), PARTITIONS, BOTH, rough=0.05)
    outcome = Run(script).play()
    said: dict[tuple[str, bytes, bytes], bytes | None] = {}
    for record in outcome.published:
        name = record.topic, record.key, dict(record.headers)["ce_id"]
        if said.setdefault(name, record.value) != record.value:
            outcome.problems.append(f"{name} was said twice, and not the same")
    due = {
        (record.topic, record.key, dict(record.headers)["ce_id"]): record.value
        for place, records in outcome.logs.items()
        for record in _calm(place).step(records)
        if record.topic != SIGNALS
    }
    of_pipelines = {name: value for name, value in said.items() if name in due or b"malformed" not in (value or b"")}
    if of_pipelines != due:
        outcome.problems.append(f"published {len(of_pipelines)} records, {len(due)} were due")
    outcome.counts.update(compared=sum([len(values) for values in script.sources.values()]))
    return outcome
