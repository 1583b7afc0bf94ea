"""The signal bank: what a series tells, when, and that nothing else has a say in it."""

import numpy as np
import pytest

from models.arrays import Floats, Ints
from models.layout import row_bytes
from models.signals.bank import CLIP, FAR_MAX, GAIN, LAYOUT, WINDOW_MINUTES, YOUNG_SAMPLES, SignalBank

SLOT = np.array([0])


def feed(bank: SignalBank, values: Floats, minutes: Ints, slot: int = 0) -> list[tuple[int, float]]:
    """What one slot tells: the minute, and how far."""
    told = []
    for minute, value in zip(minutes.tolist(), values.tolist(), strict=True):
        said = bank.update(np.array([slot]), np.array([minute]), np.array([value]))
        told += [(minute, far) for far in said.far.tolist()]
    return told


def wavering(samples: int) -> Floats:
    return np.array([10.0 + (-1.0) ** number for number in range(samples)])


def test_centre_and_scale_by_hand() -> None:
    """Gains 1, 1/2, 1/3 of values 4, 6, 8: the centre is their mean; the scale is that of the deviations before."""
    bank = SignalBank(1)
    feed(bank, np.array([4.0, 6.0, 8.0]), np.arange(3))
    # m: 4, 4 + 2/2 = 5, 5 + 3/3 = 6;  d: 0, 0 + (2 - 0)/2 = 1, 1 + (3 - 1)/3
    assert bank.arrays["centre"][0] == 6.0
    assert bank.arrays["scale"][0] == pytest.approx(1 + 2 / 3)


def test_young_series_tell_that_they_are_where_they_are() -> None:
    told = feed(SignalBank(1), np.arange(float(YOUNG_SAMPLES)) ** 3, np.arange(YOUNG_SAMPLES))
    assert told == [(minute, 0.0) for minute in range(YOUNG_SAMPLES)]


def test_it_tells_the_furthest_of_four_minutes_with_its_sign() -> None:
    bank = SignalBank(1)
    usual = wavering(60)
    before = feed(bank, usual, np.arange(60))
    assert max(abs(far) for _, far in before) < 2.0
    scale, centre = bank.arrays["scale"][0], bank.arrays["centre"][0]
    told = feed(bank, np.array([centre - 8 * scale, *wavering(6)]), np.arange(60, 67))
    fars = [far for _, far in told]
    assert fars[:WINDOW_MINUTES] == pytest.approx([-8.0] * WINDOW_MINUTES, rel=1e-6)
    assert abs(fars[WINDOW_MINUTES]) < 2.0


def lasting(bank: SignalBank, far_out: dict[int, float], step: int = 1) -> list[float]:
    """What lasts, in scales, from minute 60 on, where the samples of some minutes are so many scales out."""
    feed(bank, wavering(60), step * np.arange(60))
    centre, scale = float(bank.arrays["centre"][0]), float(bank.arrays["scale"][0])
    told = []
    for minute in range(60, 70):
        value = centre + scale * far_out[minute] if minute in far_out else centre
        bank.arrays["centre"][0], bank.arrays["scale"][0] = centre, scale
        told += bank.update(SLOT, np.array([step * minute]), np.array([value])).lasting.tolist()
    return told


