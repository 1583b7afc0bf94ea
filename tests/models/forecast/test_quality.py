"""What became of forecasts: their loss, that of seasonal naive, and how many targets lay within the outer deciles."""

import numpy as np
import pytest

from models.arrays import Floats
from models.forecast.bank import ForecastBank
from models.forecast.quality import Quality
from models.forecast.weights import DISCOUNT
from tests.models.forecast.feeding import FIRST_STEP, HOUR_MS, LEVELS, one_series

SLOT = np.array([0])


def quality_of(bank: ForecastBank) -> Quality:
    """That of slot 0."""
    return Quality(*[field[0] for field in bank.quality(SLOT)])


def test_nothing_is_known_before_the_first_target() -> None:
    bank, _ = one_series([1.0, 2.0], horizon=4)
    quality = quality_of(bank)
    assert quality.origins.tolist() == [0.0] * len(bank.horizons.anchors)
    for unknown in quality[1:]:
        assert np.isnan(unknown).all()


NOISE = 10.0 + np.random.default_rng(0).normal(size=60)
RARE = (np.arange(60) % 7 == 3).astype(np.float64)
"""Mostly zero, and so is the lowest decile: what is met exactly is covered."""


@pytest.mark.parametrize(("values", "levels"), [(NOISE, LEVELS), (NOISE, np.array([0.5])), (RARE, LEVELS)])
def test_loss_and_coverage_are_those_of_the_forecasts_whatever_levels_are_published(
    values: Floats, levels: Floats
) -> None:
    """With a horizon of one hour every sample is an origin, and the next one its target."""
    bank, deciles = ForecastBank(1, levels), ForecastBank(1, LEVELS)
    origins = loss = covered = 0.0
    for n, value in enumerate(values):
        if n > 1:  # the first sample opens no origin
            said = deciles.forecast(SLOT, np.array([FIRST_STEP + n - 1]), np.array([1]))[0, 0]
            # 2 max(tau e, (tau - 1) e), mean over the deciles
            losses = [max(t * (value - q), (t - 1.0) * (value - q)) for t, q in zip(LEVELS, said, strict=True)]
            crps = 2.0 * sum(losses) / len(losses)
            origins, loss = DISCOUNT * origins + 1.0, DISCOUNT * loss + crps
            covered = DISCOUNT * covered + (said[0] <= value <= said[-1])
        for each in (bank, deciles):
            if n == 0:
                each.start(SLOT, np.array([HOUR_MS]), np.array([FIRST_STEP]), np.array([value]))
            each.update(SLOT, np.array([FIRST_STEP + n]), np.array([value]))
    quality = quality_of(bank)
    assert quality.origins[0] == pytest.approx(origins, rel=1e-5)
    assert quality.loss[0] == pytest.approx(loss / origins, rel=1e-5)
    assert quality.coverage_80[0] == pytest.approx(covered / origins, rel=1e-5)
    assert 0.5 < quality.coverage_80[0] < 1.0


@pytest.mark.parametrize("value", [0.0, 3.0, -0.1, 1e12])
def test_a_constant_series_loses_nothing_and_nor_does_seasonal_naive(value: float) -> None:
    bank, _ = one_series(np.full(100, value))
    quality = quality_of(bank)
    assert (quality.origins > 0).all()
    assert quality.loss.tolist() == quality.naive_loss.tolist() == [0.0] * len(quality.loss)
    assert (quality.coverage_80 == 1.0).all()


def test_seasonal_naive_knows_the_day() -> None:
    """Ten at night and nothing by day: whoever repeats the day errs little, whoever repeats the last value by ten."""
    hours = np.arange(24 * 21)
    bank, _ = one_series(10.0 * (hours % 24 < 8) + np.random.default_rng(0).normal(0.0, 0.1, len(hours)))
    quality = quality_of(bank)
    assert (quality.naive_loss > 0).all()
    assert (quality.naive_loss < 1.0).all()


def test_losses_are_in_the_unit_of_the_series() -> None:
    values = np.random.default_rng(0).normal(size=300)
    quality, scaled = (quality_of(one_series(factor * values)[0]) for factor in (1.0, 1024.0))
    np.testing.assert_array_equal(scaled.loss, 1024.0 * quality.loss)
    np.testing.assert_array_equal(scaled.naive_loss, 1024.0 * quality.naive_loss)
    np.testing.assert_array_equal(scaled.coverage_80, quality.coverage_80)


def test_missing_targets_are_not_scored() -> None:
    values = np.random.default_rng(0).normal(size=100)
    values[1::2] = np.nan  # every other hour
    bank, _ = one_series(values, horizon=8)
    quality = quality_of(bank)
    scored = dict(zip(bank.horizons.anchors.tolist(), quality.origins.tolist(), strict=True))
    assert (scored[1], scored[2] > 10) == (0.0, True)
    assert np.isnan(quality.loss[0])
