"""The watermark: time moves with the samples, and not with one wrong clock."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.ingest.watermark import CONFIRMATIONS, JUMP_MS, TICK_INTERVAL_MS, Watermark

T_MS = 1_700_000_000_000
FAR_MS = T_MS + 100 * JUMP_MS


def advance(watermark: Watermark, messages: list[list[int]], first_offset: int = 0) -> int | None:
    """Messages, each a list of timestamps, as one fetch."""
    offsets = [first_offset + place for place, message in enumerate(messages) for _ in message]
    timestamps_ms = [timestamp_ms for message in messages for timestamp_ms in message]
    return watermark.advance(np.array(offsets, np.int64), np.array(timestamps_ms, np.int64))


def started() -> Watermark:
    """A watermark that has reached T_MS."""
    watermark = Watermark()
    assert advance(watermark, [[T_MS]] * (1 + CONFIRMATIONS)) == T_MS
    return watermark


@pytest.mark.parametrize(
    ("messages", "tick_ms"),
    [
        ([[T_MS + 1]], None),
        ([[T_MS + TICK_INTERVAL_MS - 1]], None),
        ([[T_MS + TICK_INTERVAL_MS]], T_MS + TICK_INTERVAL_MS),
        ([[T_MS + 5 * TICK_INTERVAL_MS + 1], [T_MS]], T_MS + 5 * TICK_INTERVAL_MS),
        ([[T_MS - TICK_INTERVAL_MS]], None),
        ([], None),
        ([[T_MS + JUMP_MS]], T_MS + JUMP_MS),
        ([[T_MS + JUMP_MS + 1]], None),
        ([[FAR_MS]] * CONFIRMATIONS, None),
        ([[FAR_MS]] * (1 + CONFIRMATIONS), FAR_MS),
        ([[FAR_MS], *[[FAR_MS - JUMP_MS]] * CONFIRMATIONS], FAR_MS),
        ([[FAR_MS], *[[FAR_MS - JUMP_MS - 1]] * CONFIRMATIONS], None),
        ([[FAR_MS], [T_MS], *[[FAR_MS]] * CONFIRMATIONS], None),
        ([[FAR_MS], [FAR_MS], [FAR_MS], [T_MS], [FAR_MS]], None),
        ([[FAR_MS] * 100], None),
        ([[FAR_MS] * 100] * CONFIRMATIONS, None),
        ([[FAR_MS] * 2] * (1 + CONFIRMATIONS), FAR_MS),
        ([[T_MS + 60_000 * minute for minute in range(100)]], T_MS // 10_000 * 10_000 + 99 * 60_000),
    ],
)
def test_ticks(messages: list[list[int]], tick_ms: int | None) -> None:
    assert advance(started(), messages, first_offset=10) == tick_ms


def test_a_jump_is_contradicted_across_fetches() -> None:
    watermark = started()
    for offset, timestamp_ms in enumerate([FAR_MS, T_MS, *[FAR_MS] * CONFIRMATIONS], 10):
        assert advance(watermark, [[timestamp_ms]], offset) is None


def test_time_that_passes_a_jump_by_itself_does_not_fall_back_to_it() -> None:
    jump_ms, passed_ms = T_MS + JUMP_MS + 1, T_MS + 2 * JUMP_MS
    messages = [[jump_ms], [T_MS + JUMP_MS], [passed_ms], [T_MS + JUMP_MS], [passed_ms + JUMP_MS]]
    assert advance(started(), messages, first_offset=10) == passed_ms + JUMP_MS


def test_a_hostile_first_sample_does_not_start_time() -> None:
    watermark = Watermark()
    assert advance(watermark, [[FAR_MS], *[[T_MS]] * (1 + CONFIRMATIONS)]) == T_MS


def test_a_tick_is_told_once() -> None:
    watermark = started()
    assert advance(watermark, [[T_MS + TICK_INTERVAL_MS]]) == T_MS + TICK_INTERVAL_MS
    assert advance(watermark, [[T_MS + TICK_INTERVAL_MS + 1]]) is None


near = st.integers(T_MS, T_MS + 3 * JUMP_MS)
streams = st.lists(st.lists(near | st.integers(T_MS, FAR_MS), min_size=1, max_size=4), max_size=30)


def ticks(messages: list[list[int]], cuts: set[int]) -> list[int]:
    watermark, told, start = Watermark(), [], 0
    for end in [*sorted(cut for cut in cuts if cut < len(messages)), len(messages)]:
        tick_ms = advance(watermark, messages[start:end], first_offset=start)
        told += [] if tick_ms is None else [tick_ms]
        start = end
    return told


@given(streams, st.sets(st.integers(0, 29)))
def test_the_cut_into_fetches_changes_no_time(messages: list[list[int]], cuts: set[int]) -> None:
    whole, parts = ticks(messages, set()), ticks(messages, cuts)
    assert parts[-1:] == whole
    assert parts == sorted(set(parts))
    assert set(parts) <= set(ticks(messages, set(range(30))))


@given(streams)
def test_a_tick_never_exceeds_what_was_seen(messages: list[list[int]]) -> None:
    latest_ms = max([timestamp_ms for message in messages for timestamp_ms in message], default=0)
    for tick_ms in ticks(messages, set(range(30))):
        assert tick_ms % TICK_INTERVAL_MS == 0
        assert tick_ms <= latest_ms
