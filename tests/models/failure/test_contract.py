"""The failure bank's slots do not see each other, its state is bounded, and its bytes carry on."""

from functools import partial

import numpy as np
import pytest

from models.arrays import Floats, Ints
from models.failure.bank import FailureBank, FailurePrediction
from models.failure.tracks import HORIZONS
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


def _publish(bank: FailureBank, slots: Slots) -> FailurePrediction:
    """With paths that follow from time and history, and end before the last horizon."""
    times, kind = bank.arrays["last_ms"][slots], slots % 12
    paths = np.tile(((times // STEP_MS[kind] + kind) % 7 / 7.0)[:, np.newaxis], HORIZONS)
    paths[:, -1] = np.nan
    return bank.publish(slots, times, paths, 3 * STEP_MS[kind])


def _update(bank: FailureBank, slots: Slots, times: Ints, values: Floats) -> None:
    bank.update(slots, times, values, STEP_MS[slots % 12])
    _publish(bank, slots[times // STEP_MS[slots % 12] % 3 == 0])


def _fed(slots: list[int], batch: int) -> FailureBank:
    bank = _ruled(16, np.array(slots, np.int64))
    feed(partial(_update, bank), slots, [GIVEN[slot] for slot in slots], batch)
    return bank


@pytest.fixture(scope="module")
def together() -> FailurePrediction:
    return _publish(_fed(list(range(12)), 12), np.arange(12))


def test_the_histories_hold_episodes_and_settled_looks(together: FailurePrediction) -> None:
    assert (together.events_seen > 0).sum() >= 8
    assert (together.looks_settled > 10).all()
    assert len(set(together.p.tolist())) >= 8


@pytest.mark.parametrize("batch", [1, 5])
def test_any_batching_gives_the_same_bits(together: FailurePrediction, batch: int) -> None:
    split = _publish(_fed(list(range(12)), batch), np.arange(12))
    assert all(row(split, i) == row(together, i) for i in range(12))


def test_any_order_of_slots_gives_the_same_bits(together: FailurePrediction) -> None:
    order = np.random.default_rng(0).permutation(12)
    permuted = _publish(_fed(order.tolist(), 12), order)
    assert all(row(permuted, place) == row(together, slot) for place, slot in enumerate(order))


def test_a_slot_alone_answers_as_among_ten_thousand(together: FailurePrediction) -> None:
    every = np.arange(10_000)
    bank = _ruled(10_000, every)
    for n in range(400):
        times, values = (np.resize([history[n][column] for history in GIVEN], 10_000) for column in (0, 1))
        _update(bank, every, times.astype(np.int64), values)
    crowd = _publish(bank, every)
    assert row(_publish(_fed([7], 1), np.array([7])), 0) == row(together, 7)
    assert all(row(crowd, slot) == row(together, slot % 12) for slot in range(0, 10_000, 37))


def test_packed_slots_carry_on_bit_for_bit(together: FailurePrediction) -> None:
    first, second = _ruled(16, np.arange(12)), FailureBank(36)
    feed(partial(_update, first), list(range(12)), [history[:150] for history in GIVEN], 12)
    second.unpack(24, 36, first.pack(0, 12))
    feed(partial(_update, second), list(range(24, 36)), GIVEN, 12, start=150)
    resumed = _publish(second, np.arange(24, 36))
    assert all(row(resumed, i) == row(together, i) for i in range(12))


def test_publishing_again_notes_nothing_again() -> None:
    bank = _fed(list(range(12)), 12)
    _publish(bank, np.arange(12))
    before = bank.pack(0, 16)
    _publish(bank, np.arange(12))
    assert bank.pack(0, 16) == before


def test_state_does_not_grow_with_the_samples() -> None:
    fresh, used = FailureBank(16), _fed(list(range(12)), 12)
    assert {k: v.nbytes for k, v in used.arrays.items()} == {k: v.nbytes for k, v in fresh.arrays.items()}


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_unit_of_measure_does_not_matter(together: FailurePrediction, scale: float) -> None:
    bank = _ruled(12, np.arange(12), scale)
    feed(partial(_update, bank), list(range(12)), [[(t, v * scale) for t, v in history] for history in GIVEN], 12)
    scaled = _publish(bank, np.arange(12))
    assert all(row(scaled, i) == row(together, i) for i in range(12))
