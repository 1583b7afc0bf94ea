"""Levels against exponential smoothing written out, from the first sample on."""

import numpy as np
import pytest

from tests.models.forecast.experts.reading import said
from tests.models.forecast.feeding import one_series

VALUES = 40.0 + np.random.default_rng(3).uniform(-2, 2, 200)


@pytest.mark.parametrize(("name", "alpha"), [("level_fast", 0.3), ("level_slow", 0.05)])
def test_levels_begin_as_means_and_go_on_as_exponential_smoothing(name: str, alpha: float) -> None:
    bank, _ = one_series(VALUES)
    level = 0.0
    for count, value in enumerate(VALUES.tolist(), start=1):
        level += max(alpha, 1.0 / count) * (value - level)
    np.testing.assert_allclose(said(bank, name, [1, 7, 30]), [level] * 3, rtol=1e-12)


def test_the_last_value_is_the_sample_as_it_came() -> None:
    bank, _ = one_series([*VALUES, 4000.0])
    assert said(bank, "last", [1, 30]).tolist() == [4000.0, 4000.0]
    assert said(bank, "level_fast", [1])[0] < 50.0  # which takes it for an outlier


def test_a_slow_level_of_fewer_samples_than_its_memory_is_their_mean() -> None:
    bank, _ = one_series([3.0, 5.0, 10.0, 6.0])
    assert said(bank, "level_slow", [1])[0] == pytest.approx(6.0, rel=1e-15)
