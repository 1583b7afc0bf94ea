"""Timestamps from 1970 and 2262, and at the ends of 64 bits: refused, or lived with where the limits allow them."""

import warnings
from typing import Any

import orjson
import pytest

from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.settings.model import Settings

MINUTE_NS = 60_000_000_000
LAST_NS = 2**63 - 1
"""In 2262: the last nanosecond that 64 bits hold."""

RULES = {
    "capacity": [{"name": "full", "metric": "cpu", "limit": {"value": 1000}}],
    "failures": [{"name": "hot", "metric": "cpu", "above": 60, "for": "2m", "within": "1h"}],
}


def settings(zone: str = "UTC", **limits: Any) -> Settings:
    source = {"topic": "telemetry", "entity": ["host"], "step": "1m", "timezone": zone}
    calendar = {"calendar": [{"name": "first", "first_days_of_month": 1}]}
    topics = {"topics": {"partitions": 1}, "forecast": {"horizon": 4, "emit_every": 3}}
    return Settings.model_validate({"sources": [source], "limits": limits, **topics, **RULES, **calendar})


def sent(given: Settings, timestamps: list[Any]) -> tuple[list[OutputRecord], PartitionPipeline, Ingest]:
    """What the pipeline says of samples with these timestamps; a warning of numpy's is an error."""
    ingest, pipeline = Ingest(given), PartitionPipeline(PipelineConfig.from_settings(given))
    documents = [
        {"metric": "cpu", "labels": {"host": "a"}, "timestamp": timestamp, "value": float(50 + place % 20)}
        for place, timestamp in enumerate(timestamps)
    ]
    records = [InputRecord(offset, orjson.dumps(document)) for offset, document in enumerate(documents)]
    made = [record for record in ingest.step("telemetry", 0, records) if record.topic == given.topics.samples]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        said = pipeline.step([InputRecord(place, record.value) for place, record in enumerate(made)])
        again = PartitionPipeline(PipelineConfig.from_settings(given))
        again.load(pipeline.dump())
    assert again.dump() == pipeline.dump()
    return said, pipeline, ingest


@pytest.mark.parametrize(
    "timestamp",
    [0, 1, -1, "1970-01-01T00:00:00Z", LAST_NS, "2262-04-11T23:47:16Z", -(2**63), 2**64 - 1, 1e308, -1e308],
)
def test_times_outside_the_limits_are_refused(timestamp: Any) -> None:
    said, pipeline, ingest = sent(settings(), [timestamp])
    assert dict(ingest.counts) == {"timestamp_out_of_range": 1}
    assert (said, pipeline.samples_accepted) == ([], 0)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
@pytest.mark.parametrize("last_ns", [40 * MINUTE_NS, LAST_NS], ids=["1970", "2262"])
def test_times_that_the_limits_allow_are_lived_with(last_ns: int, zone: str) -> None:
    wide = settings(zone, timestamp_min="1970-01-01T00:00:00Z", timestamp_max="2262-12-31T00:00:00Z")
    texts = [f"1970-01-01T00:{minute:02d}:00Z" for minute in range(40)]
    numbers = [last_ns - (39 - minute) * MINUTE_NS for minute in range(40)]
    said, pipeline, ingest = sent(wide, texts if last_ns < MINUTE_NS * 100 else numbers)
    assert not ingest.counts
    assert pipeline.samples_accepted == 40
    topics = {record.topic.rpartition(".")[2] for record in said}
    assert topics == {"forecasts", "failures", "quality", "signals"}


def test_a_jump_from_1970_to_2262_waits_to_be_confirmed() -> None:
    wide = settings(timestamp_min="1970-01-01T00:00:00Z", timestamp_max="2262-12-31T00:00:00Z")
    old = [f"1970-01-01T00:{minute:02d}:00Z" for minute in range(10)]
    late = [LAST_NS - (5 - minute) * MINUTE_NS for minute in range(6)]
    _, pipeline, _ = sent(wide, [*old, late[0]])
    assert pipeline.samples_accepted == 10
    _, pipeline, _ = sent(wide, [*old, *late])
    assert pipeline.samples_accepted == 16
