"""Anomalies in the pipeline: each kind from samples and ticks to records, what is told, and what must not be."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.arrays import Floats
from streams.pipeline.partition import PartitionPipeline
from streams.signals import decode_signals
from tests.streams.pipeline.logs import MINUTE_MS, T_MS, Log, Row, Tick, event, pipeline, records, rows, run, tick

HOURLY = {"sources": [{"topic": "telemetry", "step": "1h", "entity": ["host"]}]}


NAME = 'cpu{host="a"}'
TOPIC = "foreshock.anomalies"


def noise(samples: int, seed: int = 0) -> Floats:
    return 50.0 + np.random.default_rng(seed).normal(size=samples)


def log_of(values: Sequence[float] | Floats, name: str = NAME, every: int = 60, step: int = 1) -> list[Row | Tick]:
    """A sample every `step` minutes from minute 0, NaN where there is none, and a tick every so many and at the end."""
    taken = {n: (name, n * step, value) for n, value in enumerate(values) if not np.isnan(value)}
    sampled = dict(zip(taken, rows(taken.values()), strict=True))
    log: list[Row | Tick] = []
    for n in range(len(values)):
        log += [sampled[n]] if n in sampled else []
        log += [tick((n + 1) * step)] if (n + 1) % every == 0 else []
    return [*log, tick(len(values) * step)]


def told(log: Log, **sections: Any) -> list[dict[str, Any]]:
    """The anomaly records of a log."""
    return [orjson.loads(record.value or b"") for record in run(pipeline(**sections), log) if record.topic == TOPIC]


def short(log: Log, **sections: Any) -> list[tuple[str, str, int]]:
    """Kind, state and minute of each record."""
    return [(each["anomaly"], each["state"], (each["origin_ms"] - T_MS) // MINUTE_MS) for each in told(log, **sections)]


def test_a_spike_opens_an_episode_and_its_end_closes_it() -> None:
    values = noise(260)
    values[200:205] += [30.0, 20.0, 60.0, 40.0, 25.0]
    opened, *raised, closed = [each for each in told(log_of(values)) if each["anomaly"] == "value"]
    start_ms = T_MS + 200 * MINUTE_MS
    assert [(each["state"], each["episode"]) for each in (opened, *raised)] == [
        ("open", f"anomaly|{NAME}|value|{start_ms}")
    ] * (1 + len(raised))
    assert (opened["start_ms"], opened["peak_ms"], opened["end_ms"]) == (start_ms, start_ms, None)
    assert opened["value"] == values[200]
    assert 47.0 < opened["expected_low"] < 50.0 < opened["expected_high"] < 53.0
    assert (closed["state"], closed["start_ms"]) == ("closed", start_ms)
    # An eighth of 240 samples without any as strange.
    assert closed["end_ms"] == closed["origin_ms"] == closed["last_ms"] + 31 * MINUTE_MS
    assert start_ms + 2 * MINUTE_MS <= closed["last_ms"] <= start_ms + 4 * MINUTE_MS
    assert closed["value"] == values[202]


def test_a_series_that_stops_is_missing_from_the_step_it_was_expected_in() -> None:
    silent = np.concatenate([noise(100), np.full(40, np.nan)])
    (opened,) = told(log_of(silent))
    assert (opened["anomaly"], opened["state"], opened["value"]) == ("missing", "open", None)
    assert opened["start_ms"] == T_MS + 100 * MINUTE_MS
    assert opened["found_ms"] == opened["origin_ms"] == T_MS + 103 * MINUTE_MS
    assert opened["last_sample_at_ms"] == T_MS + 99 * MINUTE_MS


@pytest.mark.parametrize("every", [1, 7, 60, 10_000])
def test_where_ticks_fall_does_not_matter_to_a_silence_that_ends(every: int) -> None:
    values = noise(150)
    values[100:140] = np.nan
    log = log_of(values, every=every)
    assert short(log) == [("missing", "open", 103), ("missing", "closed", 140)]
    assert told(log) == told(log_of(values, every=13))


def test_a_silence_that_ends_as_it_could_be_told_has_two_records_of_its_own() -> None:
    values = noise(110)
    values[100:103] = np.nan
    made = [record for record in run(pipeline(), log_of(values)) if record.topic == TOPIC]
    assert len({dict(record.headers)["ce_id"] for record in made}) == len(made) == 2


def test_a_silence_in_an_excluded_time_is_not_told_until_it_has_lasted_after_it() -> None:
    silent = np.concatenate([noise(100), np.full(420, np.nan)])
    log = log_of(silent)
    assert short([event(99, 500), *log]) == [("missing", "open", 503)]
    values = noise(510)
    values[100:502] = np.nan
    assert short([event(99, 500), *log_of(values)]) == []


def test_excluded_samples_are_no_anomalies() -> None:
    values = noise(260)
    values[200:205] += 60.0
    assert short([event(200, 205), *log_of(values)]) == []


def test_a_flat_line_is_told_and_ends_with_the_first_change() -> None:
    values = noise(240)
    values[150:200] = values[150]
    log = log_of(values, step=60)
    found = [each for each in short(log, **HOURLY) if each[0] != "value"]
    assert found == [("flat_line", "open", 162 * 60), ("flat_line", "closed", 200 * 60)]


def test_wilder_samples_are_a_change_of_variance() -> None:
    values = noise(560)
    values[500:] = 50.0 + 12.0 * np.random.default_rng(1).normal(size=60)
    found = [each for each in told(log_of(values)) if each["anomaly"] == "variance"]
    assert 515 <= (found[0]["origin_ms"] - T_MS) // MINUTE_MS < 545
    assert found[0]["factor"] > 4.0


def test_a_longer_step_is_a_change_of_cadence() -> None:
    values = noise(150)
    values[100:][np.arange(50) % 2 > 0] = np.nan
    found = told(log_of(values))
    assert [(each["anomaly"], each["state"], each["factor"]) for each in found] == [("cadence", "open", 2.0)]
    assert found[0]["start_ms"] == T_MS + 102 * MINUTE_MS


def test_more_samples_a_step_are_a_change_of_cadence_too() -> None:
    minutes = [*range(100), *np.arange(100, 130, 0.25).tolist()]
    log = rows([(NAME, minute, value) for minute, value in zip(minutes, noise(len(minutes)), strict=True)])
    (found,) = told(log)
    assert (found["anomaly"], found["factor"]) == ("cadence", 0.25)


RULED = noise(260)
RULED[200] += 30.0


@pytest.mark.parametrize(
    ("rule", "is_told"),
    [
        ({}, True),
        ({"direction": "up"}, True),
        ({"direction": "down"}, False),
        ({"min_deviation": 25.0}, True),
        ({"min_deviation": 35.0}, False),
        ({"min_relative": 0.5}, True),
        ({"min_relative": 0.7}, False),
        ({"mute": ["value"]}, False),
        ({"mute": ["missing"]}, True),
        ({"alerts_per_week": 1e-300}, False),
        ({"metric": "disk", "mute": ["value"]}, True),
        ({"labels": {"host": "b"}, "mute": ["value"]}, True),
    ],
)
def test_rules_say_what_is_told(rule: dict[str, Any], is_told: bool) -> None:
    found = short(log_of(RULED), anomalies=[{"metric": "*"} | rule])
    assert bool(found) == is_told


def test_the_first_rule_that_fits_holds() -> None:
    muted = {"metric": "cpu", "mute": ["value"]}
    assert short(log_of(RULED), anomalies=[muted, {"metric": "*"}]) == []
    assert short(log_of(RULED), anomalies=[{"metric": "*"}, muted]) != []


def test_incidents_hear_of_it() -> None:
    outputs = run(pipeline(), log_of(RULED, every=1))
    signals = [record.value or b"" for record in outputs if record.topic.endswith("signals")]
    opened, closed = [notice for value in signals for notice in decode_signals(value).notices]
    start_ms = T_MS + 200 * MINUTE_MS
    assert (opened.kind, opened.about, opened.series, opened.entity) == ("anomaly", "value", NAME, '{host="a"}')
    assert (opened.at_ms, opened.until_ms, opened.predicted) == (start_ms, start_ms + 60 * MINUTE_MS, False)
    assert opened.text.startswith("its value is unusual: ")
    # What is over holds no longer.
    assert (closed.about, closed.until_ms) == ("value", closed.at_ms)


# A spike, a silence, and a longer step.
EVENTFUL = noise(320)
EVENTFUL[200] += 40.0
EVENTFUL[220:240] = np.nan
EVENTFUL[260:][np.arange(60) % 3 > 0] = np.nan
LOG = log_of(EVENTFUL, every=10)


def _dumped(of_log: PartitionPipeline) -> dict[str, bytes]:
    return {name: section for name, section in of_log.dump().items() if name != "head"}


@settings(max_examples=4, deadline=None)
@given(cuts=st.sets(st.integers(1, len(LOG) - 1), max_size=30), step=st.integers(1, 60))
def test_any_batching_gives_the_same_records_and_the_same_state(cuts: set[int], step: int) -> None:
    whole, parts = pipeline(), pipeline()
    made = whole.step(records(LOG))
    pieces, split = records(LOG, cuts), []
    for first in range(0, len(pieces), step):
        split += parts.step(pieces[first : first + step])
    assert split == made
    assert _dumped(parts) == _dumped(whole)
    assert {orjson.loads(each.value or b"{}").get("anomaly") for each in made} >= {"value", "missing", "cadence"}


@pytest.mark.parametrize("cut", [235, 280])
def test_a_state_that_was_dumped_goes_on_as_if_nothing_had_been(cut: int) -> None:
    whole, before, after = pipeline(), pipeline(), pipeline()
    made = whole.step(records(LOG))
    pieces = records(LOG, range(1, len(LOG)))
    first = before.step(pieces[:cut])
    after.load(before.dump())
    assert [*first, *after.step(pieces[cut:])] == made


def test_an_evicted_series_ends_the_keys_that_it_had() -> None:
    values = noise(100)
    small = {"limits": {"series_per_partition": 1, "evict_after": "1h"}}
    log = [
        *log_of(np.concatenate([values, np.full(100, np.nan)])),
        *rows([('x{host="b"}', 201, 1.0)], first_offset=999),
    ]
    ends = [record.key for record in run(pipeline(**small), log) if record.topic == TOPIC and record.value is None]
    assert ends == [f"anomaly|{NAME}|missing".encode()]
