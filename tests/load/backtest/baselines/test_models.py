"""Every baseline held to what all of them promise, on small series."""

import numpy as np
import pytest

from load.backtest.baselines.registry import SEASONAL_NAIVE, baseline, names
from load.backtest.courses import Course
from load.backtest.playing import play

SEASON, HORIZON = 8, 6
FORECASTERS = [name for name in names() if name != SEASONAL_NAIVE]
SEASONAL = [name for name in FORECASTERS if name not in {"naive", "oracle"}]


def wave(steps: int, season: int = SEASON) -> np.ndarray:
    rng = np.random.default_rng(3)
    return 100 + 10 * np.sin(2 * np.pi * np.arange(steps) / season) + rng.normal(0, 0.05, steps)


def course(values: np.ndarray, *origins: int) -> Course:
    return Course("s", SEASON, values, origins)


@pytest.mark.parametrize("name", SEASONAL)
def test_a_clear_season_is_foretold(name: str) -> None:
    """HoltWinters has no less an error: it takes the change from a first season's begin to its end for a trend."""
    values = wave(606, 24)
    made = play(name, Course("s", 24, values, (600,)), HORIZON).quantiles[0]
    assert np.abs(made[:, 4] - values[600:]).mean() < (2.5 if name == "holtwinters" else 0.5)
    assert np.abs(values[600:] - 100).mean() > 5


@pytest.mark.parametrize("name", FORECASTERS)
@pytest.mark.parametrize("kind", ["gaps", "constant", "zeros", "short", "tiny"])
def test_every_series_has_an_answer_whose_deciles_ascend(name: str, kind: str) -> None:
    values = {
        "gaps": np.where(np.arange(120) % 7 == 3, np.nan, wave(120)),
        "constant": np.full(120, 5.0),
        "zeros": np.where(np.arange(120) % 40 == 5, 3.0, 0.0),
        "short": wave(20),
        "tiny": np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]),
    }[kind]
    made = play(name, course(values, len(values) - HORIZON), HORIZON).quantiles[0]
    came = ~np.isnan(values[-HORIZON:])
    assert made.shape == (HORIZON, 9)
    assert np.isfinite(made[came]).all()
    assert np.all(np.diff(made[came], axis=1) >= -1e-9)


@pytest.mark.parametrize("name", FORECASTERS)
def test_each_says_who_it_is_and_what_it_needs(name: str) -> None:
    one = baseline(name)
    assert one.name == name
    assert one.title
    assert (one.needs is None) == (name in {"naive", "oracle"})
