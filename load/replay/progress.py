"""How a replay shows itself: a live bar on a terminal, a line now and then elsewhere."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from streams.settings.instants import format_instant

LINE_EVERY_S = 10.0


class LiveBar:
    """Progress in event time."""

    def __init__(self, console: Console, span_ms: tuple[int, int]) -> None:
        self._first_ms, last_ms = span_ms
        self._bar = Progress(
            BarColumn(), TextColumn("[progress.percentage]{task.percentage:>3.0f}%"), TextColumn("{task.description}"),
            TimeElapsedColumn(), console=console,
        )  # fmt: skip
        self._task = self._bar.add_task("connecting", total=max(1, last_ms - self._first_ms))
        self._pace = Pace()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._bar.stop()

    def update(self, samples: int, event_ms: int, lag_s: float) -> None:
        """See `load.replay.replay.Progress`."""
        text = self._pace.text(samples, event_ms, lag_s)
        self._bar.update(self._task, completed=event_ms - self._first_ms, description=text)


class Lines:
    """A line every `LINE_EVERY_S`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._pace = Pace()
        self._printed_s = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Nothing is left to do."""

    def update(self, samples: int, event_ms: int, lag_s: float) -> None:
        """See `load.replay.replay.Progress`."""
        if time.monotonic() - self._printed_s >= LINE_EVERY_S:
            self._printed_s = time.monotonic()
            self._console.print(self._pace.text(samples, event_ms, lag_s), highlight=False)


class Pace:
    """Samples per second since the start."""

    def __init__(self) -> None:
        self._start_s = time.monotonic()

    def text(self, samples: int, event_ms: int, lag_s: float) -> str:
        """What both ways of showing say."""
        rate = samples / max(time.monotonic() - self._start_s, 1e-3)
        behind = f", {lag_s:.1f} s behind" if lag_s >= 0.1 else ""
        return f"{samples:,} samples, {rate:,.0f}/s, event time {format_instant(event_ms)}{behind}"


def shown_on(console: Console, span_ms: tuple[int, int]) -> LiveBar | Lines:
    """The way that suits the console."""
    return LiveBar(console, span_ms) if console.is_terminal else Lines(console)
