"""Loss ratios by hand."""

import numpy as np
import pytest

from models.fit.ratios import loss_ratios, pooled_ratios

NAMES = ("a", "b")


def test_the_geometric_mean_over_series_and_anchors() -> None:
    """Ratios to the mean are (0.5, 1.5) and (1, 1); their geometric means sqrt(0.5) and sqrt(1.5)."""
    loss_sum = np.array([[[1.0, 3.0]], [[50.0, 50.0]]])
    ratios = loss_ratios(loss_sum, np.full((2, 1), 9.0), NAMES)
    assert ratios == {"a": pytest.approx(0.5**0.5), "b": pytest.approx(1.5**0.5)}


def test_young_records_and_those_without_errors_do_not_count() -> None:
    loss_sum = np.array([[[1.0, 3.0], [9.0, 1.0]], [[0.0, 0.0], [0.0, 0.0]]])
    assert loss_ratios(loss_sum, np.array([[5.0, 4.9], [9.0, 9.0]]), NAMES) == {"a": 0.5, "b": 1.5}
    assert loss_ratios(loss_sum, np.zeros((2, 2)), NAMES) == {}


def test_an_expert_that_was_always_right_is_not_trusted_without_bounds() -> None:
    assert loss_ratios(np.array([[[0.0, 3.0]]]), np.array([[9.0]]), NAMES)["a"] == pytest.approx(0.05)


def test_fleets_are_pooled_by_their_geometric_mean() -> None:
    assert pooled_ratios([{"a": 0.5}, {}, {"a": 2.0}]) == {"a": 1.0}
    assert pooled_ratios([{}]) == {}
