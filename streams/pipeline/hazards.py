"""Hazards at work: entities whose series show signs of wear, judged once a round of their samples is there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from math import inf
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from models.failure import rounds, signs
from models.failure.calibration import Calibration, FleetCounts, bins_of, calibrated
from models.failure.hazards import HazardBank, HazardStanding
from models.failure.sign_bank import SignBank
from models.layout import Arrays
from streams.events import Event
from streams.pipeline.catalog import Catalog
from streams.pipeline.config import applies_labels
from streams.pipeline.entities import EntityBanks
from streams.pipeline.pairs import NO_PAIR
from streams.pipeline.spans import end_ms
from streams.pipeline.told import Told, is_about
from streams.series import Labels, parse_series
from streams.settings.hazards import HazardRule

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

START_CAPACITY = 16
SIGN_CUT = 5.0
"""A sign says no more than so many units."""

DRIVERS_MAX = 3
DRIVER_MIN = 0.1
"""What adds less than this to a score is not worth naming."""

MAXIMA = 2001
"""Quantiles of the entities' highest scores that are kept of a fleet."""


class Driver(NamedTuple):
    """A sign that makes a score high, and the series that shows it."""

    metric: str
    series: str
    sign: str
    share: float  # what it adds to the score
    strength: float  # the sign itself, in its own unit
    value: float  # the series' last value
    grown_by: float  # since the present growth began
    grown_ms: int
    still_ms: int  # since it last changed
    limit: float | None


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


