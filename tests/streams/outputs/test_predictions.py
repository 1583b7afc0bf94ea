"""The records of predictions, to the byte where their readers depend on it."""

import math
from typing import Any

import numpy as np
import orjson
import pytest

from models.capacity.bank import CapacityPrediction
from models.failure.bank import FailurePrediction
from models.forecast.quality import Quality
from streams.outputs.capacity import capacity_record
from streams.outputs.failures import failure_quality_record, failure_record
from streams.outputs.forecasts import forecast_record
from streams.outputs.quality import Standing, quality_record
from streams.outputs.subject import Subject, record_key, tombstone
from streams.records import OutputRecord
from streams.schema import ForecastQuality, RecordKind
from streams.series import parse_series
from streams.settings.rules import CapacityRule, FailureRule

NAME = 'disk_used{device="x",host="a\\"b"}'
SUBJECT = Subject(
    name=NAME,
    key=parse_series(NAME),
    entity='{host="a\\"b"}',
    step_ms=60_000,
    origin_ms=1_699_999_980_000,
    last_sample_at_ms=1_700_000_000_000,
    expires_at_ms=1_700_001_420_000,
    is_rate=False,
    samples_seen=123,
)
COMMON = (
    b'{"v":1,"kind":"%s","series":"disk_used{device=\\"x\\",host=\\"a\\\\\\"b\\"}","metric":"disk_used",'
    b'"labels":{"device":"x","host":"a\\"b"},"entity":"{host=\\"a\\\\\\"b\\"}","origin_ms":1699999980000,'
    b'"last_sample_at_ms":1700000000000,"expires_at_ms":1700001420000,"step_ms":60000,"transform":null,'
    b'"samples_seen":123,"model":"m/1","suppressed":false,'
)
RULE = CapacityRule.model_validate({"name": "disk", "metric": "disk_*", "limit": {"value": 64}})
HOT = FailureRule.model_validate({"name": "hot", "metric": "*", "above": 0.05, "for": "5m", "within": "1h"})

NAN = math.nan
STANDING = Standing(ForecastQuality.WARMING, 0.25, 0.8, np.array([0.25, NAN]), np.array([0.8, NAN]))


def capacity(**changes: Any) -> CapacityPrediction:
    """Predictions of two slots, of which the second is the one that tests look at."""
    values: dict[str, Any] = {
        "ready": True,
        "within": [0.0, 0.0, 0.25, 1.0, 1.0],
        "eta_h": [1.0, 2.5, math.inf],
        "drift_per_h": 0.5,
        "level": 51.2,
        "gap": 12.8,
        "levels_seen": 49,
        "supported_h": 72.0,
        "status": 1,
        "leader": [0, 1, 2, 0, 0],
        "looks_settled": [7, 6, 5, 0, 0],
        "brier": [0.5, 0.25, 0.0, NAN, NAN],
        "base_brier": [0.75, 0.5, 0.25, NAN, NAN],
    }
    made = {name: np.array([np.zeros_like(value), value]) for name, value in (values | changes).items()}
    return CapacityPrediction(**made)


def failure(**changes: float) -> FailurePrediction:
    values: dict[str, Any] = {
        "p": 0.125,
        "p_standard": [0.0625, 0.125, 0.5],
        "path_weight": 0.25,
        "breaking": False,
        "is_prior": False,
        "looks_settled": 250,
        "events_seen": 4,
        "brier": 0.02,
        "base_brier": 0.04,
        "brier_standard": [0.1, 0.2, NAN],
        "base_brier_standard": [0.3, 0.4, NAN],
        "settled_standard": [8, 4, 2],
        "bin_looks": [9, 1],
        "bin_hits": [2, 1],
        "bin_p": [1.5, 0.75],
        "warnings": 2,
        "warnings_right": 1,
        "lead_p50_ms": 480_000.0,
        "leads": [0, 1],
    }
    two = {name: np.array([np.zeros_like(value), value]) for name, value in (values | changes).items()}
    return FailurePrediction(**two)


def read(record: OutputRecord) -> dict[str, object]:
    fields: dict[str, object] = orjson.loads(record.value or b"")
    return fields


def headers(record: OutputRecord) -> tuple[str, str]:
    held = dict(record.headers)
    return held["ce_type"].decode(), held["ce_id"].decode()


