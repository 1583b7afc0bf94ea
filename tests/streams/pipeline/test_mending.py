"""Damaged ranges of series come back from a log that is read again; all others stay as they are, byte for byte."""

from random import Random
from typing import Any

import orjson
import pytest

from models.forecast.params import DEFAULTS
from streams import items
from streams.pipeline.grid import WARMING
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord
from streams.settings.params_file import ParamsFile
from streams.settings.params_text import named_params
from tests.streams.pipeline.limiting import limiting
from tests.streams.pipeline.logs import by_key, event, pipeline, records, rows, tick

CAPACITY = [
    {"name": "memory", "metric": "mem", "limit": {"metric": "size"}},
    {"name": "cpu", "metric": "cpu", "limit": {"value": 90}},
]
FAILURES = [{"name": "hot", "metric": "cpu", "above": 60, "for": "2m", "within": "20m"}]
HAZARDS = [
    {
        "name": "wear",
        "within": "20m",
        "every": "2m",
        "signs": [
            {"metric": "cpu", "sign": "rise", "weight": 1},
            {"metric": "mem", "sign": "level", "weight": 1},
        ],
    }
]
ALERTS = [{"long": "10m", "short": "2m", "burn_rate": 2}]
OBJECTIVES = [{"name": "calm", "target": 60, "total": {"metric": "cpu"}, "bad": {"metric": "mem"}, "alerts": ALERTS}]
HOSTS = 5
MINUTES = 40