class HazardTracker(EntityBanks):
    """Follows every entity that a hazard is about."""

    def __init__(self, rules: tuple[HazardRule, ...], catalog: Catalog, grid: Arrays) -> None:
        self.rules = rules
        self.catalog = catalog
        self.bank = SignBank(START_CAPACITY)
        self.entities = HazardBank(START_CAPACITY)
        super().__init__(len(rules), catalog, grid, self.bank, self.entities)
        self.told = Told()
        self.calibrations = [
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
        for number, rule in enumerate(self.rules):
            found = self.members.pairs.numbers(number, slots)
            places = np.flatnonzero(found != NO_PAIR)
            if len(places):
                members, now_ms = found[places], timestamp_ms[places]
                owners, at = self.members.distinct_owners_of(members), now_ms // rule.every_ms
                short = rounds.cut_short(self.entities.arrays, owners, at)
                if short.any():
                    yield self._judge(number, owners[short])
                is_first = self.bank.take(members, at, now_ms, raw[places], value[places], score[places])
                over = rounds.arrive(self.entities.arrays, owners, at, now_ms, is_first)
                if over.any():
                    yield self._judge(number, owners[over])

    def take_event(self, event: Event) -> Iterator[HazardOutcome]:
        """What predictions are judged by is a failure of an entity; what is said of it then, with what it settles."""
        cancelled = event.cancelled or not event.judge
        self.told.take(replace(event, title="", description="", cancelled=cancelled))
        if cancelled:
            return
        for number, rule in enumerate(self.rules):
            about = [owner for owner, entity in self.members.of_rule(number) if is_about(event, _labels(entity))]
            failed = np.array([owner for owner in about if event.start_ms <= self._last_ms(owner)], np.int64)
            if len(failed):
                self._fail(rule, failed, event)
                yield self._say(number, failed, self._shares(rule, failed), np.ones(len(failed), np.bool_))

    def come_to(self, watermark_ms: int) -> None:
        """Event time has come so far: entities that are silent fail by the incidents of their time, too.

        Nothing is published of it, for what there is to read must not depend on when event time moves.
        """
        for event in self.told.come(watermark_ms):
            for number, rule in enumerate(self.rules):
                about = [owner for owner, entity in self.members.of_rule(number) if is_about(event, _labels(entity))]
                reported = [owner for owner in about if self._last_ms(owner) != rounds.NO_ROUND]
                self._fail(rule, np.array(reported, np.int64), event)

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
        rule, calibration = self.rules[number], self.calibrations[number]
        if self.told.events:
            self._catch_up(rule, owners)
        shares = self._shares(rule, owners)
        score = shares.sum(axis=1)
        p, base = calibration.p[bins_of(score)], np.full(len(owners), calibration.base)
        looked = self.entities.judge(owners, score, p, base, score > _threshold(calibration), rule.within_ms)
        return self._say(number, owners, shares, looked)

    def _catch_up(self, rule: HazardRule, owners: Ints) -> None:
        """Let these entities fail by the incidents that were told before they had come to their time."""
        for owner in owners.tolist():
            for event in self.told.about(self.members.owner(owner).entity, self._last_ms(owner)):
                self._fail(rule, np.array([owner]), event)

    def _fail(self, rule: HazardRule, owners: Ints, event: Event) -> None:
        failure_id = crc32(event.id.encode())
        self.entities.fail(owners, event.start_ms, end_ms(event), failure_id, rule.within_ms)

    def _last_ms(self, owner: int) -> int:
        """The time of an entity's newest sample; long ago before the first."""
        arrays = self.entities.arrays
        return int(arrays["last_ms"][owner]) if arrays["round"][owner] != rounds.NO_ROUND else rounds.NO_ROUND

    def _say(self, number: int, owners: Ints, shares: Floats, with_quality: Flags) -> HazardOutcome:
        rule, calibration = self.rules[number], self.calibrations[number]
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
            drivers=[self._drivers(rule, owner, row) for owner, row in zip(owners.tolist(), shares, strict=True)],
            with_quality=with_quality,
        )

    def _shares(self, rule: HazardRule, owners: Ints) -> Floats:
        """What each sign adds to the score of each entity: the strongest of its series; shape (n, signs)."""
        now_ms = self.entities.arrays["last_ms"][owners]
        lists = [self.members.members_of(owner) for owner in owners.tolist()]
        members = np.array([member for each in lists for member in each], np.int64)
        of_owner = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
        metrics = [self._metric(member) for member in members.tolist()]
        shares = np.full((len(owners), len(rule.signs)), -np.inf)
        for place, sign in enumerate(rule.signs):
            showing = self._showing(rule, members, metrics, place)
            strength = self._strength(rule, place, members[showing], now_ms[of_owner[showing]])
            cut = np.clip(strength / sign.unit, -SIGN_CUT, SIGN_CUT)
            np.maximum.at(shares[:, place], of_owner[showing], sign.weight * cut)
        return np.where(np.isfinite(shares), shares, 0.0)

    def _showing(self, rule: HazardRule, members: Ints, metrics: list[str], place: int) -> Ints:
        """Places of the members that a sign is looked for in, and that have a sample."""
        pattern = rule.signs[place].metric
        wanted = {metric: fnmatchcase(metric, pattern) for metric in set(metrics)}
        matches = np.array([wanted[metric] for metric in metrics], np.bool_)
        return np.flatnonzero(matches & (self.bank.arrays["samples"][members] > 0))

    def _strength(self, rule: HazardRule, place: int, members: Ints, now_ms: Ints) -> Floats:
        sign = rule.signs[place]
        return signs.read(self.bank.arrays, members, signs.SIGNS.index(sign.sign), sign.limit or 1.0, now_ms)

    def _drivers(self, rule: HazardRule, owner: int, shares: Floats) -> list[Driver]:
        """The signs that add most to an entity's score."""
        if not (shares >= DRIVER_MIN).any():
            return []
        strongest = np.argsort(-shares, kind="stable")[:DRIVERS_MAX].tolist()
        return [self._driver(rule, owner, place, shares[place]) for place in strongest if shares[place] >= DRIVER_MIN]

    def _driver(self, rule: HazardRule, owner: int, place: int, share: float) -> Driver:
        sign, arrays = rule.signs[place], self.bank.arrays
        members = np.array(self.members.members_of(owner), np.int64)
        metrics = [self._metric(member) for member in members.tolist()]
        members = members[self._showing(rule, members, metrics, place)]
        now_ms = int(self.entities.arrays["last_ms"][owner])
        strength = self._strength(rule, place, members, np.full(len(members), now_ms))
        best = int((sign.weight * strength).argmax())
        member = int(members[best])
        entry = self.catalog.entry(self.slot_of(member))
        value = float(arrays["value"][member])
        return Driver(
            metric=entry.key.metric,
            series=entry.name,
            sign=sign.sign,
            share=float(share),
            strength=float(strength[best]),
            value=value,
            grown_by=value - float(arrays["grown_from"][member]),
            grown_ms=now_ms - int(arrays["grown_since_ms"][member]),
            still_ms=now_ms - int(arrays["changed_ms"][member]),
            limit=sign.limit,
        )

    def _metric(self, member: int) -> str:
        return self.catalog.entry(self.slot_of(member)).key.metric


def _threshold(calibration: Calibration) -> float:
    return inf if calibration.threshold is None else calibration.threshold


def _labels(entity: str) -> Labels:
    return parse_series(entity).labels
