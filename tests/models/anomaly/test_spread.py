"""Variance: wilder and calmer than the long history, and bursts that are usual."""

import numpy as np

from models.anomaly import spread
from models.arrays import Floats
from models.layout import allocate


def _changes(errors: Floats, threshold: float = 0.95) -> tuple[list[int], list[float]]:
    """Places at which a change is told, and the ratios there."""
    state, found, ratios = allocate(spread.LAYOUT, 1), [], []
    for n, error in enumerate(errors.tolist()):
        said = spread.follow(state, np.array([0]), np.array([error]), np.array([n + 1]), np.array([True]))
        if said.begins[0] and said.strength[0] >= threshold:
            found.append(n)
            ratios.append(float(said.ratio[0]))
    return found, ratios


def _noise(samples: int, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(size=samples)


def test_an_even_noise_changes_nothing() -> None:
    assert _changes(_noise(5000))[0] == []


def test_ten_times_the_noise_is_told_within_minutes() -> None:
    errors = _noise(2000)
    errors[1500:] *= 10.0
    found, ratios = _changes(errors)
    assert 1516 <= found[0] < 1540
    assert ratios[0] > 4.0


def test_a_tenth_of_the_noise_is_told_too() -> None:
    errors = _noise(2000)
    errors[1500:] *= 0.05
    found, ratios = _changes(errors)
    assert 1516 <= found[0] < 1600
    assert ratios[0] < 0.25


def test_single_errors_are_no_change() -> None:
    errors = _noise(5000)
    errors[600::50] = 1e6
    assert _changes(errors)[0] == []


def test_a_burst_that_comes_every_night_is_told_at_most_at_first() -> None:
    errors = _noise(288 * 30)
    night = np.arange(len(errors)) % 288 < 24
    errors[night] *= 8.0
    found, _ = _changes(errors)
    assert all(place < 288 * 10 for place in found)
