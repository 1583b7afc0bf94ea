"""Who led whom: counts, over incidents that are over, of which entity was struck before which."""

from collections.abc import Sequence
from typing import Any, NamedTuple

PAIRS_MAX = 10_000
MEMBERS_COUNTED = 10
"""Of a large incident the first are enough: its pairs would push out all others."""

TOGETHER_MIN = 3
"""Entities that were in so many incidents together belong together."""

LEADS_MIN = 3
LEADS_SHARE = 0.75


class Struck(NamedTuple):
    """An entity of an incident, and when it was struck."""

    entity: str
    since_minute: int


class Leads:
    """Counts of ordered pairs: the first was struck before the second. At once counts half, for both orders."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], float] = {}

    def count(self, struck: Sequence[Struck]) -> None:
        """An incident is over."""
        first = sorted(struck, key=lambda each: (each.since_minute, each.entity))[:MEMBERS_COUNTED]
        for place, leader in enumerate(first):
            for follower in first[place + 1 :]:
                if leader.since_minute < follower.since_minute:
                    self._add((leader.entity, follower.entity), 1.0)
                else:
                    self._add((leader.entity, follower.entity), 0.5)
                    self._add((follower.entity, leader.entity), 0.5)
        if len(self._counts) > PAIRS_MAX:
            self._forget()

    def together(self, one: str, other: str) -> bool:
        """Whether two entities were in one incident often enough to belong together."""
        return self._of(one, other) + self._of(other, one) >= TOGETHER_MIN

    def leads(self, one: str, other: str) -> bool:
        """Whether one is usually struck before the other."""
        before, after = self._of(one, other), self._of(other, one)
        return before >= LEADS_MIN and before >= LEADS_SHARE * (before + after)

    def _of(self, one: str, other: str) -> float:
        return self._counts.get((one, other), 0.0)

    def _add(self, pair: tuple[str, str], times: float) -> None:
        self._counts[pair] = self._counts.get(pair, 0.0) + times

    def _forget(self) -> None:
        """Halve all, and drop the rarest down to half of the room: what never comes again must not stay for ever."""
        halved = sorted([(times / 2, pair) for pair, times in self._counts.items()], reverse=True)
        self._counts = {pair: times for times, pair in halved[: PAIRS_MAX // 2]}

    def dump(self) -> list[Any]:
        """In plain values."""
        return [[*pair, times] for pair, times in sorted(self._counts.items())]

    def load(self, items: list[Any]) -> None:
        """Put back what `dump` made."""
        self._counts = {(one, other): times for one, other, times in items}
