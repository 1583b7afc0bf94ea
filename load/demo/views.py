"""The two ways of showing: in place on a terminal, a few lines now and then elsewhere."""

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.live import Live

from load.demo.lines import report
from load.demo.screen import screen
from load.demo.status import Status
from load.demo.subscribe import subscription

LINES_EVERY_S = 5.0


class View(AbstractContextManager["View"], Protocol):
    """Shows a status whenever it is asked to."""

    def draw(self, status: Status) -> None:
        """Show this."""
        ...


class LiveView:
    """Draws in place, and leaves the last picture."""

    def __init__(self, console: Console) -> None:
        # Drawn by us and never by rich's own thread: the status changes in the event loop.
        self._live = Live(console=console, auto_refresh=False)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._live.stop()

    def draw(self, status: Status) -> None:
        """See `View`."""
        self._live.update(screen(status, self._live.console.height), refresh=True)


class LineView:
    """Prints every `LINES_EVERY_S`, the first time at once."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._due_s = 0.0
        self._introduced = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Nothing is left to do."""

    def draw(self, status: Status) -> None:
        """See `View`."""
        if not self._introduced:
            say(self._console, *subscription(status).splitlines())
            self._introduced = True
        if status.seconds >= self._due_s:
            self._due_s = status.seconds + LINES_EVERY_S
            say(self._console, *report(status))


def view_on(console: Console) -> View:
    """The way that suits the console."""
    return LiveView(console) if console.is_terminal else LineView(console)


def say(console: Console, *lines: str) -> None:
    """Print lines as they are, whatever their length and brackets."""
    for line in lines:
        console.print(line, soft_wrap=True, markup=False, highlight=False)
