"""An order that is merged is the order that sorting gives."""

from math import inf

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streams.serve.board.ranking import Ranking, tie_of

SLOTS = 40
CHANGES = st.lists(
    st.lists(st.tuples(st.integers(0, SLOTS - 1), st.sampled_from([-1.0, -0.5, 0.0, inf, None])), max_size=30)
)


@given(CHANGES)
def test_merging_is_sorting(rounds: list[list[tuple[int, float | None]]]) -> None:
    rank = np.full(SLOTS, np.nan)
    tie = np.array([tie_of(b"key %d" % slot) for slot in range(SLOTS)])
    ranking = Ranking()
    for changes in rounds:
        for slot, value in changes:
            rank[slot] = np.nan if value is None else value
            ranking.note(slot)
        places, slots = ranking.order(rank, tie)
        live = np.flatnonzero(~np.isnan(rank))
        assert slots.tolist() == sorted(live.tolist(), key=lambda slot: (rank[slot], tie[slot]))
        assert [(one.real, one.imag) for one in places.tolist()] == [(rank[slot], tie[slot]) for slot in slots.tolist()]


def test_ties_are_the_same_everywhere() -> None:
    assert tie_of(b"capacity|cpu|disk") == tie_of(b"capacity|cpu|disk") == 164_344_764_201_701.0
