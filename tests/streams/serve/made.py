"""Real records for a board: what the pipelines say of half a day of a small fleet."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson

from streams.correlate.config import CorrelateConfig
from streams.correlate.pipeline import CorrelatePipeline
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.serve.board.board import Board
from streams.serve.board.incoming import Incoming
from streams.settings.model import Settings

MINUTE_MS = 60_000
STEP_MS = 10 * MINUTE_MS
BEGIN_MS = 1_700_000_400_000
STEPS = 90
END_MS = BEGIN_MS + (STEPS - 1) * STEP_MS
HOSTS = {"a": "shop", "b": "shop", "c": "pay"}
"""Each host's namespace."""

NOISE = (0.0, 0.7, -0.4, 0.2, -0.9, 0.5, 0.1)


def settings(**sections: Any) -> Settings:
    """The configuration that made the records, with other sections of `serve` and so on."""
    return Settings.model_validate(
        {
            "topics": {"partitions": 1},
            "sources": [{"topic": "telemetry", "step": "10m", "entity": ["host", "namespace"]}],
            "capacity": [{"name": "disk", "metric": "disk_used_bytes", "limit": {"value": 120.0}}],
            "failures": [{"name": "errors", "metric": "error_rate", "above": 0.05, "for": "20m", "within": "1h"}],
            "objectives": [{"name": "good", "target": 99, "ratio": {"metric": "error_rate"}}],
            "hazards": [
                {"name": "host", "within": "1h", "signs": [{"metric": "error_rate", "sign": "level", "weight": 1}]}
            ],
        }
        | sections
    )


@cache
def records() -> tuple[Incoming, ...]:
    """Everything on the public topics, in the order in which it came."""
    known = settings()
    ingest = Ingest(known)
    pipeline = PartitionPipeline(PipelineConfig.from_settings(known))
    correlate = CorrelatePipeline(CorrelateConfig.from_settings(known))
    made: list[OutputRecord] = []
    for step in range(STEPS):
        blocks = ingest.step("telemetry", 0, list(_telemetry(step)))
        made += blocks
        values = [record.value for record in blocks if record.topic == known.topics.samples]
        said = pipeline.step([InputRecord(step * 1_000 + place, value) for place, value in enumerate(values)])
        made += said
        signals = [record.value for record in said if record.topic == known.topics.signals]
        made += correlate.step([InputRecord(step * 1_000 + place, value) for place, value in enumerate(signals)])
    public = [record for record in made if record.topic != known.topics.signals]
    return tuple([Incoming(one.topic, 0, place, one.key, one.value) for place, one in enumerate(public)])


def _telemetry(step: int) -> Iterator[InputRecord]:
    t_ms = BEGIN_MS + step * STEP_MS
    for host, (name, namespace) in enumerate(HOSTS.items()):
        noise = NOISE[(step + host) % len(NOISE)]
        bad = host != 1 and 40 <= step < 48
        values = {
            "disk_used_bytes": 20.0 + step * (1.0 + host / 4) + noise,
            "error_rate": 0.4 if bad else 0.01 + noise / 200,
            "latency_ms": 900.0 if bad else 50.0 + noise,
            "requests_total": 100.0 * step * (host + 1),
        }
        labels = {"host": name, "namespace": namespace}
        for row, (metric, value) in enumerate(values.items()):
            # A series falls silent: an anomaly.
            if metric == "latency_ms" and name == "c" and step > 60:
                continue
            sample = {"metric": metric, "labels": labels, "timestamp": t_ms, "value": value}
            yield InputRecord(step * 100 + host * 10 + row, orjson.dumps(sample))


def board(**sections: Any) -> Board:
    """A board that has read all of it."""
    filled = Board(settings(**sections))
    filled.apply(records())
    return filled
