"""The failure bank's slots do not see each other, its state is bounded, and its bytes carry on."""

from functools import partial

import numpy as np
import numpy.typing as npt
import pytest

from models.failure.bank import LAYOUT, FailureBank, FailurePrediction
from models.layout import pack_rows, unpack_rows
from tests.models.slotwise import Slots, feed, histories, row

GIVEN = histories(slots=12, samples=400, seed=2)
STEP_MS = np.array([int(np.median(np.diff([t for t, _ in history]))) for history in GIVEN], np.int64)


def _ruled(capacity: int, slots: Slots, scale: float = 1.0) -> FailureBank:
    """Every slot's rule follows from which history it is fed, its number modulo 12."""
    bank, kind = FailureBank(capacity), slots % 12
    above = kind % 2 == 0
    threshold = scale * np.where(above, 54.0, 46.0)
    bank.reset(slots, threshold, np.where(above, 1, -1), 2 * STEP_MS[kind], (5 + kind) * STEP_MS[kind])
    return bank


def _update(bank: FailureBank, slots: Slots, times: npt.NDArray[np.int64], values: npt.NDArray[np.float64]) -> None:
    bank.update(slots, times, values, STEP_MS[slots % 12])


def _fed(slots: list[int], batch: int) -> FailureBank:
    bank = _ruled(16, np.array(slots, np.int64))
    feed(partial(_update, bank), slots, [GIVEN[slot] for slot in slots], batch)
    return bank


@pytest.fixture(scope="module")
def together() -> FailurePrediction:
    return _fed(list(range(12)), 12).predict(np.arange(12))


def test_the_histories_hold_episodes_and_settled_looks(together: FailurePrediction) -> None:
    assert (together.events_seen > 0).sum() >= 8
    assert (together.looks_settled > 20).all()
    assert len(set(together.p.tolist())) >= 8


@pytest.mark.parametrize("batch", [1, 5])
def test_any_batching_gives_the_same_bits(together: FailurePrediction, batch: int) -> None:
    split = _fed(list(range(12)), batch).predict(np.arange(12))
    assert all(row(split, i) == row(together, i) for i in range(12))


def test_any_order_of_slots_gives_the_same_bits(together: FailurePrediction) -> None:
    order = np.random.default_rng(0).permutation(12)
    permuted = _fed(order.tolist(), 12).predict(order)
    assert all(row(permuted, place) == row(together, slot) for place, slot in enumerate(order))


def test_a_slot_alone_answers_as_among_ten_thousand(together: FailurePrediction) -> None:
    every = np.arange(10_000)
    bank = _ruled(10_000, every)
    for n in range(400):
        times, values = (np.resize([history[n][column] for history in GIVEN], 10_000) for column in (0, 1))
        _update(bank, every, times.astype(np.int64), values)
    crowd = bank.predict(every)
    assert row(_fed([7], 1).predict(np.array([7])), 0) == row(together, 7)
    assert all(row(crowd, slot) == row(together, slot % 12) for slot in range(0, 10_000, 37))


def test_packed_slots_carry_on_bit_for_bit(together: FailurePrediction) -> None:
    first, second = _ruled(16, np.arange(12)), FailureBank(36)
    feed(partial(_update, first), list(range(12)), [history[:150] for history in GIVEN], 12)
    unpack_rows(second.arrays, LAYOUT, 24, 36, pack_rows(first.arrays, LAYOUT, 0, 12))
    feed(partial(_update, second), list(range(24, 36)), GIVEN, 12, start=150)
    resumed = second.predict(np.arange(24, 36))
    assert all(row(resumed, i) == row(together, i) for i in range(12))


def test_predicting_changes_nothing() -> None:
    bank = _fed(list(range(12)), 12)
    before = pack_rows(bank.arrays, LAYOUT, 0, 16)
    bank.predict(np.arange(12))
    assert pack_rows(bank.arrays, LAYOUT, 0, 16) == before


def test_state_does_not_grow_with_the_samples() -> None:
    fresh, used = FailureBank(16), _fed(list(range(12)), 12)
    assert {k: v.nbytes for k, v in used.arrays.items()} == {k: v.nbytes for k, v in fresh.arrays.items()}


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_unit_of_measure_does_not_matter(together: FailurePrediction, scale: float) -> None:
    bank = _ruled(12, np.arange(12), scale)
    feed(partial(_update, bank), list(range(12)), [[(t, v * scale) for t, v in history] for history in GIVEN], 12)
    scaled = bank.predict(np.arange(12))
    assert all(row(scaled, i) == row(together, i) for i in range(12))
