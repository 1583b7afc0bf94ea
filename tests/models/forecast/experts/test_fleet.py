"""The fleet's shape against a loop over plain floats, and what it is worth to series that have shown nothing."""

import numpy as np
import pytest

from models.calendar.clocks import Clocks, ZoneTable
from models.forecast.bank import ForecastBank
from models.forecast.experts import fleet
from models.forecast.params import DEFAULTS
from models.forecast.shapes import BINS, FLOOR, Shapes
from tests.models.forecast.experts.reading import said
from tests.models.forecast.feeding import HOUR_MS, LEVELS, slot_state

SHAPE = tuple([1.0 + 0.5 * float(np.cos(2 * np.pi * (hour - 14) / BINS)) for hour in range(BINS)])
NIGHT = (0.0,) * 23 + (24.0,)
PARAMS = DEFAULTS._replace(shapes={"load": SHAPE, "night": NIGHT})
STEP_MS = 15 * 60_000
DAY = 96
FIRST_STEP = 19_600 * DAY
AHEAD = [1, 5, 17, 48]
# Clocks that are nine hours ahead of UTC.
TOKYO = Clocks([ZoneTable(np.zeros(1, np.int64), np.array([offset])) for offset in (0, 9 * HOUR_MS)], [])


def _fed(values: list[float], number: int = 1, zone: int = 0, step_ms: int = STEP_MS) -> ForecastBank:
    bank, slot = ForecastBank(48, LEVELS, TOKYO, PARAMS), np.array([0])
    for n, value in enumerate(values):
        step, sample = np.array([FIRST_STEP + n]), np.array([value])
        if n == 0:
            bank.start(slot, np.array([step_ms]), step, sample, np.array([zone]))
            bank.shape(slot, np.array([number]))
        bank.update(slot, step, sample)
    return bank


def _load(steps: int) -> list[float]:
    noise = np.random.default_rng(3).normal(size=steps)
    return [40.0 * _shape_at(n, SHAPE) + float(noise[n]) for n in range(steps)]


def _shape_at(step: int, shape: tuple[float, ...], ahead_hours: int = 0) -> float:
    """In the middle of a step after midnight, between the centres of the hours."""
    hour = (step + 0.5) / 4 - 0.5 + ahead_hours
    left = int(np.floor(hour))
    share = hour - left
    values = [max(value, FLOOR) for value in shape]
    return (1.0 - share) * values[left % BINS] + share * values[(left + 1) % BINS]


@pytest.mark.parametrize(("zone", "ahead_hours"), [(0, 0), (1, 9)])
def test_level_and_points_are_those_of_the_equations(zone: int, ahead_hours: int) -> None:
    values = _load(19)
    value_level, shape_level = values[0], 1.0
    for n, value in enumerate(values):
        gain = max(PARAMS.gains.short_level, 1.0 / (n + 1))
        value_level += gain * (value - value_level)
        shape_level += gain * (_shape_at(n, SHAPE, ahead_hours) - shape_level)
    expected = [value_level / shape_level * _shape_at(18 + ahead, SHAPE, ahead_hours) for ahead in AHEAD]
    np.testing.assert_allclose(said(_fed(values, zone=zone), "fleet_shape", AHEAD, TOKYO), expected, rtol=1e-12)


def test_a_young_series_is_forecast_with_the_shape() -> None:
    """Twelve hours ahead, after six: the afternoon's peak is foretold in the morning."""
    values = _load(24)
    comes = np.array([40.0 * _shape_at(23 + ahead, SHAPE) for ahead in AHEAD])
    slot, origin = np.array([0]), np.array([FIRST_STEP + 23])
    shaped, shapeless = (_fed(values, number).forecast(slot, origin, np.array(AHEAD))[0, :, 4] for number in (1, 0))
    assert np.abs(shaped - comes).mean() < 0.25 * np.abs(shapeless - comes).mean()


@pytest.mark.parametrize(
    ("values", "number", "step_ms"),
    [(_load(24), 0, STEP_MS), ([*_load(23), -1.0], 1, STEP_MS), (_load(24), 1, 12 * HOUR_MS), (_load(24), 1, 10_000)],
    ids=["no shape", "negative", "a cycle of a week", "a cycle of an hour"],
)
def test_without_a_shape_it_repeats_the_fast_level(values: list[float], number: int, step_ms: int) -> None:
    bank = _fed(values, number, step_ms=step_ms)
    assert said(bank, "fleet_shape", AHEAD).tolist() == said(bank, "level_fast", AHEAD).tolist()


def test_a_series_without_a_shape_is_forecast_as_if_there_were_none() -> None:
    """The fleet trusts its shapes; that trust is not for an expert that only repeats another."""
    slot, origin, ahead = np.array([0]), np.array([FIRST_STEP + 23]), np.array(AHEAD)
    without = ForecastBank(48, LEVELS)
    for n, value in enumerate(_load(24)):
        step, sample = np.array([FIRST_STEP + n]), np.array([value])
        if n == 0:
            without.start(slot, np.array([STEP_MS]), step, sample)
        without.update(slot, step, sample)
    median = _fed(_load(24), 0).forecast(slot, origin, ahead)[0, :, 4]
    np.testing.assert_allclose(median, without.forecast(slot, origin, ahead)[0, :, 4], rtol=0.005)


def test_hours_of_nothing_make_no_level_of_nothing() -> None:
    """A nightly job: what comes is finite and not negative, whatever there is to divide by."""
    for value in (0.0, 1e-30, 1e30):
        points = said(_fed([value] * 60, 2), "fleet_shape", list(range(1, DAY + 1)))
        assert np.isfinite(points).all()
        assert (points >= 0).all()


def test_trust_ends_with_the_first_day() -> None:
    ratios = [fleet.loss_ratio(_fed(_load(steps)).arrays, np.array([0])).tolist() for steps in (1, DAY, DAY + 1)]
    assert ratios == [[fleet.YOUNG_RATIO], [fleet.YOUNG_RATIO], [fleet.GROWN_RATIO]]
    assert fleet.loss_ratio(_fed(_load(2), 0).arrays, np.array([0])).tolist() == [fleet.SHAPELESS_RATIO]


def test_shapes_are_numbered_by_name() -> None:
    shapes = Shapes({"b": NIGHT, "a": SHAPE})
    assert [shapes.number(metric) for metric in ("a", "b", "c")] == [1, 2, 0]
    assert shapes
    assert not Shapes({})


def test_a_bank_without_shapes_has_no_such_state() -> None:
    bank = ForecastBank(48, LEVELS)
    bank.start(np.array([0]), np.array([STEP_MS]), np.array([0]), np.array([1.0]))
    before = slot_state(bank, 0)
    bank.shape(np.array([0]), np.array([1]))
    assert slot_state(bank, 0) == before
    assert not {field.name for field in fleet.LAYOUT} & before.keys()
