"""The forecast bank's slots do not see each other, its state is bounded, and its bytes carry on."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.arrays import Floats, Ints
from models.forecast.bank import ForecastBank
from models.forecast.quality import Quality
from tests.models.forecast.feeding import LEVELS, slot_state
from tests.models.slotwise import Slots, feed, histories

SERIES, SAMPLES, HORIZON = 12, 220, 24
GIVEN = histories(slots=SERIES, samples=SAMPLES, seed=1)
STEP_MS = np.array([min(b[0] - a[0] for a, b in pairwise(h)) for h in GIVEN])
AHEAD = np.array([1, 2, 5, 13, 24, 40])


class Fed:
    """A bank and the departures it gave; slot s follows series s % SERIES."""

    def __init__(self, capacity: int = 16, shift: int = 0, scale: float = 1.0, add: float = 0.0) -> None:
        self.bank = ForecastBank(HORIZON, LEVELS)
        self.bank.reserve(capacity)
        self.departures: dict[int, list[bytes]] = {}
        self.shift, self.scale, self.add = shift, scale, add

    def update(self, slots: Slots, times: Ints, values: Floats) -> None:
        step_ms = STEP_MS[(slots - self.shift) % SERIES]
        values = values * self.scale + self.add
        fresh = self.bank.arrays["count"][slots] == 0
        step = times // step_ms
        self.bank.start(slots[fresh], step_ms[fresh], step[fresh], values[fresh])
        for slot, departed in zip(slots.tolist(), departures(self.bank, slots, step, values), strict=True):
            self.departures.setdefault(slot, []).append(departed)

    def forecasts(self, slots: Sequence[int], late: int = 3) -> Floats:
        chosen = np.array(slots, np.int64)
        return self.bank.forecast(chosen, self.bank.arrays["last_step"][chosen] + late, AHEAD)


def departures(bank: ForecastBank, slots: Slots, step: Ints, values: Floats) -> list[bytes]:
    """Of one sample each, bit for bit."""
    departed = bank.update(slots, step, values).departures
    return [each.tobytes() for each in np.stack(departed, axis=1)]


def _fed(slots: list[int], batch: int, feeder: Fed | None = None, of: Callable[[int], int] = int) -> Fed:
    fed = feeder or Fed()
    feed(fed.update, slots, [GIVEN[of(slot) % SERIES] for slot in slots], batch)
    return fed


@pytest.fixture(scope="module")
def together() -> Fed:
    return _fed(list(range(SERIES)), SERIES)


@pytest.fixture(scope="module")
def said(together: Fed) -> Floats:
    return together.forecasts(range(SERIES))


def _same(fed: Fed, slot: int, together: Fed, series: int) -> None:
    assert slot_state(fed.bank, slot) == slot_state(together.bank, series)
    assert fed.departures[slot] == together.departures[series]


def _quality(fed: Fed, first: int = 0) -> Quality:
    return fed.bank.quality(np.arange(first, first + SERIES))


@pytest.mark.parametrize("batch", [1, 5, 7])
def test_any_batching_gives_the_same_bits(together: Fed, said: Floats, batch: int) -> None:
    split = _fed(list(range(SERIES)), batch)
    for slot in range(SERIES):
        _same(split, slot, together, slot)
        assert split.forecasts([slot]).tobytes() == said[slot].tobytes()
    for field, together_field in zip(_quality(split), _quality(together), strict=True):
        assert field.tobytes() == together_field.tobytes()


def test_any_order_of_slots_gives_the_same_bits(together: Fed, said: Floats) -> None:
    order = np.random.default_rng(0).permutation(SERIES).tolist()
    permuted = _fed(order, SERIES)
    for slot in range(SERIES):
        _same(permuted, slot, together, slot)
    assert permuted.forecasts(order).tobytes() == said[order].tobytes()


def test_a_slot_alone_answers_as_among_ten_thousand(together: Fed, said: Floats) -> None:
    crowd, every = Fed(10_000), np.arange(10_000)
    alone = _fed([7], 1)
    for n in range(SAMPLES):
        times, values = (np.resize([history[n][column] for history in GIVEN], 10_000) for column in (0, 1))
        crowd.update(every, times.astype(np.int64), values)
    _same(alone, 7, together, 7)
    for slot in range(0, 10_000, 37):
        _same(crowd, slot, together, slot % SERIES)
    expected = np.resize(said, (10_000, *said.shape[1:]))
    assert crowd.forecasts(range(10_000)).tobytes() == expected.tobytes()
    strided = every[5::7][::-1]  # neither contiguous nor increasing
    assert crowd.forecasts(strided.tolist()).tobytes() == expected[strided].tobytes()


@settings(max_examples=25, deadline=None)
@given(chosen=st.lists(st.integers(0, SERIES - 1), min_size=1, max_size=SERIES, unique=True), late=st.integers(0, 30))
def test_any_selection_is_forecast_alike(together: Fed, chosen: list[int], late: int) -> None:
    selection = together.forecasts(chosen, late)
    assert selection.tobytes() == together.forecasts(range(SERIES), late)[chosen].tobytes()


def test_the_quality_of_a_slot_is_its_own(together: Fed) -> None:
    every = np.arange(SERIES)
    forwards, backwards, alone = (together.bank.quality(slots) for slots in (every, every[::-1], every[7:8]))
    for field, reversed_field, of_one in zip(forwards, backwards, alone, strict=True):
        assert field[::-1].tobytes() == reversed_field.tobytes()
        assert field[7].tobytes() == of_one[0].tobytes()
    assert (forwards.origins > 0).any(axis=1).all()


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_random_groups_of_random_slots_give_the_same_bits(together: Fed, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scattered, fed = rng.permutation(64)[:SERIES], Fed(64)
    for n in range(40):
        order = rng.permutation(SERIES)
        for part in np.split(order, np.sort(rng.integers(0, SERIES, 3))):
            times, values = ([GIVEN[series][n][column] for series in part] for column in (0, 1))
            step = np.array(times, np.int64) // STEP_MS[part]
            slots, value = scattered[part], np.array(values, np.float64)
            if n == 0:
                fed.bank.start(slots, STEP_MS[part], step, value)
            for series, departed in zip(part.tolist(), departures(fed.bank, slots, step, value), strict=True):
                assert departed == together.departures[series][n]


def test_packed_slots_carry_on_bit_for_bit(together: Fed, said: Floats) -> None:
    first, second = Fed(), Fed(shift=20)
    feed(first.update, list(range(SERIES)), [history[:90] for history in GIVEN], SERIES)
    payload = first.bank.pack(0, SERIES)
    assert len(payload) == SERIES * first.bank.slot_bytes
    second.bank.unpack(20, 20 + SERIES, payload)
    feed(second.update, list(range(20, 20 + SERIES)), GIVEN, SERIES, start=90)
    for series in range(SERIES):
        assert slot_state(second.bank, 20 + series) == slot_state(together.bank, series)
    assert second.forecasts(range(20, 20 + SERIES)).tobytes() == said.tobytes()
    for field, together_field in zip(_quality(second, first=20), _quality(together), strict=True):
        assert field.tobytes() == together_field.tobytes()


def test_a_slot_started_again_remembers_nothing(together: Fed) -> None:
    used = _fed([0, 1, 2], 3, of=lambda slot: slot + 5)
    used.bank.arrays["count"][[0, 1, 2]] = 0  # the feeder starts slots that have no sample
    used.departures.clear()
    _fed([0, 1, 2], 3, used)
    for slot in range(3):
        _same(used, slot, together, slot)


def test_growing_changes_nothing(together: Fed) -> None:
    fed = Fed()
    feed(fed.update, list(range(SERIES)), [history[:90] for history in GIVEN], SERIES)
    fed.bank.reserve(1000)
    feed(fed.update, list(range(SERIES)), GIVEN, SERIES, start=90)
    assert fed.bank.pack(0, SERIES) == together.bank.pack(0, SERIES)


def test_forecasting_changes_nothing(together: Fed) -> None:
    before = together.bank.pack(0, 16)
    together.forecasts(range(SERIES))
    assert together.bank.pack(0, 16) == before


def test_state_does_not_grow_with_the_samples(together: Fed) -> None:
    fresh = Fed().bank
    assert {k: v.nbytes for k, v in together.bank.arrays.items()} == {k: v.nbytes for k, v in fresh.arrays.items()}


# A power of two scales without rounding, so even the bits must agree; 1e-6 and 1e6 up to the rounding of single
# precision, relative to the series' size, which is about 50.
@pytest.mark.parametrize(("scale", "rtol"), [(2.0**-20, 0.0), (2.0**20, 0.0), (1e-6, 1e-6), (1e6, 1e-6)])
def test_the_unit_of_measure_does_not_matter(together: Fed, said: Floats, scale: float, rtol: float) -> None:
    scaled = _fed(list(range(SERIES)), SERIES, Fed(scale=scale))
    np.testing.assert_allclose(scaled.forecasts(range(SERIES)) / scale, said, rtol=rtol, atol=50.0 * rtol)


def test_a_shift_of_the_zero_moves_the_forecasts_by_as_much() -> None:
    # Far below zero on both sides: the floor at zero is the one thing that depends on where zero is.
    low = _fed(list(range(SERIES)), SERIES, Fed(add=-1e3)).forecasts(range(SERIES))
    lower = _fed(list(range(SERIES)), SERIES, Fed(add=-3e3)).forecasts(range(SERIES))
    np.testing.assert_allclose(lower + 2e3, low, rtol=0.0, atol=1e-4)


def test_quantiles_rise_with_their_level(said: Floats) -> None:
    assert np.isfinite(said).all()
    assert (np.diff(said, axis=2) >= 0).all()


def test_how_the_arguments_lie_in_memory_does_not_matter() -> None:
    # numpy takes another logarithm for arrays that lie backwards, which differs in the last bit now and then.
    every, rng = np.arange(1003), np.random.default_rng(2)
    values, step = 1e3 + np.abs(rng.normal(size=(40, 1003))) ** 5, np.full(1003, 470_000)
    banks = [ForecastBank(HORIZON, LEVELS) for _ in range(2)]
    for bank in banks:
        bank.reserve(1003)
        bank.start(every, np.full(1003, 60_000), step, values[0])
    for n in range(40):
        forwards = banks[0].update(every, step + n, values[n]).departures
        backwards = banks[1].update(every[::-1], (step + n)[::-1], values[n][::-1]).departures
        assert np.stack(forwards).tobytes() == np.stack(backwards)[:, ::-1].tobytes()
    assert banks[0].pack(0, 1003) == banks[1].pack(0, 1003)


def test_logarithms_do_not_depend_on_the_place_in_the_array() -> None:
    values = 1.0 + np.abs(np.random.default_rng(2).normal(size=1003)) ** 5
    alone = np.concatenate([np.log2(values[i : i + 1]) for i in range(len(values))])
    for first in range(9):
        assert np.log2(values[first:].copy()).tobytes() == alone[first:].tobytes()
