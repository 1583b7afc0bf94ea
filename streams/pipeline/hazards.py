"""Hazards at work: entities whose series show signs of wear, judged once a round of their samples is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import inf

import numpy as np

from models.arrays import Flags, Floats, Ints
from models.failure import rounds
from models.failure.calibration import Calibration, FleetCounts, bins_of, calibrated
from models.failure.hazards import HazardBank, HazardStanding
from models.failure.sign_bank import SignBank
from models.layout import Arrays
from streams.events import Event
from streams.pipeline.catalog import Catalog
from streams.pipeline.config import applies_labels
from streams.pipeline.entities import EntityTracker
from streams.pipeline.entity_failures import EntityFailures
from streams.pipeline.sign_shares import Driver, SignShares
from streams.settings.hazards import HazardRule

START_CAPACITY = 16

MAXIMA = 2001
"""Quantiles of the entities' highest scores that are kept of a fleet."""


@dataclass(frozen=True, slots=True)
class HazardOutcome:
    """Predictions of one hazard for n entities."""

    rule: HazardRule
    calibration: Calibration
    entities: list[str]
    last_ms: Ints
    score: Floats
    p: Floats
    stands_out: Flags
    standing: HazardStanding
    drivers: list[list[Driver]]
    with_quality: Flags  # of which it is told, too, how such predictions fared


class HazardTracker(EntityTracker[HazardRule, SignBank, HazardBank]):
    """Follows every entity that a hazard is about."""

    def __init__(self, rules: tuple[HazardRule, ...], catalog: Catalog, grid: Arrays) -> None:
        super().__init__(rules, catalog, grid, SignBank(START_CAPACITY), HazardBank(START_CAPACITY))
        self.failures = EntityFailures(rules, self.members, self.entities)
        self._shares = SignShares(self.bank, self.entities, self.members, catalog)
        self._calibrations = [
            calibrated(rule.prior, rule.calibration.counts if rule.calibration else None, rule.flag_budget)
            for rule in rules
        ]

    def add_series(self, slot: int) -> None:
        """Let a series be a member wherever a sign of a hazard is looked for in it."""
        key = self.catalog.entry(slot).key
        for number, rule in enumerate(self.rules):
            if applies_labels(rule, key) and any(fnmatchcase(key.metric, sign.metric) for sign in rule.signs):
                self.join(slot, number)

    def restart_series(self, slot: int) -> None:
        """Forget what was learned of a series whose beginning was wrong; it may have carried its entities with it."""
        self.entities.restart(self.restart_members(slot))

    def update(
        self, slots: Ints, timestamp_ms: Ints, raw: Floats, value: Floats, score: Floats
    ) -> Iterator[HazardOutcome]:
        """One sample each of different series, no two of which are members of one entity; what is said upon them."""
        for number, places, members in self.pairs.by_rule(slots):
            owners, now_ms = self.members.distinct_owners_of(members), timestamp_ms[places]
            at = now_ms // self.rules[number].every_ms
            short = rounds.cut_short(self.entities.arrays, owners, at)
            if short.any():
                yield self._judge(number, owners[short])
            is_first = self.bank.take(members, at, now_ms, raw[places], value[places], score[places])
            over = rounds.arrive(self.entities.arrays, owners, at, now_ms, is_first)
            if over.any():
                yield self._judge(number, owners[over])

    def take_event(self, event: Event) -> Iterator[HazardOutcome]:
        """Predictions are judged by failures of entities; what is said of one that fails, with what that settles."""
        for number, failed in self.failures.take(event):
            shares = self._shares.of(self.rules[number], failed)
            yield self._outcome(number, failed, shares, np.ones(len(failed), np.bool_))

    def counted(self, number: int) -> tuple[int, FleetCounts]:
        """What a hazard's entities add up to, and how many they are: what a calibration is made of."""
        arrays, owners = self.entities.arrays, np.array([owner for owner, _ in self.members.of_rule(number)], np.int64)
        healthy = owners[(arrays["failures_seen"][owners] == 0) & np.isfinite(arrays["score_max"][owners])]
        highest = arrays["score_max"][healthy]
        maxima = np.quantile(highest, np.linspace(0.0, 1.0, MAXIMA)) if len(healthy) else highest
        looks, hits = (arrays[name][owners].sum(axis=0).astype(np.int64) for name in ("score_looks", "score_hits"))
        return len(owners), FleetCounts(looks, hits, maxima)

    def _judge(self, number: int, owners: Ints) -> HazardOutcome:
        """Settle what was said of these entities, as far as time has told, and note what is said now."""
        rule, calibration = self.rules[number], self._calibrations[number]
        self.failures.catch_up(number, owners)
        shares = self._shares.of(rule, owners)
        score = shares.sum(axis=1)
        p, base = calibration.p[bins_of(score)], np.full(len(owners), calibration.base)
        looked = self.entities.judge(owners, score, p, base, score > _threshold(calibration), rule.within_ms)
        return self._outcome(number, owners, shares, looked)

    def _outcome(self, number: int, owners: Ints, shares: Floats, with_quality: Flags) -> HazardOutcome:
        rule, calibration = self.rules[number], self._calibrations[number]
        standing = self.entities.standing(owners)
        # s = sum of w[f] min(5, x[f] / scale[f])
        score = shares.sum(axis=1)
        return HazardOutcome(
            rule=rule,
            calibration=calibration,
            entities=[self.members.owner(owner).entity for owner in owners.tolist()],
            last_ms=self.entities.arrays["last_ms"][owners],
            score=score,
            p=np.where(standing.failing, 1.0, calibration.p[bins_of(score)]),
            stands_out=score > _threshold(calibration),
            standing=standing,
            drivers=[
                self._shares.drivers(rule, owner, of_signs)
                for owner, of_signs in zip(owners.tolist(), shares, strict=True)
            ],
            with_quality=with_quality,
        )


def _threshold(calibration: Calibration) -> float:
    return inf if calibration.threshold is None else calibration.threshold
