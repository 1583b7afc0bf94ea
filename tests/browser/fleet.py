"""What the topics say of a generated fleet: the records that a worker publishes, made by its own pure code.

The fleet is stopped where there is something to see: a volume that is nearly full, an outage that is being told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from load.demo.scenario import STEP_MS, FleetSpan, worker_settings
from load.generate.fleet import Fleet, generate_fleet
from load.generate.incidents import OUTAGE_AT
from load.generate.spec import MINUTE_MS, FleetSpec
from streams.correlate.config import CorrelateConfig
from streams.correlate.pipeline import CorrelatePipeline
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.settings.model import Settings

SPEC = FleetSpec(seed=3, hosts=8, services=6, volumes=5, days=4.0, step_ms=STEP_MS)
SEEN_OF_OUTAGE_MS = 14 * MINUTE_MS
"""The recording is stopped so long into the outage."""

ROWS_PER_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Told:
    """The settings, the records of all topics in the order in which they were published, and the event time."""

    settings: Settings
    records: list[OutputRecord]
    now_ms: int


def settings(**more: Any) -> Settings:
    """Those of the demo, an error budget for each service, and what the page needs."""
    document = worker_settings("127.0.0.1:9092", "foreshock", "telemetry")
    document["objectives"] = [{"name": "errors", "target": 99, "window": "30d", "ratio": {"metric": "error_rate"}}]
    return Settings.model_validate(document | more)


@cache
def told() -> Told:
    """The whole of it, once a session: it takes seconds."""
    fleet = generate_fleet(SPEC)
    stop_ms = SPEC.at(OUTAGE_AT) + SEEN_OF_OUTAGE_MS
    return tell(settings(), fleet, stop_ms)


def tell(used: Settings, fleet: Fleet, stop_ms: int) -> Told:
    """What a worker with these settings publishes of a fleet until an event time."""
    ingest = Ingest(used)
    pipeline = PartitionPipeline(PipelineConfig.from_settings(used))
    correlate = CorrelatePipeline(CorrelateConfig.from_settings(used))
    records: list[OutputRecord] = []
    offset = signal_offset = 0
    span = FleetSpan(fleet, fleet.spec.start_ms, stop_ms)
    for start, messages in enumerate(_messages(span)):
        ingested = ingest.step("telemetry", 0, [InputRecord(start * ROWS_PER_BATCH + at, value) for at, value in enumerate(messages)])
        blocks = [record.value for record in ingested if record.topic == used.topics.samples]
        made = pipeline.step([InputRecord(offset + at, value) for at, value in enumerate(blocks)])
        offset += len(blocks)
        signals = [record.value for record in made if record.topic == used.topics.signals]
        incidents = correlate.step([InputRecord(signal_offset + at, value) for at, value in enumerate(signals)])
        signal_offset += len(signals)
        records += [*ingested, *made, *incidents]
    return Told(used, records, stop_ms - fleet.spec.step_ms)


def _messages(span: FleetSpan) -> Iterator[list[bytes]]:
    for table in span.tables(ROWS_PER_BATCH):
        names = table.series
        yield [
            orjson.dumps(
                {
                    "metric": names[which].metric,
                    "labels": dict(names[which].labels),
                    "timestamp": int(timestamp_ms),
                    "value": float(value),
                }
            )
            for which, timestamp_ms, value in zip(table.index, table.timestamp_ms, table.value, strict=True)
        ]
