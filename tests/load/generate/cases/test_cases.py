"""Cases do what the truth says of them, and decoys do not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from load.backtest.choices import Choices, backtest_settings, default_settings
from load.backtest.events_file import events_of
from load.generate.cases.gauges import ANOMALIES, CADENCE_STEPS
from load.generate.fleet import Fleet, generate_fleet
from load.generate.rules import ERRORS_ABOVE
from load.generate.signal import entity_text
from load.generate.spec import DAY_MS, HOUR_MS, MINUTE_MS, FleetSpec
from load.recordings.table import FloatColumn
from streams.cli.main import run
from streams.events import EventKind
from streams.series import parse_series, series_name

SPEC = FleetSpec(seed=5, hosts=2, services=2, volumes=2, days=14.0, step_ms=10 * MINUTE_MS, cases=2)


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return generate_fleet(SPEC)


def values_of(fleet: Fleet, name: str) -> FloatColumn:
    return fleet.values[:, fleet.series.index(parse_series(name))]


def step_of(at_ms: int) -> int:
    return (at_ms - SPEC.start_ms) // SPEC.step_ms


def test_the_rest_of_the_fleet_does_not_notice(fleet: Fleet) -> None:
    plain = generate_fleet(replace(SPEC, cases=0))
    same = fleet.values[:, : len(plain.series)]
    assert same.tobytes() == np.ascontiguousarray(plain.values).tobytes()
    assert fleet.truth.gaps == plain.truth.gaps


def test_more_cases_begin_with_the_same_ones(fleet: Fleet) -> None:
    fewer = generate_fleet(replace(SPEC, cases=1))
    for key in fewer.series:
        first, second = values_of(fewer, series_name(key)), values_of(fleet, series_name(key))
        both = ~np.isnan(first) & ~np.isnan(second)
        assert np.array_equal(first[both], second[both])


def test_limits_are_reached_when_the_truth_says_and_by_no_decoy(fleet: Fleet) -> None:
    truth: dict[str, list[int]] = {}
    for exhaustion in fleet.truth.exhaustions:
        truth.setdefault(exhaustion.series, []).append(exhaustion.at_ms)
    names = {decoy.series: decoy.limit for decoy in fleet.truth.decoys if decoy.limit}
    names |= {exhaustion.series: exhaustion.limit for exhaustion in fleet.truth.exhaustions}
    assert {decoy.kind for decoy in fleet.truth.decoys if decoy.limit} > {"flattening", "resized", "gc_sawtooth"}
    for series, limit in names.items():
        share = values_of(fleet, series) / np.nanmax(values_of(fleet, limit))
        # A leak is noisy, and a collection may begin just below the limit.
        full = np.nan_to_num(share) >= (0.985 if "memory" in series else 0.9999)
        reached = [step for step in map(step_of, truth.get(series, [])) if step < SPEC.steps - 2]
        begins = np.flatnonzero(full[1:] & ~full[:-1]) + 1
        for step in reached:
            assert np.any(np.abs(begins - step) <= 0.03 * SPEC.steps), series
        assert bool(reached) == bool(full.any()), series


def test_a_resized_capacity_would_have_been_reached(fleet: Fleet) -> None:
    for decoy in (one for one in fleet.truth.decoys if one.kind == "resized"):
        assert decoy.limit is not None
        used, capacity = values_of(fleet, decoy.series), values_of(fleet, decoy.limit)
        assert np.nanmax(used) > np.nanmin(capacity)
        assert np.nanmax(used / capacity) < 0.9


def test_failures_are_as_long_as_the_rule_says(fleet: Fleet) -> None:
    assert {"creeping", "suddenly"} <= {kind_of(failure.series) for failure in fleet.truth.failures}
    assert not {"flickering", "just-below"} & {kind_of(failure.series) for failure in fleet.truth.failures}
    for failure in fleet.truth.failures:
        assert failure.broken_ms - failure.start_ms == 10 * MINUTE_MS
        rate = values_of(fleet, failure.series)
        inside = rate[step_of(failure.start_ms) : step_of(failure.end_ms)]
        assert np.nanmin(inside) > ERRORS_ABOVE
        before = rate[step_of(failure.start_ms) - 1]
        assert not before > ERRORS_ABOVE


def kind_of(series: str) -> str:
    name = dict(parse_series(series).labels)["service"]
    return name.rpartition("-")[0]


def anomalies_of(fleet: Fleet, kind: str) -> Iterator[tuple[FloatColumn, slice, slice]]:
    """Values, the anomaly, and the day before it."""
    for anomaly in fleet.truth.anomalies:
        if anomaly.kind == kind:
            begin, end = step_of(anomaly.start_ms), step_of(anomaly.end_ms)
            day = DAY_MS // SPEC.step_ms
            assert begin >= SPEC.steps // 2
            yield values_of(fleet, anomaly.series), slice(begin, end), slice(begin - day, end - day)


@pytest.mark.parametrize(("kind", "ratio"), [("spike", 1.5), ("level_shift", 1.4)])
def test_what_rises(kind: str, ratio: float, fleet: Fleet) -> None:
    for values, inside, before in anomalies_of(fleet, kind):
        assert np.nanmean(values[inside]) > ratio * np.nanmean(values[before])


def test_what_falls_wobbles_stands_still_and_is_missing(fleet: Fleet) -> None:
    for values, inside, before in anomalies_of(fleet, "dip"):
        assert np.nanmean(values[inside]) < 0.2 * np.nanmean(values[before])
    for values, inside, before in anomalies_of(fleet, "variance"):
        assert np.nanstd(np.diff(values[inside])) > 3 * np.nanstd(np.diff(values[before]))
    for values, inside, _ in anomalies_of(fleet, "flat_line"):
        assert np.nanstd(values[inside]) < 1e-9 * np.nanmean(values[inside])
    for values, inside, _ in anomalies_of(fleet, "stopped"):
        assert np.isnan(values[inside]).all()
        assert not np.isnan(values[inside.stop])
    for values, inside, _ in anomalies_of(fleet, "cadence"):
        assert np.count_nonzero(~np.isnan(values[inside.start :])) <= -(-(SPEC.steps - inside.start) // CADENCE_STEPS)


def test_every_kind_of_anomaly_is_there(fleet: Fleet) -> None:
    assert {anomaly.kind for anomaly in fleet.truth.anomalies} == ANOMALIES.keys()


def test_trouble_goes_from_the_root_to_its_callers(fleet: Fleet) -> None:
    cascades = [incident for incident in fleet.truth.incidents if incident.kind == "cascade"]
    assert len(cascades) == 8
    for cascade in cascades:
        assert cascade.also
        rises = [rise_of(fleet, entity, cascade.start_ms) for entity in (cascade.entity, *cascade.also)]
        assert rises == sorted(rises)
        assert rises[0] == 0
    assert ("cascade-1-b", "cascade-1-a") in {(call.caller, call.callee) for call in fleet.truth.calls}


def rise_of(fleet: Fleet, entity: str, start_ms: int) -> int:
    """Steps from the incident's start until the entity's waiting time leaps."""
    wanted = set(parse_series("m" + entity).labels)
    (name,) = [series_name(key) for key in fleet.series if key.metric == "wait_ms" and wanted <= set(key.labels)]
    step = step_of(start_ms)
    part = values_of(fleet, name)[step - 1 : step + HOUR_MS * 3 // SPEC.step_ms]
    leaps = np.flatnonzero(part > 1.5 * np.nanmedian(values_of(fleet, name)[step - 12 : step]))
    return int(leaps[leaps > 0][0]) - 1


def test_the_command_writes_deploys_and_failures_as_events(tmp_path: Path) -> None:
    small = ["--hosts", "1", "--services", "1", "--volumes", "1", "--days", "7", "--step", "30m"]
    out = tmp_path / "a.parquet"
    assert run(["generate", "--out", str(out), "--cases", "1", *small]) == 0
    told, failed = events_of(tmp_path / "a.events.jsonl", backtest_settings(default_settings(), Choices()))
    (deploy,) = orjson.loads((tmp_path / "a.truth.json").read_bytes())["deploys"]
    assert (told.event.kind, told.event.start_ms) == (EventKind.DEPLOY, deploy["start_ms"])
    assert told.event.labels == {"host": "deploy-step-1"}
    assert (failed.event.kind, failed.event.labels) == (EventKind.FAILURE, {"host": "worn-out-1"})


def shares_failed(fleet: Fleet, entity: str) -> FloatColumn:
    """Of the calls of each step the share that failed, [steps - 1]."""
    wanted = set(parse_series("m" + entity).labels)
    of_metric = {
        key.metric: np.diff(values_of(fleet, series_name(key))) for key in fleet.series if wanted <= set(key.labels)
    }
    return np.asarray(of_metric["failed_calls_total"] / np.maximum(of_metric["calls_total"], 1.0))


def test_budgets_burn_when_the_truth_says_and_decoys_stay_within_them(fleet: Fleet) -> None:
    assert {burn.kind for burn in fleet.truth.burns} == {"burns_fast", "burns_slow"}
    for burn in fleet.truth.burns:
        begin, end = step_of(burn.start_ms), step_of(burn.end_ms)
        failed = shares_failed(fleet, burn.entity)
        # The increase to step n stands at n - 1.
        assert np.nanmin(failed[begin : end - 1]) > 0.01
        assert np.nanmean(failed[: begin - 1]) < 0.002
    decoys = [decoy for decoy in fleet.truth.decoys if decoy.insight == "objective"]
    assert {decoy.kind for decoy in decoys} == {"steady_errors", "blips"}
    for decoy in decoys:
        assert np.nanmean(shares_failed(fleet, entity_text(parse_series(decoy.series).labels))) < 0.01


def test_worn_machines_wear_fail_and_are_told_of(fleet: Fleet) -> None:
    worn = [incident for incident in fleet.truth.incidents if incident.kind == "worn_out"]
    assert len(worn) == SPEC.cases
    told = [event for event in fleet.event_messages() if event["kind"] == "failure"]
    assert [event["start"] for event in told] == [one.start_ms for one in worn]
    assert [event["labels"] for event in told] == [dict(parse_series(one.entity).labels) for one in worn]
    for one in worn:
        wanted = set(parse_series("m" + one.entity).labels)
        (name,) = [series_name(key) for key in fleet.series if wanted <= set(key.labels)]
        values, fails = values_of(fleet, name), step_of(one.start_ms)
        before = values[:fails][~np.isnan(values[:fails])]
        assert (np.diff(before) >= 0).all()
        assert before[-1] > 20
        assert np.isnan(values[fails : step_of(one.end_ms)]).all()
