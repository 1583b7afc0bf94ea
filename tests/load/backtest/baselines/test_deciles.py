"""Deciles of the usual distributions, and naive's."""

from statistics import NormalDist

import numpy as np
import pytest

from load.backtest.baselines.contract import Subject
from load.backtest.baselines.deciles import deciles_by_errors, normal_deciles
from load.backtest.baselines.naive import last_value


def test_normal_deciles() -> None:
    made = normal_deciles(np.array([10.0, 20.0]), np.array([1.0, 0.0]))
    assert made[0] == pytest.approx([NormalDist(10, 1).inv_cdf(tenth / 10) for tenth in range(1, 10)])
    assert made[1].tolist() == [20.0] * 9


def test_half_of_earlier_errors_are_within_the_middle_half() -> None:
    """Errors 0 to 100: a share s of them is at most 100 s, so q_0.1 lies 80 below the point, and q_0.6 20 above it."""
    made = deciles_by_errors(np.array([500.0]), np.arange(101.0)[:, None])
    assert made[0] == pytest.approx([420, 440, 460, 480, 500, 520, 540, 560, 580])


def test_without_earlier_errors_a_point_is_all_there_is() -> None:
    assert deciles_by_errors(np.array([5.0, 6.0]), np.empty((0, 2))).tolist() == [[5.0] * 9, [6.0] * 9]


def test_naive_spreads_as_a_random_walk() -> None:
    # Changes 3 and -4: sigma^2 = (9 + 16) / 2.
    made = last_value(np.array([1.0, 4.0, 0.0]), Subject(1, 4))
    assert made[:, 4].tolist() == [0.0] * 4
    assert made[3, 8] == pytest.approx(np.sqrt(12.5 * 4) * NormalDist().inv_cdf(0.9))
