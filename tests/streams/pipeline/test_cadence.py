"""The step of a series from the gaps between its first samples."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.pipeline.cadence import DAY_MS, HOUR_MS, MINUTE_MS, STEPS_MS, inferred_step_ms


@pytest.mark.parametrize(
    ("gaps_ms", "step_ms"),
    [
        ([60_000] * 8, MINUTE_MS),
        # Jitter, a lost sample and a doubled one don't change a median: 58 59 60 60 61 61 62 120 and 500
        ([60_000, 120_000, 59_000, 61_000, 62_000, 500, 61_000, 58_000], MINUTE_MS),
        ([66_000] * 8, MINUTE_MS),  # a tenth off, just so
        ([66_001] * 8, 66_001),  # no usual step is near: it is its own
        ([54_000] * 8, MINUTE_MS),
        ([53_999] * 8, 53_999),
        ([15_010] * 8, 15_000),
        ([400] * 8, 400),
        ([3] * 8, 3),
        ([1] * 8, 1),
        ([HOUR_MS] * 8, HOUR_MS),
        ([DAY_MS + MINUTE_MS] * 8, DAY_MS),
        ([300_000, 60_000], 180_000),
        ([10**12] * 8, 10**12),
    ],
)
def test_the_median_gap_snaps_to_a_usual_step(gaps_ms: list[int], step_ms: int) -> None:
    assert inferred_step_ms(list(accumulate(gaps_ms, initial=0))) == step_ms


@given(st.sampled_from(STEPS_MS), st.lists(st.floats(-0.04, 0.04), min_size=9, max_size=9))
def test_usual_steps_are_found_in_spite_of_jitter(step_ms: int, jitter: list[float]) -> None:
    times = [place * step_ms + int(step_ms * shift) for place, shift in enumerate(jitter)]
    assert inferred_step_ms(times) == step_ms