def test_a_forecast() -> None:
    quantiles = np.array([[1.5, 2.0, 0.1], [-1.0, 0.0, 1e9]], np.float32)
    levels = np.array([0.1, 0.5, 0.9])
    record = forecast_record("f", SUBJECT, "m/1", np.array([1, 48]), levels, quantiles, 12, STANDING)
    assert record.value == COMMON % b"forecast" + (
        b'"horizon_steps":[1,48],"levels":[0.1,0.5,0.9],"quantiles":[[1.5,2.0,0.1],[-1.0,0.0,1000000000.0]],'
        b'"origins_scored":12,"quality":"warming","skill":0.25,"coverage_80":0.8,'
        b'"skill_by_horizon":[0.25,null],"coverage_80_by_horizon":[0.8,null]}'
    )
    assert (record.topic, record.partition, record.key) == ("f", None, f"forecast|{NAME}".encode())
    assert headers(record) == ("dev.foreshock.forecast.v1", f"forecast|{NAME}|1699999980000")


def test_the_quality_of_forecasts() -> None:
    """It outlives the forecast, so that the expiry is its own."""
    quality = Quality(*[np.array([[9.0, 9.0], scores]) for scores in ([7.5, 0.0], [0.1, NAN], [0.2, NAN], [0.8, NAN])])
    record = quality_record("q", SUBJECT, "m/1", np.array([1, 48]), STANDING, quality, 1, 1_700_005_000_000)
    assert record.value == (COMMON % b"quality").replace(b"1700001420000", b"1700005000000") + (
        b'"quality":"warming","skill":0.25,"coverage_80":0.8,'
        b'"skill_by_horizon":[0.25,null],"coverage_80_by_horizon":[0.8,null],"horizon_steps":[1,48],'
        b'"origins_by_horizon":[7.5,0.0],"loss_by_horizon":[0.1,null],"naive_loss_by_horizon":[0.2,null]}'
    )
    assert (record.topic, record.partition, record.key) == ("q", None, f"quality|{NAME}".encode())
    assert headers(record) == ("dev.foreshock.quality.v1", f"quality|{NAME}|1699999980000")


def test_a_capacity_prediction() -> None:
    """Times to the limit become instants after the last sample: 1 h and 2.5 h are 3,600,000 and 9,000,000 ms."""
    record = capacity_record("c", SUBJECT, "m/1", RULE, 64.0, capacity(), 1)
    assert record.value == COMMON % b"capacity" + (
        b'"rule":"disk","direction":"up","limit":64.0,"level":51.2,"gap":12.8,'
        b'"status":"filling","urgency":0.45,'
        b'"p_within_1h":0.0,"p_within_6h":0.0,"p_within_24h":0.25,"p_within_7d":1.0,"p_within_30d":1.0,'
        b'"exhausted_at_p10_ms":1700003600000,"exhausted_at_p50_ms":1700009000000,"exhausted_at_p90_ms":null,'
        b'"eta_horizon_h":720.0,"supported_h":72.0,"eta_supported":true,"drift_per_h":0.5,"levels_seen":49,'
        b'"horizons_h":[1.0,6.0,24.0,168.0,720.0],"experts":["walk","yesterday","maxima","walk","walk"],'
        b'"looks_settled":[7,6,5,0,0],"brier":[0.5,0.25,0.0,null,null],"base_brier":[0.75,0.5,0.25,null,null]}'
    )
    assert (record.topic, record.partition, record.key) == ("c", None, f"capacity|{NAME}|disk".encode())
    assert headers(record) == ("dev.foreshock.capacity.v1", f"capacity|{NAME}|disk|1699999980000")


def test_a_failure_prediction() -> None:
    record = failure_record("x", SUBJECT, "m/1", HOT, failure(), 1)
    assert record.value == COMMON % b"failure" + (
        b'"rule":"hot","threshold":0.05,"side":"above","for_ms":300000,"within_ms":3600000,"probability":0.125,'
        b'"p_within_15m":0.0625,"p_within_1h":0.125,"p_within_24h":0.5,'
        b'"breaking":false,"is_prior":false,"forecast_weight":0.25,"looks_settled":250,"failures_seen":4,"brier":0.02,"base_brier":0.04,'
        b'"precision":0.5,"recall":0.25,"lead_p50_ms":480000.0}'
    )
    assert (record.topic, record.partition, record.key) == ("x", None, f"failure|{NAME}|hot".encode())
    assert headers(record) == ("dev.foreshock.failure.v1", f"failure|{NAME}|hot|1699999980000")


