"""Failures of entities: the incidents that people report, for the entities that they are about.

An entity fails as soon as both are there, the report and a sample of the incident's time or later. Whoever has fallen
silent by then fails when event time has come to the incident; nothing is published of that, for what there is to read
must not depend on when event time moves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from zlib import crc32

import numpy as np

from models.arrays import Ints
from models.failure import rounds
from models.failure.hazards import HazardBank
from streams.events import Event
from streams.pipeline.members import Members
from streams.pipeline.reported_incidents import ReportedIncidents, is_about
from streams.pipeline.spans import end_ms
from streams.series import parse_series
from streams.settings.hazards import HazardRule


class EntityFailures:
    """Lets the entities of hazards fail by the incidents that are reported."""

    def __init__(self, rules: Sequence[HazardRule], members: Members, entities: HazardBank) -> None:
        self.incidents = ReportedIncidents()
        self._rules = rules
        self._members = members
        self._entities = entities

    def take(self, event: Event) -> Iterator[tuple[int, Ints]]:
        """Take what is reported of an incident; gives the rules' numbers with the entities that fail by it at once.

        The newest report of an incident holds as a whole: whom it is not about fails by it no more.
        """
        is_withdrawn = event.cancelled or not event.judge
        self.incidents.take(replace(event, title="", description="", cancelled=is_withdrawn))
        for number in range(len(self._rules)):
            about = [] if is_withdrawn else self._about(number, event)
            self._withdraw(number, event, about)
            failed = [owner for owner in about if event.start_ms <= self._last_ms(owner)]
            if failed:
                self._fail(number, failed, event)
                yield number, np.array(failed, np.int64)

    def come_to(self, watermark_ms: int) -> None:
        """Event time has come so far: entities that are silent fail by the incidents of their time, too."""
        for event in self.incidents.come_to(watermark_ms):
            for number in range(len(self._rules)):
                about = self._about(number, event)
                self._fail(number, [owner for owner in about if self._last_ms(owner) != rounds.NO_ROUND], event)

    def catch_up(self, number: int, owners: Ints) -> None:
        """Let these entities fail by the incidents that were reported before they had come to their time."""
        if self.incidents.events:
            for owner in owners.tolist():
                for event in self.incidents.about(self._members.owner(owner).entity, self._last_ms(owner)):
                    self._fail(number, [owner], event)

    def _about(self, number: int, event: Event) -> list[int]:
        """The owners of a rule whose incident it is."""
        of_rule = self._members.of_rule(number)
        return [owner for owner, entity in of_rule if is_about(event, parse_series(entity).labels)]

    def _withdraw(self, number: int, event: Event, about: list[int]) -> None:
        """Let all owners of a rule but these fail no more by an incident, if they did."""
        others = {owner for owner, _ in self._members.of_rule(number)}.difference(about)
        self._entities.withdraw(np.array(sorted(others), np.int64), _failure_id(event))

    def _fail(self, number: int, owners: list[int], event: Event) -> None:
        slots, within_ms = np.array(owners, np.int64), self._rules[number].within_ms
        self._entities.fail(slots, event.start_ms, end_ms(event), _failure_id(event), within_ms)

    def _last_ms(self, owner: int) -> int:
        """The time of an entity's newest sample; long ago before the first."""
        arrays = self._entities.arrays
        return int(arrays["last_ms"][owner]) if arrays["round"][owner] != rounds.NO_ROUND else rounds.NO_ROUND


def _failure_id(event: Event) -> int:
    return crc32(event.id.encode())
