"""Paths of a forecast past a threshold: by hand, and beside a plain loop."""

from math import exp, log, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.forecast import paths

DECILES = np.arange(1, 10) / 10


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (5.0, 0.5),
        (5.5, 0.45),
        (1.0, 0.9),
        (9.0, 0.1),
        # 4 from the median at a tenth: b = 4 / ln 5
        (13.0, 0.1 * exp(-log(5.0))),
        (-3.0, 1 - 0.1 * exp(-log(5.0))),
        (nan, nan),
    ],
)
def test_a_threshold_lies_between_quantiles_or_in_a_tail(threshold: float, expected: float) -> None:
    quantiles = np.arange(1.0, 10.0).reshape(1, 1, 9)
    assert paths.above(quantiles, DECILES, np.array([threshold])) == pytest.approx(np.array([[expected]]), nan_ok=True)
    assert paths.below(-quantiles[..., ::-1], DECILES, np.array([-threshold])) == pytest.approx(
        np.array([[expected]]), nan_ok=True
    )


@pytest.mark.parametrize(("threshold", "above", "below"), [(7.0, 0.0, 0.0), (6.9, 1.0, 0.0), (7.1, 0.0, 1.0)])
def test_a_constant_is_on_one_side_for_sure(threshold: float, above: float, below: float) -> None:
    quantiles = np.full((1, 1, 9), 7.0)
    assert paths.above(quantiles, DECILES, np.array([threshold])) == np.array([[above]])
    assert paths.below(quantiles, DECILES, np.array([threshold])) == np.array([[below]])


def test_a_median_alone_decides() -> None:
    quantiles, level = np.full((1, 1, 1), 7.0), np.array([0.5])
    assert paths.above(quantiles, level, np.array([6.0])) == np.array([[1.0]])
    assert paths.above(quantiles, level, np.array([8.0])) == np.array([[0.0]])


@given(
    row=st.lists(st.floats(-1e300, 1e300), min_size=9, max_size=9),
    thresholds=st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=5),
)
def test_a_probability_falls_with_its_threshold(row: list[float], thresholds: list[float]) -> None:
    quantiles = np.broadcast_to(np.sort(row), (len(thresholds), 1, 9))
    p = paths.above(quantiles, DECILES, np.sort(thresholds))[:, 0]
    assert ((p >= 0) & (p <= 1)).all()
    assert (np.diff(p) <= 1e-12).all()


def test_steps_between_anchors_are_read_between_them() -> None:
    steps = paths.each_step(np.array([[0.1, 0.3, 0.9]]), np.array([1, 3, 6]), 7)
    assert steps[0] == pytest.approx([0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.9])


@pytest.mark.parametrize(
    ("past", "steps", "so_far", "expected"),
    [
        ([0.2, 0.5, 0.4], 1, 0, [0.2, 0.5, 0.5]),
        ([0.2, 0.5, 0.4], 2, 0, [0.0, 0.2, 0.4]),
        # The row of two that is past it now ends with the first step.
        ([0.2, 0.5, 0.4], 2, 1, [0.2, 0.2, 0.4]),
        ([0.2, 0.5, 0.4], 3, 0, [0.0, 0.0, 0.2]),
        ([0.2, 0.5, 0.4], 3, 1, [0.0, 0.2, 0.2]),
        ([0.2, 0.5, 0.4], 9, 5, [0.0, 0.0, 0.0]),
        ([0.2, 0.5, 0.4], 9, 7, [0.0, 0.2, 0.2]),
    ],
)
def test_steps_in_a_row(past: list[float], steps: int, so_far: int, expected: list[float]) -> None:
    assert paths.in_a_row(np.array([past]), steps, np.array([so_far]))[0].tolist() == expected


@given(
    past=st.lists(st.floats(0, 1), min_size=1, max_size=12),
    steps=st.integers(1, 20),
    so_far=st.integers(0, 20),
)
def test_steps_in_a_row_are_those_of_a_plain_loop(past: list[float], steps: int, so_far: int) -> None:
    expected, best = [], 0.0
    for end in range(1, len(past) + 1):
        if min(end, steps) + (so_far if end < steps else 0) >= steps:
            best = max(best, min(past[max(end - steps, 0) : end]))
        expected.append(best)
    assert paths.in_a_row(np.array([past]), steps, np.array([so_far]))[0].tolist() == expected


def test_within_says_nothing_of_what_is_out_of_reach() -> None:
    quantiles = np.arange(9.0) + np.array([0.0, 2.0, 4.0])[:, None]
    said = paths.within(
        quantiles[None], DECILES, np.array([1, 2, 4]), np.array([8.0]), 1, 1, np.array([0]), (0, 1, 4, 5)
    )
    assert said[0] == pytest.approx([nan, 0.1, 0.5, nan], nan_ok=True)


def test_within_looks_below_too() -> None:
    quantiles = -(np.arange(9.0)[::-1] + np.array([0.0, 2.0, 4.0])[:, None])
    said = paths.within(quantiles[None], DECILES, np.array([1, 2, 4]), np.array([-8.0]), -1, 2, np.array([1]), (1, 4))
    assert said[0] == pytest.approx([0.1, 0.4])
