"""Scores of entities: common mode, sums, and their own past."""

import numpy as np
import pytest

from models.incidents.scores import (
    COMMON_MIN,
    GAIN,
    LAYOUT,
    YOUNG_MINUTES,
    Cells,
    beyond_common,
    last_of_each,
    learn,
    level,
    scores,
    standardised,
)
from models.layout import allocate


def cells(*rows: tuple[int, int, float]) -> Cells:
    entity, metric, levels = zip(*sorted(rows), strict=True)
    return Cells(np.array(entity), np.array(metric), np.array(levels), np.array(levels))


def test_levels_are_doublings_whatever_the_direction() -> None:
    assert level(np.array([0.0, 1.0, -3.0, 1023.0])).tolist() == [0.0, 1.0, 2.0, 10.0]


def test_what_all_share_is_taken_off_and_nothing_falls_below_zero() -> None:
    """Median of 1, 2, 4, 9 is 3."""
    excess = beyond_common(cells((0, 0, 1.0), (1, 0, 2.0), (2, 0, 4.0), (3, 0, 9.0)))
    assert excess.tolist() == [0.0, 0.0, 1.0, 6.0]


def test_few_entities_have_nothing_in_common() -> None:
    rows = [(entity, 0, 5.0) for entity in range(COMMON_MIN - 1)]
    assert beyond_common(cells(*rows)).tolist() == [5.0] * (COMMON_MIN - 1)
    assert beyond_common(cells(*rows, (9, 0, 5.0))).tolist() == [0.0] * COMMON_MIN


def test_what_is_common_is_so_by_metric() -> None:
    rows = [(entity, metric, 2.0 * metric) for entity in range(5) for metric in range(2)]
    assert beyond_common(cells(*rows)).tolist() == [0.0] * 10


def test_a_score_is_the_weighted_sum_over_metrics() -> None:
    made = scores(cells((3, 0, 2.0), (3, 1, 4.0), (8, 1, 1.0)), np.array([1.0, 0.5]))
    assert (made.entity.tolist(), made.score.tolist(), made.lasting.tolist()) == ([3, 8], [4.0, 0.5], [4.0, 0.5])


def test_what_does_not_last_is_taken_off_what_is_beyond_the_common_and_nothing_else() -> None:
    """Median of 1, 2, 4, 9 is 3; of the 9 only 5 lasts, of the 4 only 2; what is common stays that of the levels."""
    seen = cells((0, 0, 1.0), (1, 0, 2.0), (2, 0, 4.0), (3, 0, 9.0))
    made = scores(seen._replace(lasting=np.array([1.0, 2.0, 2.0, 5.0])), np.array([1.0]))
    assert made.score.tolist() == [0.0, 0.0, 1.0, 6.0]
    assert made.lasting.tolist() == [0.0, 0.0, 0.0, 2.0]


def test_mean_and_variance_by_hand() -> None:
    """First score 2, mean 0, variance 1, gain 1/2: mean 1, variance 1/2 (1 + 1/2 4) = 1.5."""
    arrays, slot = allocate(LAYOUT, 1), np.array([0])
    learn(arrays, slot, np.array([2.0]))
    assert (arrays["mean"][0], arrays["variance"][0]) == (1.0, 1.5)


def test_an_entity_judges_nothing_while_it_is_young_and_then_in_its_own_deviations() -> None:
    arrays, slot = allocate(LAYOUT, 1), np.array([0])
    for minute in range(400):
        assert np.isneginf(standardised(arrays, slot, np.array([50.0]))[0]) == (minute < YOUNG_MINUTES)
        learn(arrays, slot, np.array([4.0 + 3.0 * (-1.0) ** minute]))
    assert standardised(arrays, slot, np.array([10.0]))[0] == pytest.approx(2.0, abs=0.1)


def test_an_incident_moves_what_is_usual_by_three_deviations_at_most() -> None:
    arrays, slot = allocate(LAYOUT, 1), np.array([0])
    for _ in range(400):
        learn(arrays, slot, np.array([1.0]))
    learn(arrays, slot, np.array([1e9]))
    assert arrays["mean"][0] == pytest.approx(1.0 + GAIN * 3.0, abs=0.01)


def test_entities_do_not_see_each_other() -> None:
    rng = np.random.default_rng(1)
    score = rng.exponential(2.0, (50, 6))
    together, alone = allocate(LAYOUT, 6), allocate(LAYOUT, 6)
    for row in score:
        learn(together, np.arange(6), row)
    for slot in range(6):
        for row in score:
            learn(alone, np.array([slot]), row[[slot]])
    assert all((together[field.name] == alone[field.name]).all() for field in LAYOUT)


@pytest.mark.parametrize(
    ("key", "levels", "places"),
    [
        ([2, 0, 1], [5, 5, 5], [1, 2, 0]),
        ([1, 1, 0, 1], [3, 9, 1, 4], [2, 1]),
        ([1, 1, 1], [7, 7, 2], [1]),
        ([], [], []),
    ],
)
def test_the_largest_of_each_key_is_found(key: list[int], levels: list[int], places: list[int]) -> None:
    assert last_of_each(np.array(key, np.int64), np.array(levels, np.int64)).tolist() == places
