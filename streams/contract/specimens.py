"""A real record of each kind, for examples: some hours of a small fleet through ingest, pipeline and correlation."""

from collections.abc import Iterator
from functools import cache
from types import MappingProxyType
from typing import Any

import orjson

from streams.correlate.config import CorrelateConfig
from streams.correlate.pipeline import CorrelatePipeline
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.schema import RecordKind
from streams.settings.model import Settings

MINUTE_MS = 60_000
STEP_MS = 10 * MINUTE_MS
BEGIN_MS = 1_767_829_800_000
STEPS = 72
REPORTED_STEPS = 60
"""Errors stop being reported after so many: an anomaly."""

TOPIC = "telemetry"
EVENT: dict[str, Any] = {"id": "INC-7", "kind": "incident", "start": BEGIN_MS, "labels": {"host": "b"}}
SAMPLE: dict[str, Any] = {"metric": "error_rate", "labels": {"host": "a"}, "timestamp": BEGIN_MS, "value": 0.02}

_SETTINGS = {
    "topics": {"partitions": 1},
    "sources": [{"topic": TOPIC, "step": "10m"}],
    "capacity": [{"name": "disk", "metric": "disk_used_bytes", "limit": {"value": 75.0}}],
    "failures": [{"name": "errors", "metric": "error_rate", "above": 0.05, "for": "20m", "within": "1h"}],
    "objectives": [{"name": "good", "target": 99, "ratio": {"metric": "error_rate"}}],
    "hazards": [{"name": "host", "within": "1h", "signs": [{"metric": "error_rate", "sign": "level", "weight": 1}]}],
}


@cache
def specimens() -> MappingProxyType[RecordKind, OutputRecord]:
    """The newest record of each kind. Takes a moment the first time."""
    settings = Settings.model_validate(_SETTINGS)
    ingest = Ingest(settings)
    made = ingest.step(TOPIC, 0, [*_telemetry(), InputRecord(2 * STEPS, b"nonsense")])
    made += ingest.step(settings.topics.events, 0, [InputRecord(0, orjson.dumps(EVENT))])
    made += ingest.silence(TOPIC, 0, 2 * STEPS + 1)
    pipeline = PartitionPipeline(PipelineConfig.from_settings(settings))
    made += pipeline.step(_as_read(made, settings.topics.samples))
    correlate = CorrelatePipeline(CorrelateConfig.from_settings(settings))
    made += correlate.step(_as_read(made, settings.topics.signals))
    return MappingProxyType({_kind(record): record for record in made if record.value is not None})


def _as_read(records: list[OutputRecord], topic: str) -> list[InputRecord]:
    values = [record.value for record in records if record.topic == topic]
    return [InputRecord(offset, value) for offset, value in enumerate(values)]


def _kind(record: OutputRecord) -> RecordKind:
    return RecordKind(orjson.loads(record.value or b"")["kind"])


def _telemetry() -> Iterator[InputRecord]:
    for step in range(STEPS):
        values = {"disk_used_bytes": 20.0 + step, "error_rate": 0.1 * (step % 7 == 0)}
        for row, (metric, value) in enumerate(values.items()):
            if metric == "error_rate" and step >= REPORTED_STEPS:
                continue
            sample = SAMPLE | {"metric": metric, "timestamp": BEGIN_MS + step * STEP_MS, "value": value}
            yield InputRecord(2 * step + row, orjson.dumps(sample))
