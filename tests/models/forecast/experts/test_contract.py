"""What every family of experts owes. Families are found in the registry: a new one is held to this at once."""

import numpy as np
import pytest

from models.arrays import Floats
from models.calendar.clocks import UTC, Clocks
from models.forecast import series
from models.forecast.bank import ForecastBank
from models.forecast.experts.family import Family
from models.forecast.experts.registry import families
from models.forecast.params import DEFAULTS
from models.forecast.shapes import BINS, Shapes
from models.layout import row_bytes
from tests.models.forecast.feeding import LEVELS

SHAPED = DEFAULTS._replace(shapes={"flat": (1.0,) * BINS, "night": (3.6, *[0.0] * 16, *[2.0] * 6, 8.4)})
ALL = families(has_calendar=True, shapes=Shapes(SHAPED.shapes))
STEP_MS = 300_000
FIRST_STEP = 20 * 2016  # midnight, the beginning of a week of five-minute steps
SAMPLES, SERIES = 2 * 2016 + 50, 5
AHEAD = np.array([1, 2, 5, 48, 300])
SPECIAL_DAYS = Clocks([UTC], [np.arange(0, 47_000, 7)])


def _values(scale: float = 1.0) -> Floats:
    """Five-minute values [t, series] with a wave a day, another a week, a five-step cycle, a walk and noise."""
    rng = np.random.default_rng(7)
    t = np.arange(SAMPLES)[:, None]
    waves = 20.0 * np.sin(2 * np.pi * t / 288) + 9.0 * np.sin(2 * np.pi * t / 2016) + 60.0 * (t % 5 == 0)
    walk = np.cumsum(rng.normal(0.0, 0.2, (SAMPLES, SERIES)), axis=0)
    return np.asarray(scale * (200.0 + waves + walk + rng.normal(size=(SAMPLES, SERIES))))


def _fed(values: Floats, samples: int = SAMPLES, copies: int = 1, *, shaped: bool = True) -> ForecastBank:
    """A bank that learned the series side by side, each `copies` times; every 97th sample is missing.

    Some have the fleet's shape of a day, for most of which that is nearly nothing; some have none.
    """
    bank = ForecastBank(48, LEVELS, SPECIAL_DAYS, SHAPED)
    slots = np.arange(copies * values.shape[1])
    bank.reserve(len(slots))
    for n in range(samples):
        step, row = np.full(len(slots), FIRST_STEP + n), np.tile(values[n], copies)
        if n == 0:
            bank.start(slots, np.full(len(slots), STEP_MS), step, row)
            bank.shape(slots, (slots % values.shape[1] + 2) % 3 * shaped)
        if n % 97 != 96:
            bank.update(slots, step, row)
    return bank


def _points(bank: ForecastBank, family: Family, slots: list[int]) -> Floats:
    """[experts, slots, horizons]."""
    ahead = np.broadcast_to(AHEAD, (len(slots), len(AHEAD)))
    target = series.target(bank.arrays, np.array(slots), ahead, SPECIAL_DAYS)
    return np.array(family.points(bank.arrays, target))


@pytest.fixture(scope="module")
def fed() -> ForecastBank:
    return _fed(_values())


every_family = pytest.mark.parametrize("family", ALL, ids=lambda family: "_".join(family.NAMES))


def test_names_are_unique_and_known_to_the_fleet() -> None:
    names = [name for family in ALL for name in family.NAMES]
    assert len(names) == len(set(names))
    assert set(DEFAULTS.loss_ratio) <= set(names)


@every_family
def test_state_is_described(family: Family) -> None:
    fields = [field.name for each in ALL for field in each.LAYOUT]
    assert len(fields) == len(set(fields))
    assert all(field.unit and field.meaning for field in family.LAYOUT)


@every_family
def test_points_are_finite_and_there_is_one_for_each_name(family: Family, fed: ForecastBank) -> None:
    points = _points(fed, family, list(range(SERIES)))
    assert points.shape == (len(family.NAMES), SERIES, len(AHEAD))
    assert np.isfinite(points).all()