@pytest.fixture(autouse=True)
def small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three series a range, so that a few series make many sections."""
    monkeypatch.setattr(items, "SLOTS_PER_RANGE_MAX", 3)


def made() -> PartitionPipeline:
    """Inferred steps, so that rows wait; few places, so that series are evicted and slots used again; shapes."""
    source = {"topic": "telemetry", "entity": ["host"]}
    limits = {"jump_steps": 5, "series_per_partition": 16, "evict_after": "10m"}
    params = named_params(DEFAULTS.gains, DEFAULTS.loss_ratio, {"cpu": (0.5,) * 12 + (1.5,) * 12})
    forecast = {"horizon": 4, "emit_every": 3, "params": ParamsFile("fleet.json", params)}
    rules = {"capacity": CAPACITY, "failures": FAILURES, "hazards": HAZARDS, "objectives": OBJECTIVES}
    return pipeline(sources=[source], limits=limits, forecast=forecast, **rules)


def log_of(seed: int) -> list[InputRecord]:
    random = Random(seed)
    samples = []
    for minute in range(MINUTES):
        for host in range(HOSTS):
            number = host if minute < 20 or host < 3 else host + 10  # some are replaced by others
            for metric in ("cpu", "mem", "size"):
                at = minute + random.choice([0, 0, 0, 0, 0, 0, 20, -3])
                samples.append((f'{metric}{{host="h{number}"}}', at, random.gauss(50, 20)))
    log: list[Any] = [event(5, 9), *rows(samples)]
    for minute in range(MINUTES, 0, -5):
        log.insert(1 + minute * HOSTS * 3, tick(minute))
    return records(log, cuts=range(0, len(log), 40))


def after(log: list[InputRecord]) -> PartitionPipeline:
    applied = made()
    applied.step(log)
    return applied


def mended(whole: dict[str, bytes], damaged: list[str], rebuilt: PartitionPipeline) -> tuple[PartitionPipeline, int]:
    fresh = made()
    series = fresh.mend({name: whole[name] for name in whole if name not in damaged}, damaged, rebuilt)
    return fresh, series


RANGES = [
    *("grid/00000", "forecast/00001", "grid/00002", "forecast/00002"),
    *("capacity/00000", "failures/00001", "hazards/00001", "objectives/00000"),
]


@pytest.mark.parametrize("damaged", [[name] for name in RANGES] + [RANGES, RANGES[1:3]])
def test_with_the_whole_log_the_state_comes_back_byte_for_byte(damaged: list[str]) -> None:
    log = log_of(1)
    whole = after(log).dump()
    assert set(RANGES) <= whole.keys()
    again, series = mended(whole, damaged, after(log))
    assert again.dump() == whole
    assert 0 < series <= 16


def test_and_says_the_same_from_then_on() -> None:
    log = log_of(2)
    undisturbed = after(log[:10])
    again, _ = mended(after(log[:10]).dump(), RANGES[:4], after(log[:10]))
    assert by_key(again.step(log[10:])) == by_key(undisturbed.step(log[10:]))


@pytest.mark.parametrize("damaged", [[name] for name in RANGES] + [RANGES])
def test_with_part_of_the_log_the_others_stay_byte_for_byte(damaged: list[str]) -> None:
    log = log_of(3)
    whole = after(log).dump()
    again, _ = mended(whole, damaged, after(log[-4:]))
    kinds = ("grid", "forecast", "anomaly", "signals")
    touched = {f"{kind}/{name.partition('/')[2]}" for name in damaged for kind in kinds} | set(damaged)
    touched |= {name for name in whole if name.startswith(("head", "waiting/", "young/"))}
    kept = whole.keys() - touched
    dump = again.dump()
    assert {name for name in kept if dump[name] != whole[name]} == set()
    assert orjson.loads(dump["head"])["next_offset"] == len(log)
    assert again.step([InputRecord(len(log), log[-1].value)]) == []  # it was applied


@pytest.mark.parametrize("since", [-1, -4, -20])
def test_with_part_of_the_log_the_lost_series_go_on(since: int) -> None:
    log = log_of(4)
    stop = len(log) - 5
    again, _ = mended(after(log[:stop]).dump(), RANGES, after(log[:stop][since:]))
    outputs = again.step(log[stop:])
    assert len(by_key(outputs)) > HOSTS
    assert after(log).samples_accepted - again.samples_accepted < 60


def test_damage_to_anything_else_is_not_mended() -> None:
    assert made().can_mend(RANGES)
    for name in ("head", "series/00000", "waiting/00000", "capacity-pairs/00000", ""):
        assert not made().can_mend([*RANGES, name])


ALL_LOST = ["grid/00000", "grid/00001", "grid/00002", "failures/00000", "failures/00001", "capacity/00000"]


def test_series_that_the_log_no_longer_knows_begin_anew() -> None:
    log = log_of(3)
    again, series = mended(after(log).dump(), ALL_LOST, made())
    state, slots = again.state, range(9)
    assert series >= len(slots)
    assert {slot: state.grid["status"][slot] for slot in slots} == dict.fromkeys(slots, WARMING)
    assert not state.grid["accepted"][:9].any()
    assert not set(slots) & (state.admission.waiting.keys() | state.admission.young.keys())
    thresholds = state.failures.bank.arrays["threshold"]
    assert {thresholds[number] for number, pair in enumerate(state.failures.pairs.pairs) if pair} == {60.0}


@pytest.mark.parametrize("since", [0, -4, None])
def test_the_order_of_series_is_tied_within_their_entity_alone(since: int | None) -> None:
    log = log_of(3)
    # None: a log in which the same series come the other way round, and so to other slots.
    turned = records(
        rows([(f'{metric}{{host="h{host}"}}', 0, 1.0) for host in (4, 2, 1, 0) for metric in ("mem", "size")])
    )
    again, _ = mended(after(log).dump(), ALL_LOST, after(turned if since is None else log[since:]))
    state = again.state
    tied: dict[int, set[str]] = {}
    for slot in state.taken().tolist():
        tied.setdefault(int(state.grid["group"][slot]), set()).add(state.catalog.entry(slot).entity)
    assert [entities for entities in tied.values() if len(entities) > 1] == []
    for pair, limit in limiting(state.capacity).items():
        limited = state.capacity.pairs.pairs[pair]
        assert limited is not None
        assert state.grid["group"][limited.slot] == state.grid["group"][limit]
