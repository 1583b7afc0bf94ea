"""Limits from another metric: which series limits which, and what becomes of it when series come and go."""

from random import Random

import numpy as np
import pytest

from streams.pipeline.catalog import Catalog, Entry
from streams.pipeline.pairs import Pair
from streams.series import parse_series
from streams.settings.limits_file import LimitEntry, LimitsFile
from tests.streams.pipeline.limiting import limiting
from tests.streams.pipeline.logs import pipeline, rejects, rows, run, said, state, tick

RULE = {"name": "disk", "metric": "used", "limit": {"metric": "size"}}


def entry(name: str, entity: str = "e") -> Entry:
    return Entry(name, parse_series(name), entity, "telemetry")


@pytest.mark.parametrize(
    ("others", "limit"),
    [
        ([], None),
        (["size"], "size"),
        (['size{host="a"}'], 'size{host="a"}'),
        (['size{device="x",host="a"}'], 'size{device="x",host="a"}'),
        (['size{device="y",host="a"}'], None),  # another device's
        (['size{device="x",host="a",more="z"}'], None),  # of something smaller
        (['size{host="a"}', "size"], None),  # two fit: which one is it?
        (['size{host="a"}', "size", 'size{device="x",host="a"}'], 'size{device="x",host="a"}'),
        (['size{host="a"}', 'size{device="y",host="a"}'], 'size{host="a"}'),
        (['Size{host="a"}'], None),
    ],
)
def test_a_limit_has_the_same_labels_or_is_the_only_one_that_fits(others: list[str], limit: str | None) -> None:
    catalog = Catalog(10)
    slot = catalog.allot(entry('used{device="x",host="a"}'))
    for name in others:
        catalog.allot(entry(name))
    catalog.allot(entry('size{device="x",host="a"}-', entity="other"))
    found = catalog.limit_slot(slot, "size")
    assert (found is None and limit is None) or (found is not None and catalog.entry(found).name == limit)


def test_a_series_of_another_entity_limits_nothing() -> None:
    catalog = Catalog(10)
    slot = catalog.allot(entry("used"))
    catalog.allot(entry("size", entity="other"))
    assert catalog.limit_slot(slot, "size") is None


def test_slots_are_given_lowest_first_and_again() -> None:
    catalog = Catalog(4)
    assert [catalog.allot(entry(name)) for name in "abcd"] == [0, 1, 2, 3]
    assert catalog.is_full
    for slot in (2, 0, 1):
        catalog.release(slot)
    assert [catalog.allot(entry(name)) for name in "efg"] == [0, 1, 2]
    assert catalog.slots == {"d": 3, "e": 0, "f": 1, "g": 2}
    assert sorted(catalog.of_entity("e")) == [0, 1, 2, 3]
    restored = Catalog(4)
    restored.load(catalog.dump())
    assert (restored.slots, restored.entries) == (catalog.slots, catalog.entries)


def test_a_prediction_uses_the_limit_as_it_stood_at_its_sample() -> None:
    """Both are of one group, so the order of their rows is kept: 30 at minute 400 comes before its limit of 60."""
    used = [('used{host="a"}', float(minute), 10.0) for minute in range(0, 390, 10)]
    log = rows([('size{host="a"}', 0, 40.0), *used, ('used{host="a"}', 400, 30.0), ('size{host="a"}', 400, 60.0)])
    predicted = said(run(pipeline(capacity=[RULE]), log), "foreshock.capacity")
    assert {each["limit"] for each in predicted} == {40.0}
    assert predicted[-1]["last_sample_at_ms"] == log[-1].timestamp_ms


def test_a_limit_that_is_not_known_is_a_reject_with_the_names_of_all_rules() -> None:
    rules = [RULE, RULE | {"name": "again"}, {"name": "fixed", "metric": "used", "limit": {"value": 5}}]
    outputs = run(pipeline(capacity=rules), rows([("used", 0, 1.0), ("used", 3, 1.0)]))
    assert rejects(outputs) == [(1, "limit_unknown")]
    (reject,) = said(outputs, "foreshock.rejects")
    assert "'disk'" in reject["detail"]
    assert "'again'" in reject["detail"]
    assert "'fixed'" not in reject["detail"]


def test_a_limit_that_never_had_a_sample_accepted_is_not_known() -> None:
    """It warms up: a step is not known of it yet, and no value is believed."""
    limited = pipeline(capacity=[RULE], sources=[{"topic": "telemetry", "entity": ["host"]}])
    outputs = run(limited, rows([("size", 0, 9.0), *[("used", minute, 1.0) for minute in range(9)]]))
    assert {reason for _, reason in rejects(outputs)} == {"limit_unknown"}


def test_a_limit_is_not_limited_by_itself_though_the_pattern_matches_it() -> None:
    rule = {"name": "memory", "metric": "mem*", "limit": {"metric": "mem_size"}}
    limited = pipeline(capacity=[rule])
    run(limited, rows([("mem_used", 0, 1.0), ("mem_size", 0, 9.0)]))
    slots = limited.state.catalog.slots
    assert limited.state.capacity.pairs.pairs == [Pair(slots["mem_used"], 0)]
    assert limiting(limited.state.capacity) == {0: slots["mem_size"]}


def test_a_limit_becomes_clear_when_the_other_one_that_fits_leaves() -> None:
    limited = pipeline(capacity=[RULE]).state
    used, size, other = [
        limited.welcome(entry(name), 0) for name in ('used{a="1",b="2"}', 'size{a="1"}', 'size{b="2"}')
    ]
    assert limiting(limited.capacity) == {}
    limited.dismiss(other)
    assert limiting(limited.capacity) == {limited.capacity.pairs.number(Pair(used, 0)): size}