@every_family
def test_points_change_nothing(family: Family, fed: ForecastBank) -> None:
    before = {name: array.tobytes() for name, array in fed.arrays.items()}
    ahead, slots = np.broadcast_to(AHEAD, (SERIES, len(AHEAD))), np.arange(SERIES)
    for array in (ahead, slots):
        array.flags.writeable = False
    family.points(fed.arrays, series.target(fed.arrays, slots, ahead, SPECIAL_DAYS))
    assert {name: array.tobytes() for name, array in fed.arrays.items()} == before


@every_family
def test_a_series_alone_and_in_any_order_is_forecast_alike(family: Family, fed: ForecastBank) -> None:
    together = _points(fed, family, list(range(SERIES)))
    order = [3, 0, 4, 1, 2]
    assert _points(fed, family, order).tobytes() == together[:, order].tobytes()
    for slot in range(SERIES):
        assert _points(fed, family, [slot]).tobytes() == together[:, slot : slot + 1].tobytes()


@every_family
def test_learning_alone_or_among_many_is_the_same(family: Family) -> None:
    samples = 400
    alone, crowd = _fed(_values()[:, :1], samples), _fed(_values(), samples, copies=400)
    for field in family.LAYOUT:
        assert alone.arrays[field.name][0].tobytes() == crowd.arrays[field.name][SERIES * 123].tobytes(), field.name
    assert _points(alone, family, [0]).tobytes() == _points(crowd, family, [SERIES * 123]).tobytes()


@every_family
def test_what_is_not_learned_yet_repeats_a_simpler_expert(family: Family) -> None:
    bank = _fed(np.array([[3.0], [5.0], [4.0]]), samples=3, shaped=False)
    simple = [bank.arrays[name][0] for name in ("last", "level_fast", "level_slow")]
    for name, points in zip(family.NAMES, _points(bank, family, [0]), strict=True):
        if not name.startswith("trend"):
            # Neighbouring bins are known after three samples; the others must repeat what is known without a season.
            assert points[0, -2] in simple, name


@every_family
@pytest.mark.parametrize(("scale", "rtol"), [(2.0**-20, 0.0), (2.0**20, 0.0), (1e-6, 1e-6), (1e6, 1e-6)])
def test_the_unit_of_measure_does_not_matter(family: Family, fed: ForecastBank, scale: float, rtol: float) -> None:
    scaled = _points(_scaled(scale), family, list(range(SERIES)))
    expected = scale * _points(fed, family, list(range(SERIES)))
    np.testing.assert_allclose(scaled, expected, rtol=rtol, atol=200.0 * rtol * scale)


_BANKS: dict[float, ForecastBank] = {}


def _scaled(scale: float) -> ForecastBank:
    if scale not in _BANKS:
        _BANKS[scale] = _fed(_values(scale))
    return _BANKS[scale]


def test_experts_differ_from_each_other(fed: ForecastBank) -> None:
    said = {
        name: tuple(points[0].tolist())
        for family in ALL
        for name, points in zip(family.NAMES, _points(fed, family, [0]), strict=True)
    }
    assert len(set(said.values())) == len(said)


def test_state_is_bounded_and_carries_on_bit_for_bit(fed: ForecastBank) -> None:
    assert sum(array.nbytes for array in fed.arrays.values()) == fed.capacity * row_bytes(fed.layout)
    values, half = _values(), 2200
    first = _fed(values, half)
    second = ForecastBank(48, LEVELS, SPECIAL_DAYS, SHAPED)
    second.unpack(0, SERIES, first.pack(0, SERIES))
    slots = np.arange(SERIES)
    for n in range(half, SAMPLES):
        if n % 97 != 96:
            second.update(slots, np.full(SERIES, FIRST_STEP + n), values[n])
    assert second.pack(0, SERIES) == fed.pack(0, SERIES)
