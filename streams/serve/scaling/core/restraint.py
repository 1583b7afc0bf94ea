"""What a scaler may say next, given what it has said: bounds, stabilisation, steps.

It knows what it has asked for, not what runs: an autoscaler does not tell. After a restart the first answer has no
step to keep to; the HPA's own `behavior` is what holds across restarts.
"""

from collections import deque
from typing import NamedTuple

from streams.settings.scalers import Scaler


class Held(NamedTuple):
    """Replicas within all limits, and the names of the settings that changed what was wanted."""

    replicas: int
    by: tuple[str, ...]


class _Said(NamedTuple):
    at_ms: int
    replicas: int


class _Interval(NamedTuple):
    """An interval of steps: what was said before it, and how many steps it may take."""

    begin_ms: int
    base: int
    steps: int


class Restraint:
    """Keeps the answers of one scaler within its limits, one after the other."""

    def __init__(self, scaler: Scaler) -> None:
        self._scaler = scaler
        # What was wanted within the stabilisation, from the largest to the newest: at most a few per replica.
        self._wanted: deque[_Said] = deque()
        self._interval = _Interval(0, 0, 1)
        self._last: _Said | None = None

    def hold(self, now_ms: int, wanted: int) -> Held:
        """The next answer. A clock that went back is taken to stand still."""
        now_ms = max(now_ms, self._last.at_ms) if self._last else now_ms
        by: list[str] = []
        replicas = wanted
        for name, limited in (("bounds", self._bounded), ("stabilisation", self._stable), ("step", self._stepped)):
            held = limited(now_ms, replicas)
            if held != replicas:
                by.append(_setting(name, held > replicas))
            replicas = held
        self._last = _Said(now_ms, replicas)
        return Held(replicas, tuple(by))

    def _bounded(self, _now_ms: int, replicas: int) -> int:
        return min(max(replicas, self._scaler.min_replicas), self._scaler.max_replicas)

    def _stable(self, now_ms: int, replicas: int) -> int:
        """The most that was wanted within the stabilisation."""
        window_ms = self._scaler.stabilisation_ms
        if window_ms is None:
            return replicas
        while self._wanted and self._wanted[-1].replicas <= replicas:
            self._wanted.pop()
        self._wanted.append(_Said(now_ms, replicas))
        while self._wanted[0].at_ms <= now_ms - window_ms:
            self._wanted.popleft()
        return self._wanted[0].replicas

    def _stepped(self, now_ms: int, replicas: int) -> int:
        """No further from what was said when the interval began than a step; after a silence of several intervals, than
        as many steps."""
        if self._last is None:
            self._interval = _Interval(now_ms, replicas, 1)
            return replicas
        passed = (now_ms - self._interval.begin_ms) // self._scaler.step_interval_ms
        if passed:
            self._interval = _Interval(now_ms, self._last.replicas, passed)
        _, base, steps = self._interval
        lowest = 0 if self._scaler.step_down is None else base - steps * self._scaler.step_down
        highest = self._scaler.max_replicas if self._scaler.step_up is None else base + steps * self._scaler.step_up
        return min(max(replicas, lowest), highest)


def _setting(limit: str, raised: bool) -> str:
    """The setting's name: min_replicas raises, max_replicas lowers; step_down raises, for it keeps from falling."""
    if limit == "bounds":
        return "min_replicas" if raised else "max_replicas"
    if limit == "step":
        return "step_down" if raised else "step_up"
    return limit
