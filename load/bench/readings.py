"""A reading: how much was done in how long, after a warm-up that is not counted."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import inf, nan

from streams.cli.errors import ExitCode, UserError

WARM_UP_SHARE = 0.15
"""This part of what a contender reads comes before the stopwatch starts."""

TOO_FEW = "all samples came at once, so there is nothing to measure: ask for more, with --samples or --series"


class TooFewError(UserError):
    """Nothing was left to measure after the warm-up."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class Reading:
    """`messages`, or samples, in `seconds` of the clock and `cpu_s` of the process, which is nan where not known."""

    messages: float
    seconds: float
    cpu_s: float = nan

    @property
    def rate(self) -> float:
        """Messages, or samples, per second."""
        return self.messages / self.seconds if self.seconds > 0 else inf

    @property
    def cpu_us(self) -> float:
        """CPU microseconds for each."""
        return 1e6 * self.cpu_s / self.messages

    def of_samples(self, per_message: float) -> "Reading":
        """The same in samples, where each message held so many."""
        return replace(self, messages=self.messages * per_message)


@dataclass(slots=True)
class Stopwatch:
    """Counts messages of the process it runs in, from the first after the warm-up to number `total`."""

    total: int
    clock: Callable[[], float] = time.perf_counter
    cpu: Callable[[], float] = time.process_time
    seen: int = 0
    _marks: list[tuple[int, float, float]] = field(default_factory=list)

    def count(self, messages: int) -> bool:
        """Note messages that were just handled; whether that was all."""
        self.seen += messages
        due = self.total if self._marks else self.total * WARM_UP_SHARE
        if len(self._marks) < 2 and self.seen >= due:
            self._marks.append((self.seen, self.clock(), self.cpu()))
        return self.seen >= self.total

    def reading(self) -> Reading:
        """What was measured.

        Raises
        ------
        TooFewError
            If everything came at once, so that nothing was left after the warm-up.
        """
        if len(self._marks) < 2:
            raise TooFewError(TOO_FEW)
        (seen, at_s, cpu_s), (seen_last, last_s, cpu_last_s) = self._marks
        return Reading(seen_last - seen, last_s - at_s, cpu_last_s - cpu_s)
