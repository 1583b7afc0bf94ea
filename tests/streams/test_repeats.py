"""Repeats of client libraries are counted, the first in a while is told, and nobody else's lines are touched."""

import io
import logging

from streams.repeats import LINES_MAX, PATIENCE_S, WINDOW_S, CountingHandler, Repeats

MISSING = "Topic %s not found"
NO_COORDINATOR = "Group Coordinator Request failed: %s"


def line(text: str, *args: object, name: str = "aiokafka.cluster") -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, __file__, 1, text, args, None)


def told(lines: list[tuple[float, logging.LogRecord]]) -> list[str]:
    """What a handler writes of lines that come at these times."""
    stream, clock = io.StringIO(), iter([at_s for at_s, _ in lines])
    handler = CountingHandler(stream, ("aiokafka",), lambda: next(clock))
    for _, record in lines:
        handler.handle(record)
    return stream.getvalue().splitlines()


def test_a_flood_is_a_line_and_a_count() -> None:
    flood = [(n * 0.01, line(MISSING, f"t{n % 3}")) for n in range(5_000)]
    later = [(WINDOW_S + 1, line("ready", name="streams.worker"))]
    summary = "Topic t0 not found; and 4,999 more like it within 60 s"
    assert told(flood + later) == ["Topic t0 not found", summary, "ready"]


def test_each_line_and_each_window_has_its_own_first() -> None:
    lines = [(0.0, line(MISSING, "a")), (1.0, line("Unable to update")), (WINDOW_S + 2, line(MISSING, "b"))]
    assert told(lines) == ["Topic a not found", "Unable to update", "Topic b not found"]


def test_lines_of_ours_are_never_held_back() -> None:
    assert len(told([(0.0, line("not ready", name="streams.worker"))] * 5)) == 5


def test_what_is_usual_at_a_start_is_told_only_when_it_lasts() -> None:
    brief = [(n * 0.1, line(NO_COORDINATOR, "15")) for n in range(12)]
    assert told([*brief, (WINDOW_S + 1, line("ready", name="streams"))]) == ["ready"]
    lasting = [(n * 1.0, line(NO_COORDINATOR, "15")) for n in range(int(PATIENCE_S) + 5)]
    assert told(lasting) == ["Group Coordinator Request failed: 15"]


def test_a_count_is_told_though_no_line_comes_after_it() -> None:
    stream, now_s = io.StringIO(), [0.0]
    handler = CountingHandler(stream, ("aiokafka",), lambda: now_s[0])
    for _ in range(5):
        handler.handle(line(MISSING, "t"))
    now_s[0] = WINDOW_S - 1
    handler.tell_ended()
    assert stream.getvalue().splitlines() == ["Topic t not found"]
    now_s[0] = WINDOW_S
    handler.tell_ended()
    assert stream.getvalue().splitlines() == ["Topic t not found", "Topic t not found; and 4 more like it within 60 s"]


def test_at_the_end_every_count_is_told_once() -> None:
    stream = io.StringIO()
    handler = CountingHandler(stream, ("aiokafka",), lambda: 0.0)
    for text in ("a", "b"):
        for _ in range(3):
            handler.handle(line(text))
    handler.handle(line("once"))
    handler.close()
    handler.close()
    summaries = ["a; and 2 more like it within 60 s", "b; and 2 more like it within 60 s"]
    assert stream.getvalue().splitlines() == ["a", "b", "once", *summaries]


def test_ever_new_lines_take_no_more_memory() -> None:
    repeats = Repeats(("aiokafka",))
    assert all(repeats.admit(line(f"one {n}"), 0.0) for n in range(LINES_MAX * 2))
    assert not repeats.admit(line("one 0"), 1.0)
    assert repeats.admit(line(f"one {LINES_MAX + 1}"), 1.0)
