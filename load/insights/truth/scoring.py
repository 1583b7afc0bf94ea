"""Probabilities against what came."""

import numpy as np

from load.backtest.columns import Columns, by_series
from models.arrays import Flags, Floats, Ints


def brier(probability: Floats, came: Flags) -> float:
    """Mean squared error of probabilities."""
    return float(np.mean((probability - came) ** 2))


def base_brier(came: Flags) -> float:
    """That of the plain frequency, known in hindsight."""
    return brier(np.full(len(came), np.mean(came)), came)


def skill_ratio(probability: Floats, came: Flags) -> float:
    """Brier score over that of the plain frequency; NaN where all came out alike."""
    base = base_brier(came)
    return brier(probability, came) / base if base > 0 else float("nan")


def next_of(instants_ms: Ints, at_ms: Ints) -> Floats:
    """How long after each `at_ms` the next of the instants comes, in ms; infinite where none does."""
    ordered = np.append(np.sort(instants_ms).astype(np.float64), np.inf)
    waiting: Floats = ordered[np.searchsorted(ordered, at_ms, side="right")] - at_ms
    return waiting


def by_name(columns: Columns) -> dict[str, Columns]:
    """The rows of each series, in their order."""
    return {name: rows for (name,), rows in by_series(columns).items()}
