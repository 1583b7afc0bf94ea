"""Pieces of a recording."""

from itertools import chain

import numpy as np

from load.backtest.cuts import PIECE_ROWS, pieces
from load.recordings.table import SampleTable
from streams.ingest.watermark import JUMP_MS
from streams.settings.sources import SourceSettings

PLAIN = SourceSettings(topic="t")
AGGREGATED = SourceSettings.model_validate({"topic": "t", "step": "1m", "aggregate": "mean"})


def table(timestamps_ms: list[int]) -> SampleTable:
    times = np.array(timestamps_ms, np.int64)
    return SampleTable([], np.zeros(len(times), np.int64), times, np.zeros(len(times)))


def cut(timestamps_ms: list[int], origins_ms: list[int], source: SourceSettings = PLAIN) -> list[list[int]]:
    parts = pieces(table(timestamps_ms), np.array(origins_ms, np.int64), source)
    return [part.timestamp_ms.tolist() for part in parts]


def test_a_piece_ends_with_the_samples_of_an_origin() -> None:
    assert cut([1, 2, 2, 3, 4], [2, 4, 9]) == [[1, 2, 2], [3, 4]]
    assert cut([1, 2, 2, 3, 4], [0]) == [[1, 2, 2, 3, 4]]


def test_pieces_are_bounded_and_leave_nothing_out() -> None:
    times = list(range(2 * PIECE_ROWS + 5))
    parts = cut(times, [])
    assert [len(part) for part in parts] == [PIECE_ROWS, PIECE_ROWS, 5]
    assert list(chain(*parts)) == times


def test_aggregated_steps_are_closed_by_the_first_sample_after_them() -> None:
    minute = [60_000 * step for step in range(10)]
    times = [time + part for time in minute for part in (0, 20_000, 40_000)]
    # The first four samples make event time believed, one by one.
    assert cut(times, [], AGGREGATED)[4:6] == [times[4:7], times[7:10]]


def test_samples_after_a_jump_come_one_by_one_until_it_is_believed() -> None:
    times = [0, 1, 2, 3, 4, 5] + [JUMP_MS + 10 + late for late in range(6)]
    assert [len(part) for part in cut(times, [], AGGREGATED)] == [1, 1, 1, 1, 3, 1, 1, 1, 2]
