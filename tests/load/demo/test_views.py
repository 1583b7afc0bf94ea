"""What is printed and drawn, from a status."""

from io import StringIO

import pytest
from rich.console import Console

from load.demo.feed import Phase
from load.demo.lines import report, summary
from load.demo.screen import screen
from load.demo.status import Status, progress, quality
from load.demo.views import LINES_EVERY_S, LineView, LiveView, view_on
from streams.schema import RecordKind
from tests.load.demo.made import NOW_MS, record


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def status(clock: Clock) -> Status:
    made = Status("broker", "127.0.0.1:1", 58, (0, 2 * NOW_MS), ["p.forecasts", "p.capacity"], 0.0, clock)
    made.feed.phase, made.feed.event_ms = Phase.WATCHED, NOW_MS
    made.board.apply(b"a", record(RecordKind.CAPACITY, '{host="web-1"}'))
    made.board.apply(b"b", record(RecordKind.FAILURE, '{service="checkout"}'))
    return made


def drawn(status: Status, width: int, height: int) -> list[str]:
    console = Console(file=StringIO(), width=width, force_terminal=True, color_system=None)
    with console.capture() as capture:
        console.print(screen(status, height))
    return capture.get().splitlines()


def test_the_screen_shows_predictions_and_where_to_subscribe(status: Status) -> None:
    text = "\n".join(drawn(status, 100, 40))
    for part in ("web-1 m", "50 %", "checkout", "20 % within 1h", "127.0.0.1:1 p.capacity", "Thu 2026-01-08 00:00 UTC"):
        assert part in text


@pytest.mark.parametrize(("width", "height", "rows"), [(100, 37, 5), (100, 30, 5), (80, 24, 2)])
def test_the_screen_fits_the_terminal(status: Status, width: int, height: int, rows: int) -> None:
    # Rows of the longest names that the fleet has.
    for place in range(20):
        status.board.apply(b"i%d" % place, record(RecordKind.INCIDENT, opened_at_ms=NOW_MS + place))
        status.board.apply(b"a%d" % place, record(RecordKind.ANOMALY))
        name = f'{{host="host-{place:02d}",volume="vol-{place:02d}"}}'
        key, entity = b"%d" % place, f'{{host="host-{place:02d}"}}'
        status.board.apply(key, record(RecordKind.CAPACITY, name, metric="volume_used_bytes", limit=2.0**38))
        status.board.apply(key, record(RecordKind.FAILURE, entity, metric="cpu_usage_percent"))
    lines = drawn(status, width, height)
    assert len(lines) <= height
    assert max(len(line) for line in lines) <= width
    assert sum("vol-" in line for line in lines) == rows


def test_lines_are_printed_now_and_then_and_the_address_once(status: Status, clock: Clock) -> None:
    out = StringIO()
    view = view_on(Console(file=out))
    assert isinstance(view, LineView)
    for clock.seconds in (0.0, LINES_EVERY_S - 1, LINES_EVERY_S, 2 * LINES_EVERY_S - 1):
        view.draw(status)
    assert out.getvalue().count("Subscribe at") == 1
    assert out.getvalue().count("samples in") == 2


def test_a_terminal_has_a_live_view() -> None:
    assert isinstance(view_on(Console(file=StringIO(), force_terminal=True)), LiveView)


def test_report_names_the_most_urgent(status: Status) -> None:
    first, capacity, failure = report(status)
    assert "600 times as fast" in first
    assert "web-1 m: 50 % of 2, not within 10 days (within 24 h: 50 %)" in capacity
    assert "checkout: m above 0.05 for 5m: 20 % within 1h (nothing settled yet)" in failure


def test_what_is_strange_is_drawn_and_reported(status: Status) -> None:
    status.board.apply(b"c", record(RecordKind.ANOMALY, '{host="db-1"}', metric="queue_bytes", value=2.0**31))
    said = "queue_bytes: value: 2.0 GiB, expected 1.0 B to 2.0 B, since Thu 00:00"
    assert f"  anomaly   db-1 {said}" in list(report(status))
    assert any("db-1 queue_bytes" in line and "since Thu 00:00" in line for line in drawn(status, 120, 40))


def test_quality_counts_the_series_of_each(status: Status) -> None:
    assert quality(status) == "forecasts by what came: none yet"
    for key, said in ((b"c", "warming"), (b"d", "ok"), (b"e", "ok")):
        status.board.apply(key, record(RecordKind.QUALITY, quality=said))
    assert quality(status) == "forecasts by what came: 2 ok, 1 warming"
    assert quality(status) in drawn(status, 100, 40)
    assert quality(status) in next(report(status))


@pytest.mark.parametrize(("phase", "part"), [(Phase.OVER, "Ctrl-C ends"), (Phase.HISTORY, "as fast as the worker")])
def test_progress_says_the_phase(status: Status, phase: Phase, part: str) -> None:
    status.feed.phase = phase
    assert part in progress(status)


def test_share_sent_counts_from_the_beginning_of_the_recording(status: Status) -> None:
    assert status.share_sent == 0.5
    status.feed.event_ms = 0
    assert status.share_sent == 0.0


def test_summary_tells_what_is_missing_and_when_predictions_began(status: Status, clock: Clock) -> None:
    for clock.seconds in (4.0, 9.0):
        status.note_first_prediction()
    text = "\n".join(summary(status))
    assert "ran 9.0 s" in text
    assert "first prediction after 4.0 s" in text
    assert "FAILED: no predictions of these kinds came: forecast, quality" in text
    status.board.apply(b"d", record(RecordKind.QUALITY))
    status.board.apply(b"c", record(RecordKind.FORECAST))
    assert "FAILED" not in "\n".join(summary(status))
