"""What a score is worth, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.failure.calibration import BINS, FleetCounts, bins_of, calibrated

NOTHING = np.zeros(BINS, np.int64)


def _counts(looks: dict[int, int], hits: dict[int, int], maxima: list[float] | None = None) -> FleetCounts:
    counted = [np.array([of_bin.get(place, 0) for place in range(BINS)]) for of_bin in (looks, hits)]
    return FleetCounts(counted[0], counted[1], np.array(maxima or []))


def test_bins_are_half_a_unit_wide() -> None:
    scores = np.array([-3.0, 0.0, 0.01, 0.5, 0.51, 11.0, 11.5, 11.51, 99.0])
    assert bins_of(scores).tolist() == [0, 0, 1, 1, 2, 22, 23, 23, 23]


def test_before_anything_is_counted_the_odds_are_the_prior_s_times_e_to_the_score() -> None:
    prior = calibrated(0.001, None, 0.025)
    assert (prior.is_prior, prior.threshold) == (True, None)
    assert prior.p[0] == pytest.approx(0.001)
    # Bin 4 is of scores from 1.5 to 2: odds 0.001/0.999 x e^1.75 = 0.00576.
    assert prior.p[4] == pytest.approx(0.00576 / 1.00576, rel=1e-3)


def test_a_fleet_without_failures_gives_a_threshold_and_leaves_the_prior() -> None:
    quiet = calibrated(0.001, _counts({0: 1000}, {}, [0.0, 1.0, 2.0, 3.0, 4.0]), 0.25)
    assert quiet.is_prior
    # The highest quarter of five scores lies above the fourth.
    assert quiet.threshold == 3.0
    assert quiet.p[0] == pytest.approx(0.001)


def test_the_intercept_moves_until_as_many_are_expected_as_came() -> None:
    # All looks in bin 0, where 5 % failed: p = (50 + 1) / (1000 + 1/0.05) = 0.05.
    counted = calibrated(0.001, _counts({0: 1000}, {0: 50}), 0.025)
    assert not counted.is_prior
    assert counted.p[0] == pytest.approx(0.05)
    assert counted.base == pytest.approx(0.05)
    # And bins that nobody was in move with it: odds 0.05/0.95 x e^1.75 = 0.303.
    assert counted.p[4] == pytest.approx(0.303 / 1.303, rel=2e-3)


def test_a_bin_that_is_well_known_has_its_own_frequency() -> None:
    counted = calibrated(0.01, _counts({0: 10_000, 8: 2_000}, {0: 10, 8: 1_000}), 0.025)
    assert counted.p[8] == pytest.approx(0.5, rel=0.01)
    assert counted.p[0] == pytest.approx(0.001, rel=0.2)


@given(
    st.lists(st.tuples(st.integers(0, 5_000), st.floats(0.0, 1.0)), min_size=BINS, max_size=BINS), st.floats(1e-6, 0.49)
)
def test_a_higher_score_is_never_less_likely_to_fail(pairs: list[tuple[int, float]], prior: float) -> None:
    looks = np.array([count for count, _ in pairs])
    hits = np.array([int(count * share) for count, share in pairs])
    found = calibrated(prior, FleetCounts(looks, hits, np.empty(0)), 0.1)
    assert (np.diff(found.p) >= -1e-12).all()
    assert ((found.p > 0) & (found.p < 1 + 1e-12)).all()