@pytest.mark.parametrize("seed", range(5))
def test_limits_after_any_comings_and_goings_are_those_of_a_restored_pipeline(seed: int) -> None:
    random = Random(seed)
    labels = ['{host="a"}', '{device="x",host="a"}', '{device="y",host="a"}', '{host="a",z="1"}']
    names = [metric + text for metric in ("used", "size") for text in labels]
    limited = pipeline(capacity=[RULE])
    for _ in range(60):
        name, slots = random.choice(names), limited.state.catalog.slots
        if name in slots:
            limited.state.dismiss(slots[name])
        else:
            limited.state.welcome(entry(name), 0)
        restored = pipeline(capacity=[RULE])
        restored.load(limited.dump())
        assert limiting(restored.state.capacity) == limiting(limited.state.capacity)
        assert restored.state.grid["group"].tolist() == limited.state.grid["group"].tolist()
        for pair, limit in limiting(limited.state.capacity).items():
            owner = limited.state.capacity.pairs.pairs[pair]
            assert owner is not None
            assert np.ptp(limited.state.grid["group"][[owner.slot, limit]]) == 0


def test_an_entity_of_many_series_is_tied_in_pairs_and_not_as_a_whole() -> None:
    """A disk and its size keep their order; different disks don't wait for each other."""
    disks = [f'{{device="{number:04d}",host="a"}}' for number in range(400)]
    limited = pipeline(capacity=[RULE])
    run(limited, rows([(metric + disk, 0, 1.0) for metric in ("used", "size") for disk in disks]))
    _, sizes = np.unique(limited.state.grid["group"][limited.state.taken()], return_counts=True)
    assert sizes.tolist() == [2] * 400


def test_a_series_may_be_in_two_rules() -> None:
    rules = [RULE, {"name": "low", "metric": "u*", "labels": {"host": "a"}, "limit": {"value": 1}, "direction": "down"}]
    samples = [(name, 30.0 * bin_, 100.0 - bin_) for bin_ in range(9) for name in ('size{host="a"}', 'used{host="a"}')]
    predicted = said(run(pipeline(capacity=rules), rows(samples)), "foreshock.capacity")
    assert {(each["rule"], each["direction"], each["series"]) for each in predicted} == {
        ("disk", "up", 'used{host="a"}'),
        ("low", "down", 'used{host="a"}'),
    }


def test_rules_are_found_by_pattern_and_labels() -> None:
    rule = {"name": "r", "metric": "disk_*_bytes", "labels": {"env": "prod"}, "limit": {"value": 1}}
    limited = pipeline(capacity=[rule])
    names = ['disk_a_bytes{env="prod",x="1"}', 'disk_a_bytes{env="test"}', "disk_a_bytes", 'disk_bytes{env="prod"}']
    run(limited, [*rows([(name, 0, 1.0) for name in names]), tick(1)])
    assert limited.state.capacity.pairs.pairs == [Pair(limited.state.catalog.slots[names[0]], 0)]
    assert state(limited)


def _predicted(limit: dict[str, object], names: list[str]) -> tuple[dict[str, float], list[str]]:
    """Limits of what was predicted after twelve hours of these series, and the details of what was not."""
    limited = pipeline(capacity=[{"name": "disk", "metric": "used", "limit": limit}])
    outputs = run(limited, rows([(name, 30.0 * half, float(half)) for half in range(24) for name in names]))
    predictions = {each["series"]: each["limit"] for each in said(outputs, "foreshock.capacity")}
    return predictions, [each["detail"] for each in said(outputs, "foreshock.rejects")]


def test_a_label_holds_the_limit_of_its_series() -> None:
    names = ['used{host="a",size="64"}', 'used{host="b",size="6.5e1"}', 'used{host="c",size="big"}', 'used{host="d"}']
    predictions, details = _predicted({"label": "size"}, names)
    assert predictions == {names[0]: 64.0, names[1]: 65.0}
    assert set(details) == {"capacity rule 'disk': this series has no label size that is a number"}


def test_a_file_has_limits_by_labels() -> None:
    entries = (LimitEntry(frozenset([("host", "a")]), 70.0), LimitEntry(frozenset([("host", "b")]), 80.0))
    names = [f'used{{host="{host}"}}' for host in "abc"]
    predictions, details = _predicted({"file": LimitsFile("limits.csv", entries)}, names)
    assert predictions == {names[0]: 70.0, names[1]: 80.0}
    why = "limits.csv has no limit for this series' labels, or two that fit equally well"
    assert set(details) == {f"capacity rule 'disk': {why}"}


def test_a_resize_is_learned_from_by_the_limit_of_each_sample() -> None:
    """The disk is full at half hour 20 and grows at 30: what was settled for the old size is forgotten."""
    sizes = [('size{host="a"}', 30.0 * half, 20.0 if half < 30 else 90.0) for half in range(40)]
    used = [('used{host="a"}', 30.0 * half + 1.0, float(half)) for half in range(40)]
    both = [sample for pair in zip(sizes, used, strict=True) for sample in pair]
    predicted = said(run(pipeline(capacity=[RULE]), rows(both)), "foreshock.capacity")
    by_limit = {limit: [each for each in predicted if each["limit"] == limit] for limit in (20.0, 90.0)}
    assert by_limit[20.0][-1]["status"] == "exhausted"
    assert by_limit[20.0][-1]["gap"] <= 0.0
    last = by_limit[90.0][-1]
    assert (last["status"], last["gap"]) != ("exhausted", 0.0)
    # 90 - 39 at two an hour: more than a day.
    assert last["p_within_24h"] < 0.5 < last["p_within_7d"]