@pytest.mark.parametrize(
    ("far_out", "expected"),
    [
        ({62: 50.0}, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ({62: 50.0, 63: 20.0}, [0, 0, 0, 20, 20, 20, 0, 0, 0, 0]),
        ({62: -50.0, 64: -60.0}, [0, 0, 0, 0, -50, -50, 0, 0, 0, 0]),
        ({62: 50.0, 63: -20.0}, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ({62: 9.0, 63: -8.0, 64: -7.0, 65: 6.0}, [0, 0, 0, 0, -7, -7, -7, 0, 0, 0]),
    ],
)
def test_what_lasts_was_seen_in_two_of_four_minutes_on_the_same_side(
    far_out: dict[int, float], expected: list[float]
) -> None:
    told = lasting(SignalBank(1), far_out)
    # The wavering minutes before 60 are still in the first windows: about one scale out.
    assert told[4:] == pytest.approx(expected[4:], rel=1e-5)
    assert told[:4] == pytest.approx(expected[:4], rel=1e-5, abs=1.5)


def test_of_a_slow_series_each_sample_lasts() -> None:
    """Steps of four minutes and more leave one sample in a window: nothing else could bear it out."""
    told = lasting(SignalBank(1), {62: 50.0, 64: -8.0}, step=WINDOW_MINUTES)
    assert told == pytest.approx([0, 0, 50.0, 0, -8.0, 0, 0, 0, 0, 0], rel=1e-5)


def test_a_gap_ends_the_window() -> None:
    bank = SignalBank(1)
    feed(bank, wavering(60), np.arange(60))
    feed(bank, np.array([100.0]), np.array([60]))
    assert abs(feed(bank, np.array([10.0]), np.array([64]))[0][1]) < 2.0


def test_fast_series_tell_once_a_minute_and_leave_nothing_out() -> None:
    """Ten seconds apart: the third sample of a minute is told with the first of the next."""
    bank = SignalBank(1)
    feed(bank, wavering(600), np.arange(600) // 6)
    values = wavering(12)
    values[2] = 100.0
    told = feed(bank, values, 100 + np.arange(12) // 6)
    assert [minute for minute, _ in told] == [100, 101]
    assert abs(told[0][1]) < 2.0
    assert told[1][1] > 50.0


def test_what_leaves_a_constant_is_as_far_as_can_be_and_what_stays_is_not() -> None:
    bank = SignalBank(1)
    told = feed(bank, np.zeros(40), np.arange(40))
    assert {far for _, far in told} == {0.0}
    assert feed(bank, np.array([1e-9]), np.array([40])) == [(40, FAR_MAX)]


def test_what_barely_moves_is_not_far_out_when_it_moves_a_little() -> None:
    bank = SignalBank(1)
    feed(bank, np.full(40, 100.0), np.arange(40))
    [(minute, far)] = feed(bank, np.array([101.0]), np.array([40]))
    assert minute == 40
    assert far == pytest.approx(0.5)


def test_one_outlier_moves_the_centre_by_five_scales_at_most() -> None:
    bank = SignalBank(1)
    feed(bank, wavering(100), np.arange(100))
    centre, scale = float(bank.arrays["centre"][0]), float(bank.arrays["scale"][0])
    feed(bank, np.array([1e12]), np.array([100]))
    assert bank.arrays["centre"][0] == pytest.approx(centre + GAIN * CLIP * scale)


@pytest.mark.parametrize("factor", [2.0**-20, 2.0**20, -1.0])
def test_the_unit_makes_no_difference(factor: float) -> None:
    values = 50.0 + np.random.default_rng(3).standard_t(3, 300)
    plain = feed(SignalBank(1), values, np.arange(300))
    scaled = feed(SignalBank(1), values * factor, np.arange(300))
    sign = np.sign(factor)
    assert scaled == [(minute, far * sign) for minute, far in plain]


def test_slots_do_not_see_each_other_nor_the_batch() -> None:
    rng = np.random.default_rng(5)
    values, minutes = rng.normal(0.0, 1.0, (7, 200)), np.cumsum(rng.integers(0, 3, (7, 200)), axis=1)
    together, alone = SignalBank(7), SignalBank(7)
    told: dict[int, list[tuple[int, float]]] = {slot: [] for slot in range(7)}
    for step in range(200):
        order = rng.permutation(7)
        said = together.update(order, minutes[order, step], values[order, step])
        for place, far in zip(said.places.tolist(), said.far.tolist(), strict=True):
            told[int(order[place])].append((int(minutes[order[place], step]), far))
    for slot in range(7):
        assert feed(alone, values[slot], minutes[slot], slot) == told[slot]
    assert alone.pack(0, 7) == together.pack(0, 7)


def test_packing_keeps_every_bit_and_clearing_none() -> None:
    bank, other = SignalBank(1), SignalBank(1)
    feed(bank, wavering(70), np.arange(70))
    other.unpack(0, 1, bank.pack(0, 1))
    assert feed(other, wavering(9), np.arange(70, 79)) == feed(bank, wavering(9), np.arange(70, 79))
    bank.clear(SLOT)
    assert bank.pack(0, 1) == SignalBank(1).pack(0, 1)


def test_room_is_made_without_a_change_and_a_series_takes_little() -> None:
    bank = SignalBank(1)
    feed(bank, wavering(30), np.arange(30))
    before = bank.pack(0, 1)
    bank.reserve(9)
    assert bank.pack(0, 1) == before
    assert row_bytes(LAYOUT) < 100


def test_what_comes_after_zeros_becomes_usual() -> None:
    """Of what came first the scale is known; the scale grows with what follows."""
    bank, noise = SignalBank(1), np.random.default_rng(2).normal(50.0, 10.0, 200)
    feed(bank, np.zeros(60), np.arange(60))
    fars = [abs(far) for _, far in feed(bank, noise, np.arange(60, 260))]
    assert fars[0] == FAR_MAX
    assert max(fars[100:]) < 6.0
