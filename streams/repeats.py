"""Lines of client libraries that repeat themselves: the first in each while is told, the others are counted.

With a broker away aiokafka says so hundreds of times a second, and of a topic that is missing ten thousand times.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from math import inf
from typing import TextIO

WINDOW_S = 60.0
"""A line is told once in so long."""

PATIENCE_S = 15.0
"""What passes within this time is not told, where it is usual at a start."""

USUAL_AT_A_START = frozenset({"Group Coordinator Request failed: %s"})
"""A new broker has no coordinator until it has made the topic of the groups."""

LINES_MAX = 1_000
"""Different lines that are counted; a library that makes ever new ones gets no more memory than that."""


@dataclass(slots=True)
class _Repeated:
    """A line that was said, since when, and how often it was held back since it was told last."""

    record: logging.LogRecord
    begun_s: float
    is_told: bool
    held: int = 0


class Repeats:
    """Says which lines are to be told; a line is known by its logger and its text before anything is filled in.

    Parameters
    ----------
    loggers
        The roots of the loggers whose lines are limited.
    """

    def __init__(self, loggers: Collection[str]) -> None:
        self._loggers = frozenset(loggers)
        self._lines: dict[tuple[str, str], _Repeated] = {}

    def admit(self, record: logging.LogRecord, now_s: float) -> bool:
        """Whether to tell this line now."""
        if record.name.partition(".")[0] not in self._loggers:
            return True
        key = record.name, str(record.msg)
        known = self._lines.get(key)
        if known is None:
            is_told = record.msg not in USUAL_AT_A_START
            if len(self._lines) < LINES_MAX:
                self._lines[key] = _Repeated(record, now_s, is_told)
            return is_told
        if not known.is_told and now_s - known.begun_s >= PATIENCE_S:
            known.is_told = True
            return True
        known.held += 1
        return False

    def ended(self, now_s: float) -> Iterator[logging.LogRecord]:
        """Of lines whose time is over: how many more there were, as lines of the same logger."""
        over = [key for key, line in self._lines.items() if now_s - line.begun_s >= WINDOW_S]
        for key in over:
            line = self._lines.pop(key)
            if line.is_told and line.held:
                yield _summed_up(line)


def _summed_up(line: _Repeated) -> logging.LogRecord:
    record = line.record
    text = f"{record.getMessage()}; and {line.held:,} more like it within {WINDOW_S:.0f} s"
    return logging.LogRecord(record.name, record.levelno, record.pathname, record.lineno, text, (), None)


class CountingHandler(logging.StreamHandler[TextIO]):
    """Writes lines to a stream, but not the repeats of chatty loggers: these are counted, and the count is told later.

    It is told with the next line of all, or by `tell_ended`, once the time is over, and in any case when it is closed.
    """

    def __init__(self, stream: TextIO, loggers: Collection[str], clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._repeats, self._clock = Repeats(loggers), clock

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, or count it. `handle` calls this under the handler's lock, whatever thread logs."""
        now_s = self._clock()
        self._tell_ended(now_s)
        if self._repeats.admit(record, now_s):
            super().emit(record)

    def tell_ended(self) -> None:
        """Write the counts whose time is over, though no line comes."""
        self.acquire()
        try:
            self._tell_ended(self._clock())
        finally:
            self.release()

    def close(self) -> None:
        """Write all counts: nothing may come after. `logging` calls this at the end of the process."""
        self.acquire()
        try:
            self._tell_ended(inf)
        finally:
            self.release()
        super().close()

    def _tell_ended(self, now_s: float) -> None:
        for summary in self._repeats.ended(now_s):
            super().emit(summary)
