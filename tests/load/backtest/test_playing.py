"""Baselines over a course: what they know when, what they cost, and what becomes of one that fails."""

import numpy as np
import pytest

from load.backtest.baselines import registry
from load.backtest.baselines.contract import Subject
from load.backtest.courses import Course
from load.backtest.playing import play

HORIZON = 3
COURSE = Course("a", 4, np.arange(10.0), (4, 7))


class Spy:
    """A baseline that foretells how many steps it has been told, and fails at the n-th one it is told of."""

    name, title, needs = "spy", "spy", None

    def __init__(self, fails_at: int = 99) -> None:
        self.told: list[list[float]] = []
        self._fails_at = fails_at

    def begin(self, _subject: Subject) -> "Spy":
        return self

    def learn(self, values: np.ndarray) -> None:
        self.told.append(values.tolist())
        if sum(map(len, self.told)) >= self._fails_at:
            raise ZeroDivisionError

    def forecast(self) -> np.ndarray:
        return np.full((HORIZON, 9), float(sum(map(len, self.told))))


def spied(monkeypatch: pytest.MonkeyPatch, spy: Spy) -> Spy:
    monkeypatch.setitem(registry._BASELINES, "spy", spy)
    return spy


def test_at_each_origin_the_past_is_known_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    spy = spied(monkeypatch, Spy())
    played = play("spy", COURSE, HORIZON)
    assert played.quantiles[:, 0, 0].tolist() == [4.0, 7.0]
    assert spy.told == [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]


def test_cost_counts_samples_from_the_first_origin_on(monkeypatch: pytest.MonkeyPatch) -> None:
    spied(monkeypatch, Spy())
    gap = Course("a", 4, np.array([0.0, 1.0, np.nan, 3.0, 4.0, np.nan, 6.0]), (4, 6))
    assert play("spy", gap, HORIZON).samples == 2


def test_one_that_fails_has_no_answer_from_there_on(monkeypatch: pytest.MonkeyPatch) -> None:
    spied(monkeypatch, Spy(fails_at=7))
    quantiles = play("spy", COURSE, HORIZON).quantiles
    assert quantiles[0].tolist() == np.full((HORIZON, 9), 4.0).tolist()
    assert np.isnan(quantiles[1]).all()


def test_before_the_first_sample_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    spied(monkeypatch, Spy())
    quantiles = play("spy", Course("a", 4, np.arange(5.0), (0, 2)), HORIZON).quantiles
    assert np.isnan(quantiles[0]).all()
    assert np.isfinite(quantiles[1]).all()


def test_the_oracle_says_what_comes() -> None:
    quantiles = play("oracle", COURSE, HORIZON).quantiles
    assert quantiles[0, :, 4].tolist() == [4.0, 5.0, 6.0]
    assert quantiles[1, :, 0].tolist() == quantiles[1, :, 8].tolist() == [7.0, 8.0, 9.0]
    at_the_end = play("oracle", Course("a", 4, np.arange(5.0), (4,)), HORIZON).quantiles
    assert at_the_end[0, :, 4] == pytest.approx([4.0, np.nan, np.nan], nan_ok=True)
