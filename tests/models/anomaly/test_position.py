"""Position: distance from the centre, and the density of three widths, by hand."""

import numpy as np
import pytest

from models.anomaly import position, scales
from models.layout import Arrays, allocate

SLOT = np.array([0])


def _after(values: list[float]) -> tuple[Arrays, list[position.Position]]:
    state, found = allocate(position.LAYOUT, 1), []
    for n, value in enumerate(values):
        seen, one = np.array([n + 1]), np.array([value])
        at = position.locate(state, SLOT, one, seen)
        position.learn(state, SLOT, one, seen, at)
        found.append(at)
    return state, found


def test_centre_and_deviation_are_means_at_first() -> None:
    # m: 4, then 4 + (8 - 4) / 2 = 6;  d: 0, then 0 + (4 - 0) / 2 = 2
    # third sample 9: e = 3, m = 6 + 3 / 3 = 7, d = 2 + (3 - 2) / 3 = 7/3
    state, found = _after([4.0, 8.0, 9.0])
    assert state["centre"][0] == pytest.approx(7.0)
    assert state["deviation"][0] == pytest.approx(7.0 / 3.0)
    # Z = log2(1 + 3 / 2)
    assert found[2].far[0] == pytest.approx(np.log2(2.5))


def test_rarity_counts_neighbours_in_three_widths() -> None:
    state, _ = _after([0.0])
    histogram = state["placed"][0]
    histogram[:] = 0
    centre = position.PLACES // 2
    # Cells -2..3 around the centre hold 1, 2, 3, 4, 5, 6 samples: 21 in all.
    histogram[centre - 2 : centre + 4] = [1, 2, 3, 4, 5, 6]
    state["placed_total"][0], state["deviation"][0] = 21, 1.0
    # The sample lies in cell 1: L = 1/6 octave, distance 2^(1/6) - 1.
    at = position.locate(state, SLOT, np.array([2.0 ** (1 / 6) - 1.0]), np.array([22]))
    assert at.place[0] == centre + 1
    # Two cells: floor((1 + 1) / 2) = 1, from 2 - 1 = 1: cells 1, 2: 4 + 5 = 9.
    # Three cells: floor((1 + 1) / 3) = 0, from 0 - 1: cells -1, 0, 1: 2 + 3 + 4 = 9.
    # Four cells: floor((1 + 2) / 4) = 0, from 0 - 2: cells -2..1: 1 + 2 + 3 + 4 = 10.
    expected = -np.log10(np.array([9.5, 9.5, 10.5]) / 26.0).mean()
    assert at.rare[0] == pytest.approx(expected)


def test_a_place_never_seen_is_rarer_than_any_other() -> None:
    _, found = _after([*np.random.default_rng(0).normal(size=500).tolist(), 40.0])
    assert found[-1].rare[0] > max(at.rare[0] for at in found[100:-1])


def test_an_outlier_teaches_no_more_than_five_deviations() -> None:
    state, _ = _after([*([1.0, -1.0] * 100), 1e9])
    # g (|e'| - d), e' = 5 d: the deviation grows by 4 d / 201.
    assert state["deviation"][0] < 1.05


def test_a_full_histogram_is_halved() -> None:
    state, _ = _after([1.0, 1.0])
    centre = position.PLACES // 2
    state["placed"][0, centre] = position.COUNT_MAX - 1
    state["placed"][0, centre + 5] = 9
    at = position.locate(state, SLOT, np.array([1.0]), np.array([3]))
    position.learn(state, SLOT, np.array([1.0]), np.array([3]), at)
    assert state["placed"][0, [centre, centre + 5]].tolist() == [position.COUNT_MAX // 2, 4]
    assert state["placed_total"][0] == position.COUNT_MAX // 2 + 4


def test_what_lies_beyond_the_last_cell_is_in_it() -> None:
    assert scales.cell(np.array([0.0, 0.08, 0.09, 1e3])).tolist() == [0, 0, 1, scales.CELL_MAX]
