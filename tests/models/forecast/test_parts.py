"""Cycles, horizons, windows of errors, and weights, each by hand."""

import numpy as np
import pytest

from models.forecast.cycles import DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS, YEAR_MS, long_cycle, place, short_cycle
from models.forecast.experts import EXPERTS, PRIOR_WEIGHTS
from models.forecast.horizons import ANCHORS_MAX, HORIZON_MAX, Horizons
from models.forecast.origins import combine
from models.forecast.residuals import PRIOR_ERRORS, WINDOW, WindowQuantiles, laplace_quantiles
from models.forecast.weights import expert_weights


@pytest.mark.parametrize(
    ("step_ms", "short", "long"),
    [
        (10_000, (HOUR_MS, 360), (DAY_MS, 168)),
        (MINUTE_MS, (DAY_MS, 360), (WEEK_MS, 168)),
        (5 * MINUTE_MS, (DAY_MS, 288), (WEEK_MS, 168)),
        (HOUR_MS, (DAY_MS, 24), (WEEK_MS, 168)),
        (6 * HOUR_MS, (DAY_MS, 4), (WEEK_MS, 28)),
        (DAY_MS, (WEEK_MS, 7), (0, 1)),
        (WEEK_MS, (YEAR_MS, 52), (0, 1)),
    ],
)
def test_cycles_follow_from_the_step(step_ms: int, short: tuple[int, int], long: tuple[int, int]) -> None:
    step = np.array([step_ms])
    assert tuple(a.item() for a in short_cycle(step)) == short
    assert tuple(a.item() for a in long_cycle(step)) == long


@pytest.mark.parametrize("step_ms", [10_000, 4 * MINUTE_MS, 5 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS, WEEK_MS])
def test_a_step_with_a_bin_of_its_own_is_read_from_it(step_ms: int) -> None:
    bins = short_cycle(np.array([step_ms])).bins.item()
    step, time_ms = np.full(2 * bins, step_ms), np.arange(2 * bins) * step_ms
    at = place(short_cycle(step), step, time_ms)
    assert at.bin.tolist() == at.left.tolist() == at.right.tolist() == [*range(bins), *range(bins)]
    assert not at.share.any()


def test_a_step_within_a_bin_is_read_between_the_centres() -> None:
    # Four-minute bins of one-minute steps: the middle of minute 0 is 1.5 minutes before the centre of its bin.
    step = np.full(4, MINUTE_MS)
    at = place(short_cycle(step), step, np.arange(4) * MINUTE_MS)
    assert at.bin.tolist() == [0] * 4
    assert at.left.tolist() == [359, 359, 0, 0]
    assert at.right.tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(at.share, [0.625, 0.875, 0.125, 0.375])


@pytest.mark.parametrize("steps", [1, 2, 11, 12, 13, 48, 288, HORIZON_MAX])
def test_anchors_reach_from_one_to_the_horizon(steps: int) -> None:
    horizons = Horizons(steps)
    anchors = horizons.anchors.tolist()
    assert anchors[0] == 1
    assert anchors[-1] == steps
    assert len(anchors) == len(set(anchors)) <= ANCHORS_MAX
    assert horizons.anchor_of[anchors].tolist() == list(range(len(anchors)))
    assert np.count_nonzero(horizons.anchor_of >= 0) == len(anchors)


def test_horizons_lie_between_anchors_in_proportion() -> None:
    horizons = Horizons(48)
    ahead = np.arange(1, 60)
    at = horizons.between(ahead)
    read = (1 - at.share) * horizons.anchors[at.left] + at.share * horizons.anchors[at.right]
    np.testing.assert_allclose(read, np.minimum(ahead, 48))


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


def test_weights_are_the_twelfth_power_of_the_relative_skill() -> None:
    loss = np.array([[2.0, 1.0, 4.0, 2.0, 1.0, 1e9]])
    weights = np.array([w[0] for w in expert_weights(loss, np.array([1.0]))])
    raw = np.array([2.0**-12, 1.0, 4.0**-12, 2.0**-12, 1.0, 0.0])
    np.testing.assert_allclose(weights, raw / raw.sum(), atol=1e-30)


def test_unscored_experts_have_the_prior_weights_and_faultless_ones_share() -> None:
    nothing = np.zeros((1, EXPERTS))
    assert [w[0] for w in expert_weights(nothing, np.array([0.0]))] == list(PRIOR_WEIGHTS)
    assert [w[0] for w in expert_weights(nothing, np.array([5.0]))] == [1 / EXPERTS] * EXPERTS


def test_experts_that_agree_are_repeated_to_the_last_bit() -> None:
    weight = [np.array([w]) for w in (0.1, 0.2, 0.3, 0.15, 0.15, 0.1)]
    assert combine([np.array([0.1])] * EXPERTS, weight).tolist() == [0.1]
    mean = combine([np.array([float(e)]) for e in range(EXPERTS)], weight)
    np.testing.assert_allclose(mean, sum(e * w for e, w in enumerate(weight)))
