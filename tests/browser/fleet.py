"""What the topics say of a generated fleet: the records that a worker publishes, made by its own pure code.

The fleet is stopped where there is something to see: a volume that is nearly full, and an outage of a service.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from load.demo.scenario import FleetSpan, worker_settings
from load.generate.fleet import generate_fleet
from load.generate.incidents import OUTAGE_AT
from load.generate.spec import MINUTE_MS, FleetSpec
from streams.correlate.config import CorrelateConfig
from streams.correlate.pipeline import CorrelatePipeline
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.serve.board.incoming import Incoming
from streams.settings.model import Settings

STEP_MS = 5 * MINUTE_MS
SPEC = FleetSpec(seed=3, hosts=5, services=5, volumes=4, days=4.0, step_ms=STEP_MS)
SEEN_OF_OUTAGE_MS = 30 * MINUTE_MS
LATER_MS = 60 * MINUTE_MS
"""What comes while the page is open."""

ROWS_PER_BATCH = 600
"""Some ten steps: what a worker that keeps up reads at once."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the topics hold when the page is opened, what comes later, and the event times of both."""

    records: list[Incoming]
    now_ms: int
    later: list[Incoming]
    later_ms: int


def settings(**sections: Any) -> Settings:
    """Those of the demo, with an error budget for each service, and sections of the test's own."""
    document = worker_settings("127.0.0.1:9092", "foreshock", "telemetry")
    document["sources"] = [{"topic": "telemetry", "entity": ["host", "service", "volume"], "step": "5m"}]
    document["objectives"] = [{"name": "errors", "target": 99, "ratio": {"metric": "error_rate"}}]
    return Settings.model_validate(document | {"serve": {"now": "event"}} | sections)


@cache
def told() -> Told:
    """The whole of it, once a session: it takes some seconds."""
    fleet, worker = generate_fleet(SPEC), _Worker(settings())
    stop_ms = SPEC.at(OUTAGE_AT) + SEEN_OF_OUTAGE_MS
    records = worker.told_of(FleetSpan(fleet, SPEC.start_ms, stop_ms))
    later = worker.told_of(FleetSpan(fleet, stop_ms, stop_ms + LATER_MS))
    return Told(records, stop_ms - STEP_MS, later, stop_ms + LATER_MS - STEP_MS)


class _Worker:
    """The roles of a worker, one after the other, without Kafka."""

    def __init__(self, used: Settings) -> None:
        self._topics, self._ingest = used.topics, Ingest(used)
        self._pipeline = PartitionPipeline(PipelineConfig.from_settings(used))
        self._correlate = CorrelatePipeline(CorrelateConfig.from_settings(used))
        self._read = {"telemetry": 0, "samples": 0, "signals": 0, "public": 0}

    def told_of(self, span: FleetSpan) -> list[Incoming]:
        """What is published of a stretch of telemetry."""
        made: list[OutputRecord] = []
        for messages in _messages(span):
            ingested = self._ingest.step("telemetry", 0, self._numbered("telemetry", messages))
            blocks = [record.value for record in ingested if record.topic == self._topics.samples]
            said = self._pipeline.step(self._numbered("samples", blocks))
            signals = [record.value for record in said if record.topic == self._topics.signals]
            made += [*ingested, *said, *self._correlate.step(self._numbered("signals", signals))]
        public = [record for record in made if record.topic != self._topics.signals]
        numbered = self._numbered("public", [record.value for record in public])
        return [
            Incoming(record.topic, 0, offset, record.key, record.value)
            for record, (offset, _) in zip(public, numbered, strict=True)
        ]

    def _numbered(self, log: str, values: list[bytes | None] | list[bytes]) -> list[InputRecord]:
        begin = self._read[log]
        self._read[log] += len(values)
        return [InputRecord(offset, value) for offset, value in enumerate(values, start=begin)]


def _messages(span: FleetSpan) -> Iterator[list[bytes]]:
    for table in span.tables(ROWS_PER_BATCH):
        series = [{"metric": key.metric, "labels": dict(key.labels)} for key in table.series]
        columns = zip(table.index, table.timestamp_ms.tolist(), table.value.tolist(), strict=True)
        yield [orjson.dumps(series[which] | {"timestamp": t_ms, "value": value}) for which, t_ms, value in columns]
