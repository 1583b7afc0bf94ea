"""Rings hold the newest rows, whatever batches they came in."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streams.serve.board.rings import CHUNK_SERIES, Rings

ROW = np.dtype([("n", np.int64)])
SERIES = (0, 1, CHUNK_SERIES - 1, CHUNK_SERIES, 3 * CHUNK_SERIES)
BATCHES = st.lists(st.lists(st.sampled_from(SERIES), max_size=12))


@given(BATCHES, st.integers(1, 5))
def test_the_newest_rows_of_each_series(batches: list[list[int]], width: int) -> None:
    rings, came, count = Rings(width, ROW), {one: list[int]() for one in SERIES}, 0
    for batch in batches:
        rows = np.zeros(len(batch), ROW)
        for place, series in enumerate(batch):
            count += 1
            rows[place]["n"] = count
            came[series].append(count)
        if len(batch) == 1:
            rings.add(batch[0], rows[0])
        else:
            rings.append(np.array(batch, np.int64), rows)
    for series, numbers in came.items():
        assert rings.rows(series)["n"].tolist() == numbers[-width:]


def test_a_cleared_ring_is_empty() -> None:
    rings = Rings(2, ROW)
    rings.append(np.array([7, 7, 7]), np.ones(3, ROW))
    rings.clear(7)
    assert not len(rings.rows(7))
    rings.clear(10**6)
