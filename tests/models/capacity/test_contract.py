"""The capacity bank's slots do not see each other, its state is bounded, and its bytes carry on."""

import numpy as np
import pytest

from models.arrays import Floats
from models.capacity.bank import CapacityBank, CapacityPrediction
from tests.models.capacity.feeding import feed as feed_bank
from tests.models.slotwise import Slots, Update, feed, histories, row

SAMPLES = 200
CROWD = 200
GIVEN = histories(slots=12, samples=SAMPLES, seed=1)


def _limits(slots: Slots, scale: float = 1.0) -> Floats:
    return np.where(slots % 2 == 0, 90.0, 10.0) * scale


def _bank(capacity: int = 16) -> CapacityBank:
    """Even slots grow into their limit, odd ones fall to it."""
    bank, slots = CapacityBank(capacity), np.arange(capacity)
    bank.reset(slots, np.where(slots % 2 == 0, 1, -1))
    return bank


def _update(bank: CapacityBank, scale: float = 1.0) -> Update:
    return lambda slots, times, values: feed_bank(bank, slots, times, values * scale, _limits(slots, scale))


def _predict(bank: CapacityBank, slots: list[int]) -> CapacityPrediction:
    chosen = np.array(slots, np.int64)
    return bank.predict(chosen, _limits(chosen))


def _fed(slots: list[int], batch: int, capacity: int = 16) -> CapacityBank:
    bank = _bank(capacity)
    feed(_update(bank), slots, [GIVEN[slot] for slot in slots], batch)
    return bank


@pytest.fixture(scope="module")
def together() -> CapacityPrediction:
    return _predict(_fed(list(range(12)), 12), list(range(12)))


def test_the_histories_reach_every_kind_of_answer(together: CapacityPrediction) -> None:
    assert together.ready.all()
    median = together.eta_h[:, 1]
    assert np.isinf(median).any()
    assert (median == 0.0).any()
    assert ((median > 0.0) & np.isfinite(median)).any()
    assert len(np.unique(together.status)) > 1
    assert (together.looks_settled > 0).any(axis=0).all()
    assert len(np.unique(together.leader)) > 1


@pytest.mark.parametrize("batch", [1, 5])
def test_any_batching_gives_the_same_bits(together: CapacityPrediction, batch: int) -> None:
    split = _predict(_fed(list(range(12)), batch), list(range(12)))
    assert all(row(split, i) == row(together, i) for i in range(12))


def test_any_order_of_slots_gives_the_same_bits(together: CapacityPrediction) -> None:
    order = np.random.default_rng(0).permutation(12).tolist()
    permuted = _predict(_fed(order, 12), order)
    assert all(row(permuted, place) == row(together, slot) for place, slot in enumerate(order))


def test_a_slot_alone_answers_as_in_a_crowd(together: CapacityPrediction) -> None:
    bank = _bank(CROWD)
    every = np.arange(CROWD)
    for n in range(SAMPLES):
        times, values = (np.resize([history[n][column] for history in GIVEN], CROWD) for column in (0, 1))
        feed_bank(bank, every, times.astype(np.int64), values, _limits(every))
    crowd = bank.predict(every, _limits(every))
    alone = _fed([7], 1)
    assert row(_predict(alone, [7]), 0) == row(together, 7)
    assert all(row(crowd, slot) == row(together, slot % 12) for slot in range(0, CROWD, 7))


def test_packed_slots_carry_on_bit_for_bit(together: CapacityPrediction) -> None:
    first, second = _bank(16), CapacityBank(32)
    feed(_update(first), list(range(12)), [history[:90] for history in GIVEN], 12)
    second.unpack(20, 32, first.pack(0, 12))
    feed(_update(second), list(range(20, 32)), GIVEN, 12, start=90)
    resumed = _predict(second, list(range(20, 32)))
    assert all(row(resumed, i) == row(together, i) for i in range(12))


def test_predicting_changes_nothing() -> None:
    bank = _fed(list(range(12)), 12)
    before = bank.pack(0, 16)
    _predict(bank, list(range(12)))
    assert bank.pack(0, 16) == before


def test_state_does_not_grow_with_the_samples() -> None:
    fresh, used = CapacityBank(16), _fed(list(range(12)), 12)
    assert {k: v.nbytes for k, v in used.arrays.items()} == {k: v.nbytes for k, v in fresh.arrays.items()}


# A power of two scales without rounding, so even the bits must agree; 1e-6 and 1e6 up to rounding.
@pytest.mark.parametrize(("scale", "rtol"), [(2.0**-20, 0.0), (2.0**20, 0.0), (1e-6, 1e-5), (1e6, 1e-5)])
def test_the_unit_of_measure_does_not_matter(together: CapacityPrediction, scale: float, rtol: float) -> None:
    bank, slots = _bank(12), np.arange(12)
    feed(_update(bank, scale), slots.tolist(), GIVEN, 12)
    scaled = bank.predict(slots, _limits(slots, scale))
    for name in ("within", "eta_h", "brier", "base_brier"):
        np.testing.assert_allclose(getattr(scaled, name), getattr(together, name), rtol=rtol, atol=rtol * 1e-6)
    for name in ("drift_per_h", "level", "gap"):
        np.testing.assert_allclose(getattr(scaled, name) / scale, getattr(together, name), rtol=max(rtol, 1e-15))
    for name in ("status", "leader", "looks_settled"):
        np.testing.assert_array_equal(getattr(scaled, name), getattr(together, name))
