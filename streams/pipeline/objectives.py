"""Objectives at work: entities whose good and bad events are added up, judged once a minute's samples are there."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from models.arrays import Flags, Floats, Ints
from models.failure import rounds
from models.failure.bank import FailurePrediction
from models.failure.error_budget_bank import ErrorBudgetBank, ErrorBudgetStanding, WindowPair
from models.failure.error_budgets import FINE_MS
from models.failure.report_bank import ReportBank
from models.layout import Arrays
from streams.pipeline.catalog import Catalog
from streams.pipeline.config import applies_labels
from streams.pipeline.entities import EntityTracker
from streams.series import SeriesKey
from streams.settings.objectives import EventCount, Objective

START_CAPACITY = 4

QUALITY_RECORDS = 4
"""How predictions fared is told with every so many records of an objective."""

MS_PER_S = 1000.0


@dataclass(frozen=True, slots=True)
class ObjectiveOutcome:
    """Records of one objective for n entities."""

    rule: Objective
    entities: list[str]
    last_ms: Ints
    standing: ErrorBudgetStanding
    alerts: FailurePrediction
    step_ms: Ints
    with_quality: Flags  # of which it is told, too, how such predictions fared

    def every_ms(self, place: int) -> int:
        """How far records of an entity are apart: its samples may be further than the objective asks for."""
        return max(self.rule.every_ms, int(self.step_ms[place]))


class ObjectiveTracker(EntityTracker[Objective, ReportBank, ErrorBudgetBank]):
    """Follows every entity that an objective is about."""

    def __init__(self, rules: tuple[Objective, ...], catalog: Catalog, grid: Arrays) -> None:
        super().__init__(rules, catalog, grid, ReportBank(START_CAPACITY), ErrorBudgetBank(START_CAPACITY))
        self._windows = [
            [WindowPair(alert.long_ms, alert.short_ms, alert.burn_rate) for alert in rule.alerts] for rule in rules
        ]

    def add_series(self, slot: int) -> None:
        """Let a series be a member wherever an objective counts it."""
        key = self.catalog.entry(slot).key
        for number, rule in enumerate(self.rules):
            if any(_counts(of_rule, key) for of_rule in (rule.total, rule.bad, rule.good, rule.ratio)):
                self.join(slot, number)
                self._set_parts(number, slot, rule, key)

    def restart_series(self, slot: int) -> None:
        """Forget what was added up with a series whose beginning was wrong: time may have gone too far with it."""
        owners = self.restart_members(slot)
        # What the members' events are parts of follows from the settings.
        self.add_series(slot)
        self.entities.clear(owners)

    def update(self, slots: Ints, timestamp_ms: Ints, value: Floats, elapsed_ms: Ints) -> Iterator[ObjectiveOutcome]:
        """One sample each of different series, no two of which are members of one entity; what is said upon them.

        `value` is a counter's rate, `elapsed_ms` the time that it is the mean of.
        """
        for number, places, members in self.pairs.by_rule(slots):
            yield from self._take(
                number, members, slots[places], timestamp_ms[places], value[places], elapsed_ms[places]
            )

    def _take(
        self, number: int, members: Ints, slots: Ints, now_ms: Ints, value: Floats, elapsed_ms: Ints
    ) -> Iterator[ObjectiveOutcome]:
        owners, minute = self.members.distinct_owners_of(members), now_ms // FINE_MS
        step_ms = np.maximum(self.grid["step_ms"][slots], FINE_MS)
        short = np.flatnonzero(rounds.cut_short(self.entities.arrays, owners, minute))
        if len(short):
            yield from self._judge(number, owners[short], step_ms[short])
        self.entities.add(owners, now_ms, *self._events(number, members, slots, value, elapsed_ms))
        is_first = rounds.report(self.bank.arrays, members, minute)
        over = np.flatnonzero(rounds.arrive(self.entities.arrays, owners, minute, now_ms, is_first))
        if len(over):
            yield from self._judge(number, owners[over], step_ms[over])

    def _events(
        self, number: int, members: Ints, slots: Ints, value: Floats, elapsed_ms: Ints
    ) -> tuple[Floats, Floats]:
        """How many bad events, and how many in all, samples stand for; a counter's are those since the one before."""
        counted = np.where(self.grid["counter"][slots] > 0, value * elapsed_ms / MS_PER_S, value)
        of_bad, of_all = (self.bank.arrays[part][members] for part in ("of_bad", "of_all"))
        if self.rules[number].ratio is not None:
            return of_bad * np.clip(counted, 0.0, 1.0), np.ones(len(members))
        return of_bad * counted, of_all * counted

    def _judge(self, number: int, owners: Ints, step_ms: Ints) -> Iterator[ObjectiveOutcome]:
        """Follow the alerts of entities; records of those that are due one, or whose alert begins or ends."""
        rule, before = self.rules[number], self.entities.alerts.arrays["in_episode"][owners]
        standing = self._standing(number, owners)
        firing = self.entities.judge(owners, standing.level, step_ms)
        begins, with_quality = self.entities.publishes(owners, rule.every_ms, QUALITY_RECORDS)
        places = np.flatnonzero(begins | (firing != before))
        if len(places):
            owners, every_ms = owners[places], np.maximum(rule.every_ms, step_ms[places])
            yield ObjectiveOutcome(
                rule=rule,
                entities=[self.members.owner(owner).entity for owner in owners.tolist()],
                last_ms=self.entities.arrays["last_ms"][owners],
                standing=self._standing(number, owners),
                alerts=self.entities.foretell(owners, every_ms),
                step_ms=step_ms[places],
                with_quality=with_quality[places],
            )

    def _standing(self, number: int, owners: Ints) -> ErrorBudgetStanding:
        rule = self.rules[number]
        return self.entities.standing(owners, rule.target / 100.0, rule.window_ms, self._windows[number])

    def _set_parts(self, number: int, slot: int, rule: Objective, key: SeriesKey) -> None:
        """What an event of a series adds to the bad ones and to all: of good ones, it takes one from the bad."""
        member = np.array(self.members.pairs.numbers(number, np.array([slot])))
        is_total, is_bad, is_good = (_counts(part, key) for part in (rule.total, rule.bad, rule.good))
        of_bad = float(is_total) - float(is_good) if rule.good is not None else float(is_bad)
        self.bank.arrays["of_bad"][member] = 1.0 if rule.ratio is not None else of_bad
        self.bank.arrays["of_all"][member] = float(is_total)


def _counts(part: EventCount | None, key: SeriesKey) -> bool:
    return part is not None and fnmatchcase(key.metric, part.metric) and applies_labels(part, key)
