"""`--records` against a live run's path: the same samples as single JSON messages through ingest and pipeline."""

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from load.backtest.records_file import record_line
from load.recordings.table import SampleTable, concatenate, sort_by_time
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.settings.model import Settings
from tests.load.backtest.helpers import MINUTE_MS, START_MS, recorded, run, samples

SERIES = ('cpu{host="a"}', 'memory{host="a"}', 'capacity{host="a"}', 'cpu{host="b"}', 'requests_total{host="b"}')
DAY_MS = 86_400_000


def settings(source: dict[str, Any]) -> dict[str, Any]:
    return {
        "topics": {"partitions": 1},
        "sources": [{"topic": "other"}, {"topic": "telemetry", "entity": ["host"], "codec": "json"} | source],
        "forecast": {"horizon": 12, "emit_every": 10},
        "capacity": [{"name": "memory", "metric": "memory", "limit": {"metric": "capacity"}}],
        "failures": [{"name": "hot", "metric": "cpu", "above": 60, "for": "5m", "within": "1h"}],
        "limits": {"jump_steps": 500},
    }


def single(template: SampleTable, timestamp_ms: int, value: float) -> SampleTable:
    return SampleTable(template.series, np.array([0]), np.array([timestamp_ms]), np.array([value]))


def telemetry() -> SampleTable:
    """Good samples, a day without any, and some that are refused."""
    table = samples(SERIES, 300)
    after = table.timestamp_ms >= START_MS + 200 * MINUTE_MS
    gap = SampleTable(table.series, table.index, table.timestamp_ms + after * DAY_MS, table.value)
    bad = [
        single(table, START_MS + 40 * MINUTE_MS, 1e30),
        single(table, START_MS + 50 * MINUTE_MS + 7, 1.0),
        single(table, 500_000_000_000, 1.0),
    ]
    return sort_by_time(concatenate([gap, *bad]))


def live(table: SampleTable, document: dict[str, Any]) -> list[OutputRecord]:
    """What the topics get when each sample is a message, and each message a fetch."""
    configured = Settings.model_validate(document)
    ingest, pipeline = Ingest(configured), PartitionPipeline(PipelineConfig.from_settings(configured))
    published: list[OutputRecord] = []
    offset = 0
    for number, (place, time, value) in enumerate(
        zip(table.index.tolist(), table.timestamp_ms.tolist(), table.value.tolist(), strict=True)
    ):
        metric, labels = table.series[place]
        text = orjson.dumps({"metric": metric, "labels": dict(labels), "timestamp": time, "value": value})
        for record in ingest.step("telemetry", 0, [InputRecord(number, text)]):
            if record.topic == "foreshock.samples":
                published += pipeline.step([InputRecord(offset, record.value)])
                offset += 1
            else:
                published.append(record)
    return published


@pytest.mark.parametrize(
    "source",
    [
        {"step": "1m"},
        {},
        {"step": "5m", "aggregate": "mean", "lateness_steps": 1},
        {"step": "15s", "aggregate": "last"},
    ],
    ids=["steps known", "steps inferred", "aggregated", "aggregated, short steps"],
)
def test_the_records_are_those_of_a_live_run(tmp_path: Path, source: dict[str, Any]) -> None:
    table = telemetry()
    recording = recorded(tmp_path / "r.parquet", table)
    run(recording, tmp_path / "out", "--records", "--source", "telemetry", "--origins", "1", settings=settings(source))
    lines = (tmp_path / "out/records.jsonl").read_bytes().splitlines(keepends=True)
    expected = following_from_samples([record_line(record) for record in live(table, settings(source))])
    assert len({orjson.loads(line)["topic"] for line in expected}) == 6
    assert following_from_samples(lines) == expected


def following_from_samples(lines: list[bytes]) -> list[bytes]:
    """Without signals and incidents: they follow the ticks too, which ingest writes by its fetches."""
    of_ticks = ("foreshock.signals", "foreshock.incidents")
    return sorted([line for line in lines if orjson.loads(line)["topic"] not in of_ticks])


def test_a_record_is_a_line_whose_value_is_the_records_bytes(tmp_path: Path) -> None:
    record = OutputRecord("t", None, b"key", b'{"a": 1.50,"b":"\xc3\xa9"}', (("ce_id", b"x"),))
    assert orjson.loads(record_line(record)) == {
        "topic": "t",
        "key": "key",
        "value": '{"a": 1.50,"b":"é"}',
        "headers": {"ce_id": "x"},
    }
    assert orjson.loads(record_line(record._replace(value=None)))["value"] is None
