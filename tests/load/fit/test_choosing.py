"""Which of the likeliest gains are taken."""

from collections import Counter

import numpy as np
import pytest
from rich.console import Console

from load.backtest.choices import Choices, backtest_settings, default_settings
from load.fit.choosing import GROUPS, chosen_gains, is_better, pooled_loss
from load.fit.held_out import Trial
from load.fit.sample import Held
from load.fit.share import Share
from load.recordings.table import matrix_table
from models.arrays import Floats
from models.fit.gains import FleetFit
from models.forecast.params import DEFAULTS, Gains
from streams.series import parse_series
from tests.load.backtest.helpers import MINUTE_MS, START_MS

SETTINGS = backtest_settings(default_settings(), Choices(horizon=6))
QUIET = Console(quiet=True)


def share(values: Floats) -> Share:
    times = START_MS + MINUTE_MS * np.arange(len(values))
    series = [parse_series(f'cpu{{host="{place}"}}') for place in range(values.shape[1])]
    return Share.of(Held("fleet", matrix_table(series, times, values)), SETTINGS)


def likeliest(**gains: float) -> FleetFit:
    return FleetFit(DEFAULTS.gains._replace(**gains), dict.fromkeys(gains, 9), Counter(), 0)


def slopes(seed: int) -> Floats:
    """Slopes that wander and fade, b = 0.9 b + e: the gains of the fast trend are about 1."""
    slope, values = np.zeros(8), np.zeros((400, 8))
    for errors, value in zip(np.random.default_rng(seed).normal(size=(400, 8)), values, strict=True):
        slope = 0.9 * slope + errors
        value += slope
    return 1_000 + np.cumsum(values, axis=0)


RIGHT = {"trend_fast_level": 1.0, "trend_fast": 0.9}


def test_a_group_is_taken_where_it_pays_and_else_left() -> None:
    found = likeliest(**RIGHT, trend_slow_level=1.0, short_profile=0.3)
    chosen = chosen_gains([share(slopes(5))], SETTINGS, found, QUIET)
    assert chosen == DEFAULTS.gains._replace(**RIGHT, trend_slow_level=1.0)


def test_what_is_held_out_has_no_part_in_the_choice() -> None:
    values = slopes(5)
    values[330:] = np.random.default_rng(6).normal(0, 1e6, (70, 8))
    assert chosen_gains([share(values)], SETTINGS, likeliest(**RIGHT), QUIET).trend_fast == 0.9


def test_every_gain_that_is_fitted_is_in_a_group() -> None:
    grouped = [name for group in GROUPS for name in group]
    assert sorted(grouped) == sorted(set(Gains._fields) - {"level_slow", "short_level", "long_level"})


def test_recordings_count_alike() -> None:
    """Halved in one and doubled in the other: 1. One without errors tells nothing."""
    ours, theirs = (
        [Trial(None, None, {"a": loss}) for loss in losses] for losses in ((2.0, 1.0, 0.0), (1.0, 2.0, 5.0))
    )
    assert pooled_loss(ours, theirs) == pytest.approx(1.0)
    assert pooled_loss(ours[2:], theirs[2:]) is None


@pytest.mark.parametrize(
    ("relative", "young", "better"),
    [
        (0.99, None, True),
        (1.0, None, False),
        (None, None, False),
        (0.99, 1.2, True),
        (1.005, 0.9, True),
        (1.005, 0.995, False),
        (1.02, 0.5, False),
        (None, 0.5, False),
    ],
)
def test_what_is_better(relative: float | None, young: float | None, better: bool) -> None:
    assert is_better(relative, young) == better
