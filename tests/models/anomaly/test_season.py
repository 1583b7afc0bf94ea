"""Season: S from counts, by hand."""

import numpy as np
import pytest

from models.anomaly import season
from models.layout import Arrays, allocate

SLOT = np.array([0])


def _known(counts: dict[int, int]) -> Arrays:
    state = allocate(season.LAYOUT, 1)
    for cell, count in counts.items():
        state["season_counts"][0, cell] = count
    state["season_total"][0], state["season_scale"][0] = sum(counts.values()), 1.0
    season._refresh(state, SLOT)
    return state


def test_within_the_counts_it_is_their_share() -> None:
    # Cell 6 begins at half a sixth below one octave: r = 1 lies in it. Above it are 20 of 100, in it 30.
    state = _known({0: 50, 6: 30, 12: 20})
    _, found = season.locate(state, SLOT, np.array([-1.0]))
    assert found[0] == pytest.approx(-np.log10((20 + 15 + 0.5) / 101))


def test_beyond_the_upper_hundredth_it_is_a_straight_line() -> None:
    # The upper tenth begins in cell 6, which ends half a sixth beyond one octave; the upper hundredth in cell 12.
    state = _known({0: 500, 6: 490, 12: 10})
    tenth, hundredth = 2.0 ** (6.5 / 6) - 1.0, 2.0 ** (12.5 / 6) - 1.0
    _, found = season.locate(state, SLOT, np.array([hundredth + 0.5 * (hundredth - tenth)]))
    assert found[0] == pytest.approx(2.5)
    assert season.locate(state, SLOT, np.array([1e6]))[1][0] == season.SURPRISE_MAX


def test_where_the_season_is_not_known_there_is_no_surprise_and_nothing_to_learn() -> None:
    state = _known({0: 100})
    of_season, found = season.locate(state, SLOT, np.array([np.nan]))
    assert found[0] == 0.0
    before = {name: array.copy() for name, array in state.items()}
    season.learn(state, SLOT, of_season)
    assert all((state[name] == before[name]).all() for name in state)


def test_a_young_season_is_not_judged() -> None:
    state = allocate(season.LAYOUT, 1)
    for n in range(season.LEARNING_SAMPLES + 1):
        of_season, found = season.locate(state, SLOT, np.array([1.0 + n % 5]))
        assert (found[0] > 0) == (n >= season.LEARNING_SAMPLES)
        season.learn(state, SLOT, of_season)


def test_a_full_histogram_is_halved() -> None:
    state = _known({0: season.COUNT_MAX - 1, 7: 11})
    of_season, _ = season.locate(state, SLOT, np.array([0.0]))
    season.learn(state, SLOT, of_season)
    assert state["season_counts"][0, [0, 7]].tolist() == [season.COUNT_MAX // 2, 5]
    assert state["season_total"][0] == season.COUNT_MAX // 2 + 5
