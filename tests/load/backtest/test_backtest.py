"""A backtest end to end: its files, what is in them, and that no forecast has seen what came after it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from load.backtest.predictions_file import CAPACITY_SCHEMA, FAILURES_SCHEMA, HAZARDS_SCHEMA
from load.recordings.table import SampleTable, concatenate, sort_by_time
from tests.load.backtest.helpers import MINUTE_MS, START_MS, recorded, rows, run, samples

SERIES = ('cpu{host="a"}', 'cpu{host="b"}', 'disk{host="a"}', 'requests_total{host="a"}')
RULES = {
    "sources": [{"topic": "telemetry", "entity": ["host"], "step": "1m"}],
    "capacity": [{"name": "disk", "metric": "disk", "limit": {"value": 90}}],
    "failures": [{"name": "hot", "metric": "cpu", "above": 60, "for": "5m", "within": "1h"}],
}
DECILES = [f"q0.{tenth}" for tenth in range(1, 10)]


def instant(minute: int) -> datetime:
    return datetime.fromtimestamp(START_MS / 1000, UTC) + timedelta(minutes=minute)


def changed_from(table: SampleTable, minute: int) -> SampleTable:
    """The same recording with other values from this minute on."""
    later = table.timestamp_ms >= START_MS + minute * MINUTE_MS
    return SampleTable(table.series, table.index, table.timestamp_ms, np.where(later, table.value * 7 + 3, table.value))


def test_forecasts_have_every_series_origin_and_horizon(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "fleet.parquet", samples(SERIES, 300))
    run(recording, tmp_path / "out", "--step", "1m", "--horizon", "12", "--origins", "3")
    table = pq.read_table(tmp_path / "out/forecasts.parquet")
    assert table.column_names == ["series", "origin", "target", "h", *DECILES]
    assert table.schema.field("origin").type == pa.timestamp("ms", "UTC")
    got = {(row["series"], row["origin"], row["h"], row["target"]) for row in table.to_pylist()}
    origins = [299 - 36, 299 - 24, 299 - 12]
    assert got == {(s, instant(o), h, instant(o + h)) for s in SERIES for o in origins for h in range(1, 13)}
    quantiles = np.array([table[name].to_numpy() for name in DECILES])
    assert np.all(np.diff(quantiles, axis=0) >= 0)
    assert table.num_rows == len(got)


def test_every_sample_has_a_score_in_the_recordings_order(tmp_path: Path) -> None:
    table = samples(SERIES, 200)
    table.value[-1] += 1e6
    recording = recorded(tmp_path / "fleet.parquet", table)
    summary = run(recording, tmp_path / "out", "--step", "1m", "--horizon", "12")
    anomalies = rows(tmp_path / "out/anomalies.parquet")
    assert [row["series"] for row in anomalies] == [SERIES[place] for place in table.index]
    assert [row["timestamp"].timestamp() * 1000 for row in anomalies] == table.timestamp_ms.tolist()
    scores = np.array([row["score"] for row in anomalies])
    assert scores.min() == 0.0
    assert 0.9 < scores[-1] == scores.max() <= 1.0
    assert all(0.0 <= row["score"] <= row["height"] <= 1.0 for row in anomalies)
    assert summary["samples"] == len(anomalies) == summary["samples_accepted"]


def test_a_refused_sample_scores_zero(tmp_path: Path) -> None:
    good = samples(['cpu{host="a"}'], 200)
    twice = SampleTable(good.series, np.array([0]), good.timestamp_ms[150:151] + 1, np.array([5000.0]))
    huge = SampleTable(good.series, np.array([0]), good.timestamp_ms[160:161] + 1, np.array([1e30]))
    table = sort_by_time(concatenate([good, twice, huge]))
    summary = run(recorded(tmp_path / "r.parquet", table), tmp_path / "out", "--step", "1m", "--horizon", "12")
    assert summary["rejects"] == {"same_step": 1, "value_out_of_range": 1}
    height = [row["height"] for row in rows(tmp_path / "out/anomalies.parquet")]
    assert height[151] == height[162] == 0.0
    assert max(height[100:151]) > 0.0


def test_no_forecast_has_seen_a_later_sample(tmp_path: Path) -> None:
    table = samples(SERIES, 300)
    options = ("--step", "1m", "--horizon", "12", "--origins", "3")
    run(recorded(tmp_path / "a.parquet", table), tmp_path / "a", *options)
    # The second of the origins is minute 275: all that comes after it is different.
    run(recorded(tmp_path / "b.parquet", changed_from(table, 276)), tmp_path / "b", *options)
    one, other = rows(tmp_path / "a/forecasts.parquet"), rows(tmp_path / "b/forecasts.parquet")
    assert [row for row in one if row["origin"] <= instant(275)] == [
        row for row in other if row["origin"] <= instant(275)
    ]
    assert all(a != b for a, b in zip(one, other, strict=True) if a["origin"] > instant(275))


def test_a_forecast_has_seen_the_sample_at_its_origin(tmp_path: Path) -> None:
    table = samples(SERIES, 300)
    options = ("--step", "1m", "--horizon", "12", "--origins", "1")
    run(recorded(tmp_path / "a.parquet", table), tmp_path / "a", *options)
    run(recorded(tmp_path / "b.parquet", changed_from(table, 287)), tmp_path / "b", *options)
    one, other = rows(tmp_path / "a/forecasts.parquet"), rows(tmp_path / "b/forecasts.parquet")
    assert one[0]["origin"] == instant(287)
    assert all(a != b for a, b in zip(one, other, strict=True))


def test_the_first_instant_of_a_recording_can_be_an_origin(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "fleet.parquet", samples(SERIES[:3], 13))
    run(recording, tmp_path / "out", "--step", "1m", "--horizon", "12")
    assert {row["series"] for row in rows(tmp_path / "out/forecasts.parquet")} == set(SERIES[:3])


def test_rules_are_predicted_with_all_fields_of_their_records(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "fleet.parquet", samples(SERIES, 600))
    summary = run(recording, tmp_path / "out", "--horizon", "12", "--records", settings=RULES)
    capacity, failures = rows(tmp_path / "out/capacity.parquet"), rows(tmp_path / "out/failures.parquet")
    assert len(capacity) == summary["capacity_predictions"] > 0
    assert len(failures) == summary["failure_predictions"] > 0
    assert {row["series"] for row in capacity} == {SERIES[2]}
    assert {row["series"] for row in failures} == set(SERIES[:2])
    assert capacity[0]["labels"] == '{"host":"a"}'
    published = published_fields(tmp_path / "out/records.jsonl")
    assert published["foreshock.capacity"] == set(CAPACITY_SCHEMA.names)
    assert published["foreshock.failures"] == set(FAILURES_SCHEMA.names)


def test_what_hazards_count_calibrates_the_next_run(tmp_path: Path) -> None:
    hazard = {"name": "h", "within": "1h", "every": "5m", "signs": [{"metric": "cpu", "sign": "level", "weight": 1}]}
    recording = recorded(tmp_path / "fleet.parquet", samples(SERIES, 600))
    failing = {"id": "I1", "kind": "incident", "start": START_MS + 400 * MINUTE_MS, "labels": {"host": "a"}}
    (tmp_path / "events.jsonl").write_bytes(orjson.dumps(failing | {"end": START_MS + 410 * MINUTE_MS}))
    options = ["--horizon", "12", "--entity", "host", "--events", str(tmp_path / "events.jsonl")]
    summary = run(recording, tmp_path / "first", *options, settings={"sources": RULES["sources"], "hazards": [hazard]})
    said = rows(tmp_path / "first/hazards.parquet")
    assert len(said) == summary["hazard_predictions"] > 0
    assert set(said[0]) == set(HAZARDS_SCHEMA.names)
    assert {row["is_prior"] for row in said} == {True}
    assert max(row["failures_seen"] for row in said if row["entity"] == '{host="a"}') == 1
    assert "Who is likely to fail?" in (tmp_path / "first/report.html").read_text()
    counted = str(tmp_path / "first/hazards.json")
    calibrated = {"sources": RULES["sources"], "hazards": [hazard | {"calibration": counted}]}
    run(recording, tmp_path / "second", *options, settings=calibrated)
    again = rows(tmp_path / "second/hazards.parquet")
    assert {row["is_prior"] for row in again} == {False}
    assert {row["calibration"] for row in again} == {again[0]["calibration"]}
    assert [row["score"] for row in again] == [row["score"] for row in said]


def test_without_rules_there_are_no_files_of_them(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "fleet.parquet", samples(SERIES, 100))
    run(recording, tmp_path / "out", "--horizon", "12")
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "forecasts.parquet",
        "incidents.jsonl",
        "anomalies.parquet",
        "anomaly_episodes.parquet",
        "summary.json",
        "report.html",
    }


def test_the_summary_tells_errors_and_cost(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "fleet.parquet", samples(SERIES, 900))
    summary = run(recording, tmp_path / "out", "--horizon", "12", "--entity", "host")
    assert summary["step_ms"] == MINUTE_MS
    assert len(summary["origins"]) == 899 // 5 // 12
    errors = summary["errors"]
    assert errors["samples_scored"] == len(SERIES) * len(summary["origins"]) * 12
    assert 0 < errors["crps"] < 0.2
    assert errors["crps_relative"] == pytest.approx(errors["crps"] / errors["crps_seasonal_naive"])
    assert 0.5 < errors["coverage_80"] <= 1.0
    assert len(summary["by_horizon"]["crps"]) == 12
    assert summary["bytes_per_series"] > 0
    assert summary["peak_rss_bytes"] > 2**20
    assert summary["versions"]["foreshock"]


def test_the_report_stands_alone(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "<fleet>.parquet", samples(SERIES, 600))
    run(recording, tmp_path / "out", "--horizon", "12", settings=RULES)
    page = (tmp_path / "out/report.html").read_text()
    assert "&lt;fleet&gt;.parquet" in page
    # Of methods, of each series, and of failures: reliability and the courses of two series.
    assert page.count("<svg") == page.count("<figure>") >= 4 + len(SERIES) + 3
    for heading in ("What runs out first?", "What is likely to break?", "How good are the forecasts?", "The run"):
        assert heading in page
    for forbidden in ("<script", "<link", "<img", "@import", "src=", 'href="http'):
        assert forbidden not in page


def test_rules_and_what_they_emit_change_no_forecast_and_no_score(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "fleet.parquet", samples(SERIES, 300))
    run(recording, tmp_path / "a", "--horizon", "12", "--step", "1m")
    run(recording, tmp_path / "b", "--horizon", "12", settings=RULES)
    assert rows(tmp_path / "a/forecasts.parquet") == rows(tmp_path / "b/forecasts.parquet")
    assert rows(tmp_path / "a/anomalies.parquet") == rows(tmp_path / "b/anomalies.parquet")


def published_fields(path: Path) -> dict[str, set[str]]:
    """The fields of the records of each topic."""
    fields: dict[str, set[str]] = {}
    for line in path.read_bytes().splitlines():
        record = orjson.loads(line)
        fields.setdefault(record["topic"], set()).update(orjson.loads(record["value"]))
    return fields
