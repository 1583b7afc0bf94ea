"""The capacity bank's slots do not see each other, its state is bounded, and its bytes carry on."""

import numpy as np
import pytest

from models.capacity.bank import LAYOUT, CapacityBank, CapacityPrediction
from models.layout import pack_rows, unpack_rows
from tests.models.slotwise import feed, histories, row

GIVEN = histories(slots=12, samples=200, seed=1)


def _predict(bank: CapacityBank, slots: list[int]) -> CapacityPrediction:
    limits = np.array([90.0 if slot % 2 == 0 else 10.0 for slot in slots])
    directions = np.array([1 if slot % 2 == 0 else -1 for slot in slots])
    return bank.predict(np.array(slots, np.int64), limits, directions)


def _fed(slots: list[int], batch: int, capacity: int = 16) -> CapacityBank:
    bank = CapacityBank(capacity)
    feed(bank.update, slots, [GIVEN[slot] for slot in slots], batch)
    return bank


@pytest.fixture(scope="module")
def together() -> CapacityPrediction:
    return _predict(_fed(list(range(12)), 12), list(range(12)))


def test_the_histories_reach_every_kind_of_answer(together: CapacityPrediction) -> None:
    assert together.ready.all()
    assert np.isinf(together.eta_p50_h).any()
    assert (together.eta_p50_h == 0.0).any()
    assert ((together.eta_p50_h > 0.0) & np.isfinite(together.eta_p50_h)).any()


@pytest.mark.parametrize("batch", [1, 5])
def test_any_batching_gives_the_same_bits(together: CapacityPrediction, batch: int) -> None:
    split = _predict(_fed(list(range(12)), batch), list(range(12)))
    assert all(row(split, i) == row(together, i) for i in range(12))


def test_any_order_of_slots_gives_the_same_bits(together: CapacityPrediction) -> None:
    order = np.random.default_rng(0).permutation(12).tolist()
    permuted = _predict(_fed(order, 12), order)
    assert all(row(permuted, place) == row(together, slot) for place, slot in enumerate(order))


def test_a_slot_alone_answers_as_among_ten_thousand(together: CapacityPrediction) -> None:
    bank = CapacityBank(10_000)
    every = np.arange(10_000)
    for n in range(200):
        times, values = (np.resize([history[n][column] for history in GIVEN], 10_000) for column in (0, 1))
        bank.update(every, times.astype(np.int64), values)
    even = np.resize([True, False], 10_000)
    crowd = bank.predict(every, np.where(even, 90.0, 10.0), np.where(even, 1, -1))
    alone = _fed([7], 1)
    assert row(_predict(alone, [7]), 0) == row(together, 7)
    assert all(row(crowd, slot) == row(together, slot % 12) for slot in range(0, 10_000, 37))


def test_packed_slots_carry_on_bit_for_bit(together: CapacityPrediction) -> None:
    first, second = CapacityBank(16), CapacityBank(32)
    feed(first.update, list(range(12)), [history[:90] for history in GIVEN], 12)
    unpack_rows(second.arrays, LAYOUT, 20, 32, pack_rows(first.arrays, LAYOUT, 0, 12))
    feed(second.update, list(range(20, 32)), GIVEN, 12, start=90)
    resumed = _predict(second, list(range(20, 32)))
    assert all(row(resumed, i) == row(together, i) for i in range(12))


def test_predicting_changes_nothing() -> None:
    bank = _fed(list(range(12)), 12)
    before = pack_rows(bank.arrays, LAYOUT, 0, 16)
    _predict(bank, list(range(12)))
    assert pack_rows(bank.arrays, LAYOUT, 0, 16) == before


def test_state_does_not_grow_with_the_samples() -> None:
    fresh, used = CapacityBank(16), _fed(list(range(12)), 12)
    assert {k: v.nbytes for k, v in used.arrays.items()} == {k: v.nbytes for k, v in fresh.arrays.items()}


# A power of two scales without rounding, so even the bits must agree; 1e-6 and 1e6 up to rounding.
@pytest.mark.parametrize(("scale", "rtol"), [(2.0**-20, 0.0), (2.0**20, 0.0), (1e-6, 1e-6), (1e6, 1e-6)])
def test_the_unit_of_measure_does_not_matter(together: CapacityPrediction, scale: float, rtol: float) -> None:
    bank, slots = CapacityBank(12), np.arange(12)
    feed(bank.update, slots.tolist(), [[(t, v * scale) for t, v in history] for history in GIVEN], 12)
    even = slots % 2 == 0
    scaled = bank.predict(slots, np.where(even, 90.0, 10.0) * scale, np.where(even, 1, -1))
    for name in ("p_within_1h", "p_within_24h", "p_within_7d", "eta_p10_h", "eta_p50_h", "eta_p90_h"):
        np.testing.assert_allclose(getattr(scaled, name), getattr(together, name), rtol=rtol, atol=rtol * 1e-6)
    for name in ("drift_per_h", "spread_per_sqrt_h", "level", "gap"):
        np.testing.assert_allclose(getattr(scaled, name) / scale, getattr(together, name), rtol=max(rtol, 1e-15))
