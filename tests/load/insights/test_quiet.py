"""Quiet fleets: what is played of them, and that incidents are counted once."""

import pytest

from load.generate.fleet import Fleet, generate_fleet
from load.generate.spec import HOUR_MS, FleetSpec
from load.insights.quiet import opened, signals_of
from streams.signals import MINUTE_MS, decode_signals

SPEC = FleetSpec(seed=3, hosts=2, services=4, volumes=1, days=0.5, cases=1)


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return generate_fleet(SPEC)


@pytest.fixture(scope="module")
def signals(fleet: Fleet) -> list[bytes]:
    return signals_of(fleet)


def test_only_the_first_half_is_played_and_nobody_that_is_struck_in_it(fleet: Fleet, signals: list[bytes]) -> None:
    records = [decode_signals(value) for value in signals]
    half = (SPEC.start_ms + SPEC.end_ms) // 2 // MINUTE_MS
    assert max(int(record.minute.max()) for record in records if len(record.minute)) < half
    heard = {entity for record in records for entity in record.entity}
    struck = {one.entity for one in fleet.truth.incidents if one.start_ms < half * MINUTE_MS}
    assert heard
    assert struck
    assert not heard & struck
    assert not [entity for entity in heard if "case=" in entity and "cascade" not in entity]


def test_a_larger_budget_opens_more_and_what_opens_before_does_not_count(signals: list[bytes]) -> None:
    few, many = opened(signals, 1.0, SPEC.start_ms), opened(signals, 200.0, SPEC.start_ms)
    assert few <= many
    assert many > 0
    assert opened(signals, 200.0, SPEC.end_ms) == 0
    assert opened(signals, 200.0, SPEC.start_ms + HOUR_MS) <= many
