"""Periods that are there are found, and none that are not."""

import numpy as np
import pytest

from models.forecast.period import find_period

WIDTH = 128
T = np.arange(WIDTH)
NOISE = np.random.default_rng(0).normal(size=(40, WIDTH))


def _found(rows: object) -> list[int]:
    found: list[int] = find_period(np.atleast_2d(np.asarray(rows)).astype(np.float32)).tolist()
    return found


@pytest.mark.parametrize("period", [2, 3, 5, 7, 13, 29, 42])
def test_spikes(period: int) -> None:
    assert _found(20.0 * (T % period == 0) + NOISE[0]) == [period]


def test_a_wave_of_eleven_steps_and_not_its_multiples() -> None:
    assert _found(3.0 * np.sin(2 * np.pi * T / 11) + 0.3 * NOISE[0]) == [11]


def test_noise_a_constant_a_walk_and_a_trend_have_none() -> None:
    assert _found(NOISE) == [0] * len(NOISE)
    assert _found(np.full(WIDTH, 7.25)) == [0]
    assert _found(0.5 * T) == [0]


def test_missing_steps_do_not_hide_a_period() -> None:
    values = 20.0 * (T % 7 == 0) + NOISE[1]
    values[np.random.default_rng(1).random(WIDTH) < 0.2] = np.nan
    assert _found(values) == [7]


def test_too_few_steps_tell_nothing() -> None:
    values = np.full(WIDTH, np.nan)
    values[-20:] = 20.0 * (T[:20] % 2 == 0)
    assert _found([values, np.full(WIDTH, np.nan)]) == [0, 0]


def test_a_row_is_judged_by_itself() -> None:
    rows = np.concatenate([NOISE, 20.0 * (T % 9 == 0) + NOISE])
    assert _found(rows) == [_found(row)[0] for row in rows]
