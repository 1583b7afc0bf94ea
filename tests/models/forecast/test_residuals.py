"""Windows of errors, and their quantiles by hand."""

import numpy as np
import pytest

from models.forecast.residuals import PRIOR_ERRORS, WINDOW, WindowQuantiles, laplace_quantiles


def test_laplace_quantiles_have_mean_size_one() -> None:
    levels = (np.arange(200_000) + 0.5) / 200_000
    quantiles = laplace_quantiles(levels)
    assert np.abs(quantiles).mean() == pytest.approx(1.0, rel=1e-4)
    np.testing.assert_allclose(quantiles, -quantiles[::-1], atol=1e-9)


@pytest.mark.parametrize("count", [1, 3, WINDOW, 10 * WINDOW])
def test_window_quantiles_by_hand(count: int) -> None:
    levels = np.array([0.1, 0.5, 0.9])
    held = min(count, WINDOW)
    errors = np.zeros((1, WINDOW), np.float32)
    errors[0, :held] = np.random.default_rng(count).normal(size=held)
    ordered, size = np.sort(errors[0, :held]).astype(float), np.abs(errors[0].astype(float)).sum() / held
    places = [min(max(level * (held + 1) - 1, 0.0), held - 1.0) for level in levels.tolist()]
    empirical = np.interp(places, np.arange(held), ordered)
    expected = (held * empirical + PRIOR_ERRORS * size * laplace_quantiles(levels)) / (held + PRIOR_ERRORS)
    np.testing.assert_allclose(WindowQuantiles(levels).read(errors, np.array([count]))[0], expected, rtol=1e-12)


@pytest.mark.parametrize(("levels", "place"), [([0.5], 0), ([0.1, 0.5, 0.9], 1), ([0.05, 0.2, 0.45, 0.95], 2)])
def test_the_median_is_the_level_nearest_to_one_half(levels: list[float], place: int) -> None:
    assert WindowQuantiles(np.array(levels)).median == place
