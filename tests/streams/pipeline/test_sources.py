"""What is remembered of source partitions: nothing is applied twice, and the slowest one tells the time."""

from dataclasses import replace

import numpy as np
import pytest

from streams.blocks import SampleBlock
from streams.pipeline.sources import LOGS_PER_TOPIC_MAX, SourceId, Sources
from streams.silence import SilenceRecord
from tests.streams.pipeline.logs import MINUTE_MS, T_MS, pipeline, rejects, rows, run, state, tick


def block(
    places: list[tuple[int, int]], partition: int = 0, watermark_ms: int | None = None, topic_id: str = ""
) -> SampleBlock:
    n = len(places)
    numbers = np.array(places, np.int64).reshape(n, 2)
    zeros = np.zeros(n, np.int64)
    return SampleBlock(
        "t", partition, watermark_ms, ["s"], ["{}"], zeros, numbers[:, 0], numbers[:, 1], zeros, np.zeros(n), topic_id
    )


def reloaded(sources: Sources) -> Sources:
    other = Sources("t")
    other.load(sources.dump(), sources.watermark_ms)
    return other


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
    sources = Sources("t")
    assert sources.fresh_from(block([(0, 0), (5, 1), (5, 2)])) == 0
    assert sources.fresh_from(block(places)) == applied
    # What is behind the mark does not move it back.
    mark = max([(5, 2), *places])
    assert sources.dump() == [["t", "", 0, *mark, None, False]]


def test_every_source_partition_has_a_mark_of_its_own() -> None:
    sources = Sources("t")
    assert [sources.fresh_from(block([(7, 0)], partition)) for partition in (0, 1, 0, 1, 2)] == [0, 0, 1, 1, 0]


def test_event_time_is_that_of_the_slowest_source_and_never_goes_back() -> None:
    sources = Sources("t")
    seen = []
    for partition, watermark_ms in [(0, 50), (1, 20), (1, 60), (0, 40), (0, 70), (2, None), (3, 10), (1, 80)]:
        ticked = block([], partition, watermark_ms)
        sources.fresh_from(ticked)
        seen.append((sources.tick(ticked), sources.watermark_ms))
    assert seen == [
        (50, 50),
        (None, 50),  # a second source behind it: time waits
        (None, 50),
        (None, 50),
        (60, 60),
        (None, 60),
        (None, 60),
        (None, 60),
    ]
    restored = reloaded(sources)
    assert (restored.dump(), restored.watermark_ms) == (sources.dump(), 60)


def test_a_topic_that_was_made_anew_has_marks_of_its_own_and_so_has_the_old_one() -> None:
    sources = Sources("t")
    for topic_id, offset, applied in [
        ("old", 7, 0),
        ("new", 3, 0),
        ("new", 3, 1),
        ("old", 7, 1),  # a worker that slept
        ("old", 9, 0),
        ("new", 8, 0),
    ]:
        assert sources.fresh_from(block([(offset, 0)], topic_id=topic_id)) == applied
        sources = reloaded(sources)
    assert sources.dump() == [["t", "old", 0, 9, 0, None, False], ["t", "new", 0, 8, 0, None, False]]


def test_rows_without_an_id_are_of_the_newest_log_and_a_log_without_one_takes_the_first() -> None:
    """So a broker that begins to give ids, or a worker that does not know of them, doubles nothing."""
    sources = Sources("t")
    seen = [("", 5, 0), ("a", 5, 1), ("", 5, 1), ("b", 5, 0), ("", 5, 1), ("", 6, 0), ("b", 6, 1)]
    for topic_id, offset, applied in seen:
        assert sources.fresh_from(block([(offset, 0)], topic_id=topic_id)) == applied
    assert sources.dump() == [["t", "a", 0, 5, 0, None, False], ["t", "b", 0, 6, 0, None, False]]


