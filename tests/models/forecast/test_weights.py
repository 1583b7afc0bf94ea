"""Weights by hand: the fleet's ratios, a series' own record, and what anchors lend each other."""

import numpy as np

from models.arrays import Floats
from models.forecast.weights import BORROWED, PRIOR_ORIGINS, expert_weights


def _weights(loss_sum: Floats, loss_count: Floats, loss_ratio: list[float]) -> Floats:
    """Of one series, [anchors, experts]."""
    weights = expert_weights(loss_sum[None], loss_count[None], np.array(loss_ratio))
    return np.array([weight[0] for weight in weights]).T


def _powers(losses: Floats) -> Floats:
    raw = (losses.min(axis=-1, keepdims=True) / losses) ** 12
    return np.asarray(raw / raw.sum(axis=-1, keepdims=True))


def test_nothing_scored_is_the_fleets_experience() -> None:
    weights = _weights(np.zeros((2, 3)), np.zeros(2), [1.0, 0.5, 0.8])
    np.testing.assert_allclose(weights, [_powers(np.array([1.0, 0.5, 0.8]))] * 2, rtol=1e-12)


def test_losses_are_shrunk_to_the_fleets_ratios() -> None:
    # Ten origins, mean losses 2, 1 and 3, whose mean is 2; three origins of the ratios in units of that mean.
    # (10 x 2 + 3 x 0.5 x 2) / 13 and so on
    ratios = [0.5, 2.0, 1.0]
    expected = (np.array([20.0, 10.0, 30.0]) + PRIOR_ORIGINS * np.array(ratios) * 2.0) / (10.0 + PRIOR_ORIGINS)
    weights = _weights(np.array([[20.0, 10.0, 30.0]]), np.array([10.0]), ratios)
    np.testing.assert_allclose(weights[0], _powers(expected), rtol=1e-12)


def test_a_long_record_outweighs_the_fleet() -> None:
    few = _weights(np.array([[2.0, 1.0]]), np.array([1.0]), [0.5, 1.0])
    many = _weights(np.array([[120.0, 60.0]]), np.array([60.0]), [0.5, 1.0])
    assert few[0, 0] > few[0, 1]
    assert many[0, 1] > 0.99


def test_anchors_borrow_from_those_beside_them() -> None:
    # The last anchor has half an origin, all of it borrowed.
    sums = np.array([[4.0, 8.0], [6.0, 6.0], [3.0, 1.0], [0.0, 0.0]])
    count = np.array([2.0, 4.0, 1.0, 0.0])
    borrowed = np.array([sums[a] + BORROWED * sum(sums[b] for b in (a - 1, a + 1) if 0 <= b < 4) for a in range(4)])
    counts = [count[a] + BORROWED * sum(count[b] for b in (a - 1, a + 1) if 0 <= b < 4) for a in range(4)]
    mean = borrowed.sum(axis=1) / (2.0 * np.array(counts))
    weights = _weights(sums, count, [1.0, 0.7])
    np.testing.assert_allclose(weights, _powers(borrowed + PRIOR_ORIGINS * mean[:, None] * [1.0, 0.7]), rtol=1e-12)
    # The last anchor was never scored, and follows the one beside it all the same.
    assert weights[3, 1] > weights[0, 1]


def test_faultless_experts_share_whatever_the_fleet_says() -> None:
    assert _weights(np.zeros((1, 4)), np.array([5.0]), [1.0, 0.5, 0.8, 2.0]).tolist() == [[0.25] * 4]


def test_weights_sum_to_one_for_losses_of_any_size() -> None:
    rng = np.random.default_rng(0)
    for scale in (1e-300, 1e-12, 1.0, 1e15, 1e30):
        weights = _weights(
            scale * rng.uniform(0.0, 1.0, (12, 18)), np.full(12, 3.0), rng.uniform(0.5, 1.2, 18).tolist()
        )
        assert np.isfinite(weights).all()
        np.testing.assert_allclose(weights.sum(axis=1), 1.0, rtol=1e-12)


def test_an_expert_that_is_far_off_has_no_say() -> None:
    assert _weights(np.array([[1.0, 1e9]]), np.array([50.0]), [1.0, 1.0])[0, 1] < 1e-7
