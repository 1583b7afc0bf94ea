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