def test_a_log_that_is_over_does_not_hold_event_time_back() -> None:
    sources = Sources("t")
    seen = []
    for partition, watermark_ms, topic_id in [
        (0, 50, "old"),
        (1, 20, "old"),
        (0, 70, "new"),  # partition 1 of the old log will say nothing any more
        (1, 30, "old"),
        (1, 60, "new"),
        (1, 80, "new"),
    ]:
        ticked = block([], partition, watermark_ms, topic_id)
        sources.fresh_from(ticked)
        sources.tick(ticked)
        seen.append(sources.watermark_ms)
    assert seen == [50, 50, 70, 70, 70, 70]


def test_a_few_logs_of_a_topic_are_remembered() -> None:
    sources = Sources("t")
    for number in range(100):
        sources.fresh_from(block([(1, 0)], topic_id=f"id-{number}"))
    assert [row[1] for row in sources.dump()] == [f"id-{number}" for number in range(100 - LOGS_PER_TOPIC_MAX, 100)]


def test_events_of_a_topic_that_was_made_anew_are_news() -> None:
    sources, events = Sources("t"), SourceId("events", 0)
    assert [sources.is_news(events, *told) for told in [("a", 4), ("a", 4), ("b", 0), ("b", 0), ("a", 5)]] == [
        *(True, False, True, False, True)
    ]


def heard(sources: Sources, *blocks: SampleBlock) -> None:
    for each in blocks:
        sources.fresh_from(each)
        sources.tick(each)


def test_a_silent_source_is_passed_over_until_it_says_something() -> None:
    sources = Sources("t")
    heard(sources, block([(7, 0)], 1, 20), block([(3, 0)], 0, 50))
    assert sources.watermark_ms == 20
    assert sources.silence(SilenceRecord("t", 1, 8)) == 50
    assert sources.watermark_ms == 50
    heard(sources, block([], 0, 60))
    assert sources.watermark_ms == 60
    # It is behind when it comes back, and holds back what comes then, but time never goes back.
    heard(sources, block([(8, 0)], 1, 40), block([], 0, 90))
    assert sources.watermark_ms == 60
    heard(sources, block([(9, 0)], 1, 80))
    assert sources.watermark_ms == 80


def test_what_was_said_before_a_silence_breaks_none_when_it_comes_again() -> None:
    sources, old = Sources("t"), block([(7, 0)], 1, 20)
    heard(sources, old, block([(3, 0)], 0, 50))
    sources.silence(SilenceRecord("t", 1, 8))
    heard(sources, old, block([], 0, 70))
    assert sources.watermark_ms == 70


@pytest.mark.parametrize("late", [SilenceRecord("t", 1, 7), SilenceRecord("t", 1, 2), SilenceRecord("other", 0, 99)])
def test_a_silence_that_knows_less_than_the_pipeline_is_none(late: SilenceRecord) -> None:
    sources = Sources("t")
    heard(sources, block([(7, 0)], 1, 20), block([(3, 0)], 0, 50))
    assert sources.silence(late) is None
    assert sources.watermark_ms == 20


def test_where_all_are_silent_nobody_is_waited_for_and_a_restart_changes_nothing() -> None:
    sources, restored = Sources("t"), Sources("t")
    heard(sources, block([(7, 0)], 1, 20), block([(3, 0)], 0, 50))
    assert sources.silence(SilenceRecord("t", 0, 4)) is None
    assert sources.watermark_ms == 20
    assert sources.silence(SilenceRecord("t", 1, 8)) == 50
    assert sources.watermark_ms == 50
    restored.load(sources.dump(), sources.watermark_ms)
    for each in (sources, restored):
        heard(each, block([(4, 0)], 0, 90))
        assert each.watermark_ms == 90


def test_sources_that_the_settings_name_no_more_are_passed_over_where_others_tell_the_time() -> None:
    sources = Sources(["named"])
    heard(sources, block([(7, 0)], 1, 20), block([(3, 0)], 0, 50))
    assert sources.watermark_ms == 20
    heard(sources, replace(block([(4, 0)], 0, 70), source_topic="named"))
    assert sources.watermark_ms == 70


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