def test_the_quality_of_failure_predictions() -> None:
    record = failure_quality_record("q", SUBJECT, "m/1", HOT, failure(), 1, 1_700_005_000_000)
    assert record.value == (COMMON % b"failure_quality").replace(b"1700001420000", b"1700005000000") + (
        b'"rule":"hot","within_ms":3600000,"looks_settled":250,"failures_seen":4,"brier":0.02,"base_brier":0.04,'
        b'"bin_looks":[9,1],"bin_hits":[2,1],"bin_p":[1.5,0.75],"warnings":2,"warnings_right":1,"leads":[0,1],'
        b'"precision":0.5,"recall":0.25,"lead_p50_ms":480000.0,"horizon_ms":[900000,3600000,86400000],'
        b'"looks_settled_by_horizon":[8,4,2],"brier_by_horizon":[0.1,0.2,null],"base_brier_by_horizon":[0.3,0.4,null]}'
    )
    assert (record.topic, record.partition, record.key) == ("q", None, f"failure_quality|{NAME}|hot".encode())
    assert headers(record) == ("dev.foreshock.failure_quality.v1", f"failure_quality|{NAME}|hot|1699999980000")


def test_a_horizon_shorter_than_a_step_has_no_probability() -> None:
    hourly = SUBJECT._replace(step_ms=3_600_000)
    fields = read(failure_record("x", hourly, "m/1", HOT, failure(), 1))
    assert [fields[name] for name in ("p_within_15m", "p_within_1h", "p_within_24h")] == [None, 0.125, 0.5]


def test_without_warnings_or_failures_there_is_no_precision_and_no_recall() -> None:
    fields = read(failure_record("x", SUBJECT, "m/1", HOT, failure(warnings=0, events_seen=0, lead_p50_ms=NAN), 1))
    assert [fields[name] for name in ("precision", "recall", "lead_p50_ms")] == [None, None, None]


def test_a_limit_that_is_reached_is_reached_now() -> None:
    fields = read(capacity_record("c", SUBJECT, "m/1", RULE, 64.0, capacity(eta_h=[0.0, 0.0, 240.0]), 1))
    assert fields["exhausted_at_p10_ms"] == SUBJECT.last_sample_at_ms
    assert fields["exhausted_at_p90_ms"] == SUBJECT.last_sample_at_ms + 240 * 3_600_000


@pytest.mark.parametrize(
    ("median_h", "supported_h", "supported"),
    [(72.0, 72.0, True), (72.1, 72.0, False), (math.inf, 72.0, False), (math.inf, 720.0, True)],
)
def test_a_time_further_ahead_than_the_history_is_long_is_said_to_be_so(
    median_h: float, supported_h: float, supported: bool
) -> None:
    predicted = capacity(eta_h=[1.0, median_h, math.inf], supported_h=supported_h)
    assert read(capacity_record("c", SUBJECT, "m/1", RULE, 64.0, predicted, 1))["eta_supported"] is supported


def test_scores_that_nothing_has_settled_yet_are_null() -> None:
    fields = read(failure_record("x", SUBJECT, "m/1", HOT, failure(brier=math.nan, base_brier=math.nan), 1))
    assert fields["brier"] is fields["base_brier"] is None


def test_the_other_side_and_a_threshold_of_zero() -> None:
    rule = FailureRule.model_validate({"name": "cold", "metric": "*", "below": 0, "for": "5m", "within": "1h"})
    fields = read(failure_record("x", SUBJECT, "m/1", rule, failure(breaking=True), 1))
    assert (fields["threshold"], fields["side"], fields["breaking"]) == (0.0, "below", True)


def test_a_rate_says_so() -> None:
    assert SUBJECT._replace(is_rate=True).fields(RecordKind.FORECAST, "m/1")["transform"] == "rate_per_s"


@pytest.mark.parametrize(
    ("kind", "rule", "key"),
    [
        (RecordKind.FORECAST, None, "forecast|cpu"),
        (RecordKind.QUALITY, None, "quality|cpu"),
        (RecordKind.CAPACITY, "disk", "capacity|cpu|disk"),
        (RecordKind.FAILURE, "hot", "failure|cpu|hot"),
        (RecordKind.FAILURE_QUALITY, "hot", "failure_quality|cpu|hot"),
    ],
)
def test_a_tombstone_ends_the_key_of_its_prediction(kind: RecordKind, rule: str | None, key: str) -> None:
    assert record_key(kind, "cpu", rule) == key
    record = tombstone(kind, "t", key)
    assert record[:4] == ("t", None, key.encode(), None)
    assert headers(record) == (f"dev.foreshock.{kind}.v1", f"{key}|gone")
