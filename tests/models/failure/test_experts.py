"""What the frequency and the forecast's path say together, and how they earn their weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.failure.bank import FailureBank, FailurePrediction
from models.failure.experts import path_weights
from models.failure.tracks import HORIZONS, UNUSED

MINUTE_MS = 60_000
SLOT = np.zeros(1, np.int64)
GOOD, BAD = 0.0, 1.0


class Told:
    """Above 0.5 for a minute is an episode; 15 minutes, an hour and a day ahead, told every five minutes."""

    def __init__(self) -> None:
        self.bank = FailureBank(1)
        self.bank.reset(SLOT, np.array([0.5]), np.array([1]), np.array([MINUTE_MS]), np.array([15 * MINUTE_MS]))
        self.minute = 0

    def see(self, value: float, paths: list[float], *, learned: bool = True) -> FailurePrediction:
        """Five minutes of this value; then the forecast says so much of the three horizons."""
        for _ in range(5):
            now_ms = np.array([self.minute * MINUTE_MS])
            if learned:
                self.bank.update(SLOT, now_ms, np.array([value]), np.array([MINUTE_MS]))
            self.minute += 1
        return self.bank.publish(SLOT, now_ms, np.array([[*paths, np.nan]]), np.array([5 * MINUTE_MS]))


def test_a_path_that_nothing_has_tested_has_no_weight() -> None:
    said = Told().see(GOOD, [0.4, 0.7, np.nan])
    assert said.path_weight[0] == 0.0
    assert said.p_standard[0].tolist() == [0.01] * 3
    assert said.is_prior[0]


def test_it_comes_in_as_it_is_tested() -> None:
    told = Told()
    told.bank.update(SLOT, np.array([0]), np.array([GOOD]), np.array([MINUTE_MS]))
    for settled, prior in ((4, 0.25), (36, 0.45)):
        told.bank.arrays["looks_settled"][0] = settled
        # As good as the frequency so far: prior / (prior + 1)
        shares = path_weights(told.bank.arrays, SLOT, np.full((1, HORIZONS), 0.5), np.array([5 * MINUTE_MS]))
        assert shares[0] == pytest.approx([prior / (prior + 1.0)] * HORIZONS)


def test_without_a_path_the_frequency_speaks_alone() -> None:
    said = Told().see(GOOD, [np.nan] * 3)
    assert np.isnan(said.path_weight[0])
    assert said.p_standard[0].tolist() == [0.01] * 3


def test_a_path_that_is_wrong_loses_its_weight_and_one_that_is_right_gains_it() -> None:
    wrong, right = Told(), Told()
    for n in range(200):
        # It breaks for five minutes each half hour: within 15 minutes of the second to the fourth five of each.
        value, soon = (BAD if n % 6 == 5 else GOOD), float(n % 6 in (2, 3, 4))
        cried, told = wrong.see(value, [1.0 - soon, np.nan, np.nan]), right.see(value, [soon, np.nan, np.nan])
    assert cried.path_weight[0] < 0.01
    assert told.path_weight[0] > 0.9
    assert told.brier[0] < cried.brier[0]
    # 0.98 L + 1 each time: L = 50 after long, and looks of the wrong one are all wrong.
    assert wrong.bank.arrays["path_error"][0, 0] > 40.0
    assert right.bank.arrays["path_error"][0, 0] == 0.0


def test_looks_that_overlap_count_as_two_together() -> None:
    arrays = Told().bank.arrays
    arrays["path_error"][0, :2], arrays["looks_settled"][0] = 1.0, 4
    # Told every five minutes: 3 looks within 15 minutes, 12 within an hour. Every quarter of an hour: 1 and 4.
    for every, before in ((5, [0.4 * 1.5, 0.4 * 6.0]), (15, [0.4, 0.4 * 2.0])):
        shares = path_weights(arrays, SLOT, np.full((1, HORIZONS), 0.5), np.array([every * MINUTE_MS]))
        assert shares[0, :2] == pytest.approx(1 / (1 + 4 * (1 + 1 / np.array(before)) ** 3))


def test_what_a_sample_sets_off_that_was_not_learned_is_not_settled() -> None:
    told = Told()
    told.bank.update(SLOT, np.array([0]), np.array([GOOD]), np.array([MINUTE_MS]))
    told.see(GOOD, [0.5, 0.5, 0.5], learned=False)
    assert told.bank.arrays["note_pending"].sum() == 0
    told.see(GOOD, [0.5, 0.5, 0.5])
    assert told.bank.arrays["note_pending"].tolist() == [[1, 1, 1, 0]]


def test_nothing_is_noted_inside_an_episode() -> None:
    told = Told()
    said = told.see(BAD, [0.0, 0.0, 0.0])
    assert said.p[0] == 1.0
    assert told.bank.arrays["note_pending"].sum() == 0


def test_what_was_decided_before_a_silence_counts_though_it_was_settled_after_it() -> None:
    told, step_ms = Told(), np.array([MINUTE_MS])
    told.see(GOOD, [0.5, 0.5, 0.5])
    # Noted at minute 4; the last sample before the silence, at minute 19, decides the 15 minutes and not the hour.
    for minute in (*range(5, 20), 80):
        told.bank.update(SLOT, np.array([minute * MINUTE_MS]), np.array([GOOD]), step_ms)
    assert told.bank.arrays["looks_settled"][0].tolist() == [1, 0, 0, 0]
    assert told.bank.arrays["note_pending"].sum() == 0


chances = st.one_of(st.just(np.nan), st.floats(0.0, 1.0))


@given(
    st.lists(
        st.tuples(st.floats(-1.0, 2.0), st.lists(chances, min_size=4, max_size=4), st.integers(1, 40), st.booleans()),
        max_size=60,
    ),
    st.sampled_from([1, 12, 15, 60, 90, 3000]),
    st.integers(0, 10),
    st.sampled_from([1, 5, 60]),
)
def test_whatever_comes_it_is_a_probability_that_grows_with_the_horizon(
    seen: list[tuple[float, list[float], int, bool]], within: int, for_minutes: int, every: int
) -> None:
    bank, minute = FailureBank(1), 0
    rule = (np.array([x * MINUTE_MS], np.int64) for x in (for_minutes, within))
    bank.reset(SLOT, np.array([0.5]), np.array([1]), *rule)
    for value, paths, gap, published in seen:
        minute += gap if gap > 30 else 1
        now_ms = np.array([minute * MINUTE_MS])
        bank.update(SLOT, now_ms, np.array([value]), np.array([MINUTE_MS]))
        if not published:
            continue
        said = bank.publish(SLOT, now_ms, np.array([paths]), np.array([every * MINUTE_MS]))
        chances = said.p_standard[0].tolist()
        assert 0.0 <= chances[0] <= chances[1] <= chances[2] <= 1.0
        assert 0.0 <= said.p[0] <= 1.0
        assert np.isnan(said.path_weight[0]) or 0.0 <= said.path_weight[0] <= 1.0
        assert said.bin_looks[0].sum() == said.looks_settled[0]
        assert (said.bin_hits[0] <= said.bin_looks[0]).all()
        assert not bank.arrays["note_pending"][0, HORIZONS - 1] or bank.arrays["within_ms"][0, -1] != UNUSED
