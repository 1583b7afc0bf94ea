"""When a message is due: event time mapped on the wall clock, and how late sends were.

The load is open-loop: a send that is late does not move those after it, so that a system under test which slows the
sender down shows as lateness, and is not spared the load.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# A send is counted as late beyond this: below lie the sleeps of an event loop.
LATE_S = 0.1


@dataclass(frozen=True, slots=True)
class Schedule:
    """Event time runs `speed` times as fast as the clock, from `first_ms` at `start_s`; None: no waiting at all."""

    speed: float | None
    first_ms: int
    start_s: float

    def due_s(self, event_ms: int) -> float:
        """The clock's reading at which an event is due."""
        return self.start_s if self.speed is None else self.start_s + (event_ms - self.first_ms) / 1000 / self.speed

    def is_due(self, event_ms: int, now_s: float) -> bool:
        """Whether the event's time has come."""
        return self.due_s(event_ms) <= now_s


@dataclass(slots=True)
class Lateness:
    """How sends compare with their schedule; nothing is late at full speed, which has none."""

    schedule: Schedule
    late: int = 0
    worst_s: float = 0.0
    now_s: float = 0.0

    def observe(self, events_ms: Sequence[int], sent_s: float) -> None:
        """Messages with these event times were handed over together, the last of them at `sent_s`."""
        if self.schedule.speed is None or not events_ms:
            return
        lag_s = sent_s - np.array([self.schedule.due_s(event_ms) for event_ms in events_ms])
        self.late += int(np.count_nonzero(lag_s > LATE_S))
        self.now_s = max(0.0, float(lag_s[-1]))
        self.worst_s = max(self.worst_s, float(lag_s.max()))
