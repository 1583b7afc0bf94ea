"""Samples of series."""

from pathlib import Path

import numpy as np
import pytest

from load.fit.errors import FitError
from load.fit.sample import sampled
from load.recordings.table import SampleTable
from streams.series import series_name
from tests.load.backtest.helpers import recorded, samples

NAMES = [f'cpu{{host="{place}"}}' for place in range(6)]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Six series of 300 samples, and one of 249."""
    whole, short = samples(NAMES, 300), samples(['young{host="a"}'], 249)
    return recorded(tmp_path / "fleet.parquet", whole, short)


def names(table: SampleTable) -> set[str]:
    return {series_name(key) for key in table.series}


def test_the_seed_says_which_series(recording: Path) -> None:
    first, again, other = (names(sampled(recording, 3, seed).table) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert len(first) == len(other) == 3


def test_all_their_samples_in_order_and_no_others(recording: Path) -> None:
    held = sampled(recording, 2, 1)
    assert held.name == "fleet.parquet"
    assert len(held.table) == 600
    assert np.bincount(held.table.index).tolist() == [300, 300]
    assert (np.diff(held.table.timestamp_ms) >= 0).all()
    assert sum([len(table) for table in held.tables(100)]) == 600
    assert held.span_ms() == (held.table.timestamp_ms[0], held.table.timestamp_ms[-1])


def test_series_with_too_few_samples_are_not_taken(recording: Path) -> None:
    assert names(sampled(recording, 100, 1).table) == set(NAMES)


def test_a_recording_without_enough_samples_is_refused(tmp_path: Path) -> None:
    short = recorded(tmp_path / "short.parquet", samples(NAMES, 249))
    with pytest.raises(FitError, match=r"short.parquet: no series has 250 samples"):
        sampled(short, 3, 1)
