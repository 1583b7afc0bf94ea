"""Replicas that take a while to start, and are gone at once."""

from collections import deque


class Replicas:
    """What has been asked for, and what of it carries load."""

    def __init__(self, count: int, start_up_minutes: int) -> None:
        self.ready = count
        self._start_up = start_up_minutes
        self._starting: deque[tuple[int, int]] = deque()

    @property
    def asked_for(self) -> int:
        """Those that are ready or on their way; all are paid for."""
        return self.ready + sum([count for _, count in self._starting])

    def pass_to(self, minute: int) -> None:
        """Those whose time has come are ready."""
        while self._starting and self._starting[0][0] <= minute:
            self.ready += self._starting.popleft()[1]

    def scale(self, minute: int, wanted: int) -> None:
        """Ask for so many: more are ready after their start-up; of fewer, those that were asked for last go first."""
        change = wanted - self.asked_for
        if change > 0:
            self._starting.append((minute + self._start_up, change))
            self.pass_to(minute)
            return
        surplus = -change
        while surplus and self._starting:
            due, count = self._starting.pop()
            kept = max(count - surplus, 0)
            surplus -= count - kept
            if kept:
                self._starting.append((due, kept))
        self.ready -= surplus
