"""CPU time of this thread, summed over calls: what a part of a run costs, whatever else the machine does."""

import time
from types import TracebackType
from typing import Self


class Stopwatch:
    """Runs inside ``with``.

    Attributes
    ----------
    seconds
        So far.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._begun_s = 0.0

    def __enter__(self) -> Self:
        self._begun_s = time.thread_time()
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.seconds += time.thread_time() - self._begun_s
