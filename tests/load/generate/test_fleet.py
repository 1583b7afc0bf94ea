"""A generated fleet does what its truth says."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from load.generate.fleet import Fleet, generate_fleet
from load.generate.services import ERRORS_BURST
from load.generate.spec import DAY_MS, HOUR_MS, FleetSpec
from load.generate.volumes import FULL_AFTER_END_MS
from load.recordings.recording import read_recording
from load.recordings.table import FloatColumn, concatenate
from streams.cli.errors import ExitCode
from streams.cli.main import run
from streams.series import parse_series, series_name

SPEC = FleetSpec(seed=3)
OBJECTIVE = 0.05


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return generate_fleet(SPEC)


def values_of(fleet: Fleet, name: str) -> FloatColumn:
    return fleet.values[:, fleet.series.index(parse_series(name))]


def of_metric(fleet: Fleet, metric: str) -> Iterator[tuple[str, FloatColumn]]:
    for key in fleet.series:
        if key.metric == metric:
            yield series_name(key), values_of(fleet, series_name(key))


def step_of(fleet: Fleet, at_ms: int) -> int:
    return (at_ms - fleet.spec.start_ms) // fleet.spec.step_ms


def test_same_spec_same_fleet_and_other_seed_another(fleet: Fleet) -> None:
    again = generate_fleet(SPEC)
    assert again.values.tobytes() == fleet.values.tobytes()
    assert again.truth == fleet.truth
    assert generate_fleet(replace(SPEC, seed=4)).values.tobytes() != fleet.values.tobytes()


def test_a_larger_fleet_begins_with_the_same_hosts(fleet: Fleet) -> None:
    larger = generate_fleet(replace(SPEC, hosts=20))
    for name, values in of_metric(fleet, "network_receive_bytes_total"):
        present = ~np.isnan(values) & ~np.isnan(values_of(larger, name))
        assert np.array_equal(values[present], values_of(larger, name)[present])


def test_tables_hold_every_sample_once_in_time_order(fleet: Fleet) -> None:
    table = concatenate(list(fleet.tables(10_000)))
    assert len(table) == np.count_nonzero(~np.isnan(fleet.values))
    assert np.all(np.diff(table.timestamp_ms) >= 0)
    assert (table.timestamp_ms[0], table.timestamp_ms[-1]) == fleet.span_ms()


def test_counters_fall_only_at_restarts(fleet: Fleet) -> None:
    restarts = {(restart.entity, restart.at_ms) for restart in fleet.truth.restarts}
    seen = set()
    for metric, label in (("network_receive_bytes_total", "host"), ("requests_total", "service")):
        for name, values in of_metric(fleet, metric):
            entity = f'{{{label}="{dict(parse_series(name).labels)[label]}"}}'
            present = np.flatnonzero(~np.isnan(values))
            falls = present[1:][np.diff(values[present]) < 0]
            for step in falls.tolist():
                near = [at for who, at in restarts if who == entity and 0 <= step - step_of(fleet, at) <= 90]
                assert near, f"{name} falls at step {step} without a restart"
                seen.add((entity, near[0]))
    assert len(seen) >= len(restarts) - 1  # One may hide behind a later one in a gap.


def test_an_exhaustion_is_where_the_truth_has_it_and_nowhere_else(fleet: Fleet) -> None:
    fillings = [exhaustion for exhaustion in fleet.truth.exhaustions if exhaustion.cause == "filling"]
    assert fillings[0].at_ms - SPEC.end_ms == FULL_AFTER_END_MS
    full_within = {filling.series: step_of(fleet, filling.at_ms) for filling in fillings}
    for name, used in of_metric(fleet, "volume_used_bytes"):
        capacity = np.nanmax(values_of(fleet, name.replace("used", "capacity")))
        full = np.flatnonzero(used >= capacity)
        expected = full_within.get(name, SPEC.steps)
        assert full.size == 0 if expected >= SPEC.steps else 0 <= full[0] - expected <= 2


def test_the_filling_volume_is_on_its_way(fleet: Fleet) -> None:
    exhaustion = next(e for e in fleet.truth.exhaustions if e.at_ms == SPEC.end_ms + FULL_AFTER_END_MS)
    used = values_of(fleet, exhaustion.series)
    share = used[~np.isnan(used)] / np.nanmax(values_of(fleet, exhaustion.limit))
    assert 0.85 < share[-1] < 0.95
    assert np.all(np.diff(share) >= 0)


def test_backups_come_near_the_capacity_every_night_and_never_reach_it(fleet: Fleet) -> None:
    (decoy,) = fleet.truth.decoys
    assert decoy.limit is not None
    share = values_of(fleet, decoy.series) / np.nanmax(values_of(fleet, decoy.limit))
    nightly = np.nanmax(share.reshape(-1, DAY_MS // SPEC.step_ms), axis=1)
    assert np.all((nightly > 0.85) & (nightly < 0.97))
    assert decoy.series not in {exhaustion.series for exhaustion in fleet.truth.exhaustions}


def test_the_leak_reaches_its_limit_at_each_restart_and_next_after_the_end(fleet: Fleet) -> None:
    (leak,) = fleet.truth.leaks
    used, limit = values_of(fleet, leak.series), np.nanmax(values_of(fleet, leak.limit))
    assert len(leak.restarts_ms) >= 3
    for at_ms in leak.restarts_ms:
        step = step_of(fleet, at_ms)
        assert np.nanmax(used[step - 20 : step]) > 0.97 * limit
        assert np.nanmax(used[step : step + 20]) < 0.3 * limit
    times = [e.at_ms for e in fleet.truth.exhaustions if e.series == leak.series]
    assert times[:-1] == list(leak.restarts_ms)
    assert 8 * HOUR_MS < times[-1] - SPEC.end_ms < 36 * HOUR_MS


def test_error_rates_exceed_the_objective_in_incidents_and_only_there(fleet: Fleet) -> None:
    for name, rate in of_metric(fleet, "error_rate"):
        entity = f'{{service="{dict(parse_series(name).labels)["service"]}"}}'
        spans = [(i.start_ms, i.end_ms) for i in fleet.truth.incidents if i.entity == entity]
        times = SPEC.times_ms()
        inside = np.any([(times >= start) & (times <= end) for start, end in spans] or [times < 0], axis=0)
        assert np.nanmax(rate[~inside]) < OBJECTIVE
        if spans:
            assert np.nanmax(rate[inside]) > ERRORS_BURST


def test_bursts_recur_through_the_whole_recording(fleet: Fleet) -> None:
    starts = [incident.start_ms for incident in fleet.truth.incidents if incident.kind == "error_burst"]
    assert len(starts) > 30
    assert SPEC.end_ms - starts[-1] < 6 * HOUR_MS


def test_the_outage_shows_on_its_host_too(fleet: Fleet) -> None:
    (outage,) = [incident for incident in fleet.truth.incidents if incident.kind == "outage"]
    host = dict(parse_series("m" + outage.also[0]).labels)["host"]
    cpu = next(values for name, values in of_metric(fleet, "cpu_usage_percent") if f'"{host}"' in name)
    start, end = step_of(fleet, outage.start_ms), step_of(fleet, outage.end_ms)
    usual = np.concatenate([cpu[start - 30 : start], cpu[end : end + 30]])
    assert np.nanmean(cpu[start + 3 : end - 3]) > np.nanmean(usual) + 15


def test_load_has_days_and_weekends(fleet: Fleet) -> None:
    steps = DAY_MS // SPEC.step_ms
    requests = np.stack([values for _, values in of_metric(fleet, "requests_per_second")])
    daily = np.nanmean(requests, axis=0).reshape(-1, steps)
    assert np.nanmax(daily[0]) > 2 * np.nanmin(daily[0])
    assert np.nanmean(daily[5:7]) < 0.85 * np.nanmean(daily[:5])


def test_gaps_are_silent(fleet: Fleet) -> None:
    assert fleet.truth.gaps
    for gap in fleet.truth.gaps:
        labels = set(parse_series("m" + gap.entity).labels)
        columns = [i for i, key in enumerate(fleet.series) if labels <= set(key.labels)]
        own = [c for c in columns if ("volume" in dict(fleet.series[c].labels)) == ("volume" in dict(labels))]
        span = fleet.values[step_of(fleet, gap.start_ms) : step_of(fleet, gap.end_ms), own]
        assert span.size
        assert np.all(np.isnan(span))


@pytest.mark.parametrize(("hosts", "services", "volumes", "days"), [(1, 1, 1, 0.25), (2, 2, 3, 1.0)])
def test_small_fleets(hosts: int, services: int, volumes: int, days: float) -> None:
    fleet = generate_fleet(FleetSpec(hosts=hosts, services=services, volumes=volumes, days=days))
    assert np.all(np.nan_to_num(fleet.values) >= 0)
    assert [e.cause for e in fleet.truth.exhaustions].count("filling") == min(volumes, 2)


@pytest.mark.parametrize("wrong", [{"hosts": 0}, {"seed": -1}, {"days": 0.2}, {"step_ms": 0}, {"step_ms": 2 * HOUR_MS}])
def test_specs_that_cannot_be(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"must|needs"):
        FleetSpec(**wrong)


def test_the_command_writes_the_same_bytes_twice(tmp_path: Path) -> None:
    small = ["--hosts", "2", "--services", "2", "--volumes", "1", "--days", "0.5", "--step", "5m"]
    for name in "ab":
        arguments = ["generate", "--out", str(tmp_path / f"{name}.parquet"), *small, "--start", "2026-02-01T00:00:00Z"]
        assert run(arguments) == ExitCode.OK
    for suffix in (".parquet", ".truth.json"):
        digests = {hashlib.sha256((tmp_path / f"{name}{suffix}").read_bytes()).hexdigest() for name in "ab"}
        assert len(digests) == 1
    truth = orjson.loads((tmp_path / "a.truth.json").read_bytes())
    table = concatenate(list(read_recording(tmp_path / "a.parquet")))
    assert (truth["first_ms"], truth["last_ms"]) == (table.timestamp_ms[0], table.timestamp_ms[-1])
    assert {exhaustion["series"] for exhaustion in truth["exhaustions"]} <= set(map(series_name, table.series))


@pytest.mark.parametrize("wrong", [["--step", "2h"], ["--step", "soon"], ["--start", "today"], ["--days", "0.1"]])
def test_the_command_refuses(wrong: list[str], tmp_path: Path) -> None:
    assert run(["generate", "--out", str(tmp_path / "a.csv"), *wrong]) == ExitCode.USAGE
