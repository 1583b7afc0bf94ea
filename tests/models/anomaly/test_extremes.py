"""Extremes: the Gumbel distribution by hand, and surprisals that mean what they say."""

import numpy as np
import pytest

from models.anomaly import extremes
from models.layout import allocate
from tests.golden.laws import LAWS

LAYOUT = extremes.layout("s", 1.5)


def test_the_height_is_the_tail_of_a_gumbel_distribution() -> None:
    state = allocate(LAYOUT, 1)
    state["s_mean"][:], state["s_variance"][:] = 2.0, np.pi**2 / 6.0
    # v = pi^2 / 6 makes beta 1, and the mode mu - gamma. At the mode exp(-exp(-u)) is 1/e.
    at_mode = extremes.surprisal(state, "s", np.array([0]), np.array([2.0 - extremes.EULER]))
    assert at_mode[0] == pytest.approx(-np.log10(1.0 - np.exp(-1.0)), rel=1e-6)
    # Far out the tail is exp(-u): u / ln 10.
    far = extremes.surprisal(state, "s", np.array([0]), np.array([2.0 - extremes.EULER + 40.0]))
    assert far[0] == pytest.approx(40.0 / np.log(10.0), rel=1e-6)


def test_a_block_teaches_its_maximum_and_no_more_than_three_deviations() -> None:
    state = allocate(LAYOUT, 1)
    slot, length = np.array([0]), extremes.BLOCKS[0]
    for n in range(length):
        extremes.learn(state, "s", slot, np.array([100.0 if n == 7 else 0.3]), np.array([n + 1]))
    # mu = 1.5, v = 0.16, w = 3: a = min(98.5, 3 x 0.4) = 1.2, g = 1/4, mu = 1.8, v = 0.75 (0.16 + 0.25 x 1.44) = 0.39
    assert state["s_mean"][0].tolist() == pytest.approx([1.8, 1.5, 1.5])
    assert state["s_variance"][0].tolist() == pytest.approx([0.39, 0.16, 0.16])
    assert state["s_highest"][0].tolist() == [0.0, 100.0, 100.0]


def test_quiet_blocks_leave_some_variance() -> None:
    """Else a thousand of them would have made the next ordinary sample an extreme one for months."""
    state, slot, last = allocate(LAYOUT, 1), np.array([0]), extremes.BLOCKS[-1]
    for block in range(1000):
        extremes.learn(state, "s", slot, np.array([0.5]), np.array([last * (block + 1)]))
    assert state["s_variance"][0].tolist() == pytest.approx([extremes.VARIANCE_MIN] * 3)
    # A tenth of an octave beyond is strange, and two hundredths are not.
    surprisals = [extremes.surprisal(state, "s", slot, np.array([0.5 + beyond]))[0] for beyond in (0.02, 0.1)]
    assert surprisals[0] < 0.7 < 0.9 < surprisals[1] < 1.5


def test_an_ordinary_series_exceeds_a_surprisal_as_often_as_it_says() -> None:
    # 64 series of 40 blocks each; the first half teaches. Of the others, 10^-1 hold a sample of surprisal 1 or more.
    rng = np.random.default_rng(3)
    slots, samples = np.arange(64), 40 * extremes.BLOCK
    state, over = allocate(LAYOUT, 64), np.zeros((64, 40), np.bool_)
    for n in range(samples):
        strangeness = rng.exponential(0.2, 64)
        if n >= samples // 2:
            over[:, n // extremes.BLOCK] |= extremes.surprisal(state, "s", slots, strangeness) >= 1.0
        extremes.learn(state, "s", slots, strangeness, np.full(64, n + 1))
    assert over[:, 20:].mean() == pytest.approx(0.1, abs=0.04)


@pytest.mark.parametrize("case", LAWS["surprisals"])
def test_surprisals_are_scipy_s(case: dict[str, float]) -> None:
    state = allocate(LAYOUT, 1)
    state["s_mean"][:], state["s_variance"][:] = case["mean"], case["variance"]
    surprisal = extremes.surprisal(state, "s", np.array([0]), np.array([case["score"]]))
    # State of single precision.
    assert surprisal[0] == pytest.approx(case["surprisal"], rel=3e-5, abs=1e-11)
