"""What is remembered of source partitions: nothing is applied twice, and the slowest one tells the time."""

import numpy as np
import pytest

from streams.blocks import SampleBlock
from streams.pipeline.sources import Sources
from tests.streams.pipeline.logs import MINUTE_MS, T_MS, pipeline, rejects, rows, run, state, tick


def block(places: list[tuple[int, int]], partition: int = 0, watermark_ms: int | None = None) -> SampleBlock:
    n = len(places)
    numbers = np.array(places, np.int64).reshape(n, 2)
    zeros = np.zeros(n, np.int64)
    return SampleBlock(
        "t", partition, watermark_ms, ["s"], ["{}"], zeros, numbers[:, 0], numbers[:, 1], zeros, np.zeros(n)
    )


@pytest.mark.parametrize(
    ("places", "applied"),
    [
        ([], 0),
        ([(6, 0)], 0),
        ([(5, 3)], 0),
        ([(5, 2)], 1),
        ([(4, 9)], 1),
        ([(4, 9), (5, 2), (5, 3), (6, 0)], 2),
        ([(5, 0), (5, 1), (5, 2)], 3),
    ],
)
def test_rows_at_or_below_the_high_water_mark_were_applied_before(places: list[tuple[int, int]], applied: int) -> None:
    sources = Sources()
    assert sources.fresh_from(block([(0, 0), (5, 1), (5, 2)])) == 0
    assert sources.fresh_from(block(places)) == applied
    # What is behind the mark does not move it back.
    mark = max([(5, 2), *places])
    assert sources.dump() == [["t", 0, *mark, None]]


def test_every_source_partition_has_a_mark_of_its_own() -> None:
    sources = Sources()
    assert [sources.fresh_from(block([(7, 0)], partition)) for partition in (0, 1, 0, 1, 2)] == [0, 0, 1, 1, 0]


def test_event_time_is_that_of_the_slowest_source_and_never_goes_back() -> None:
    sources = Sources()
    seen = []
    for partition, watermark_ms in [(0, 50), (1, 20), (1, 60), (0, 40), (0, 70), (2, None), (3, 10), (1, 80)]:
        ticked = block([], partition, watermark_ms)
        sources.fresh_from(ticked)
        seen.append((sources.tick(ticked), sources.watermark_ms))
    assert seen == [
        (True, 50),
        (False, 50),  # a second source behind it: time waits
        (False, 50),
        (False, 50),
        (True, 60),
        (False, 60),
        (False, 60),
        (False, 60),
    ]
    restored = Sources()
    restored.load(sources.dump(), sources.watermark_ms)
    assert (restored.dump(), restored.watermark_ms) == (sources.dump(), 60)


def test_rows_that_ingest_sends_again_are_skipped_without_a_reject() -> None:
    once, again = pipeline(), pipeline()
    log = rows([("cpu", minute, float(minute)) for minute in range(10)])
    run(once, log)
    outputs = run(again, [*log[:6], *log[2:8], *log[0:3], *log[5:]])
    assert rejects(outputs) == []
    assert state(again) == state(once)
    assert (once.figures().repeated, again.figures().repeated) == (0, 4 + 3 + 3)


def test_a_tick_that_comes_again_changes_nothing() -> None:
    plain = pipeline()
    run(plain, [tick(5), tick(3), tick(5)])
    assert plain.state.sources.watermark_ms == T_MS + 5 * MINUTE_MS
