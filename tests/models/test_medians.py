"""Row medians against numpy's."""

import numpy as np

from models.medians import row_medians


def test_medians_are_those_of_the_present_values() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(500, 9))
    rows[rng.random(rows.shape) < 0.3] = np.nan
    rows[:, 0] = 1.0
    np.testing.assert_array_equal(row_medians(rows), np.nanmedian(rows, axis=1))


def test_a_row_with_nothing_has_no_median() -> None:
    assert np.isnan(row_medians(np.full((1, 4), np.nan))).all()


def test_medians_of_what_is_present_and_of_enough() -> None:
    rows = np.array([[3.0, 1.0, 2.0], [4.0, np.nan, 1.0], [np.nan, 7.0, np.nan], [np.nan] * 3], np.float32)
    np.testing.assert_array_equal(row_medians(rows), [2.0, 2.5, 7.0, np.nan])
    np.testing.assert_array_equal(row_medians(rows, 2), [2.0, 2.5, np.nan, np.nan])
    assert row_medians(rows.reshape(2, 2, 3)).shape == (2, 2)
