"""Shares: what each sign of wear adds to the score of an entity, and which of its series shows it."""

from fnmatch import fnmatchcase
from typing import NamedTuple

import numpy as np

from models.arrays import Floats, Ints
from models.failure import signs
from models.failure.hazards import HazardBank
from models.failure.sign_bank import SignBank
from streams.pipeline.catalog import Catalog
from streams.pipeline.members import Members
from streams.settings.hazards import HazardRule, HazardSign

SIGN_CUT = 5.0
"""A sign says no more than so many units."""

DRIVERS_MAX = 3
DRIVER_MIN = 0.1
"""What adds less than this to a score is not worth naming."""


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


class SignShares:
    """Reads the signs that the members of entities show, as of the entities' newest samples."""

    def __init__(self, bank: SignBank, entities: HazardBank, members: Members, catalog: Catalog) -> None:
        self._bank = bank
        self._entities = entities
        self._members = members
        self._catalog = catalog

    def of(self, rule: HazardRule, owners: Ints) -> Floats:
        """What each sign adds to the score of each entity: the strongest of its series; shape (n, signs)."""
        now_ms = self._entities.arrays["last_ms"][owners]
        lists = [self._members.members_of(owner) for owner in owners.tolist()]
        members = np.array([member for each in lists for member in each], np.int64)
        of_owner = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
        metrics = self._metrics(members)
        shares = np.full((len(owners), len(rule.signs)), -np.inf)
        for place, sign in enumerate(rule.signs):
            showing = self._showing(sign, members, metrics)
            strength = self._strength(sign, members[showing], now_ms[of_owner[showing]])
            cut = np.clip(strength / sign.unit, -SIGN_CUT, SIGN_CUT)
            np.maximum.at(shares[:, place], of_owner[showing], sign.weight * cut)
        return np.where(np.isfinite(shares), shares, 0.0)

    def drivers(self, rule: HazardRule, owner: int, shares: Floats) -> list[Driver]:
        """The signs that add most to an entity's score."""
        if not (shares >= DRIVER_MIN).any():
            return []
        strongest = np.argsort(-shares, kind="stable")[:DRIVERS_MAX].tolist()
        return [
            self._driver(rule.signs[place], owner, float(shares[place]))
            for place in strongest
            if shares[place] >= DRIVER_MIN
        ]

    def _driver(self, sign: HazardSign, owner: int, share: float) -> Driver:
        members = np.array(self._members.members_of(owner), np.int64)
        members = members[self._showing(sign, members, self._metrics(members))]
        now_ms = int(self._entities.arrays["last_ms"][owner])
        strength = self._strength(sign, members, np.full(len(members), now_ms))
        best = int((sign.weight * strength).argmax())
        member, arrays = int(members[best]), self._bank.arrays
        entry = self._catalog.entry(self._members.slot_of(member))
        value = float(arrays["value"][member])
        return Driver(
            metric=entry.key.metric,
            series=entry.name,
            sign=sign.sign,
            share=share,
            strength=float(strength[best]),
            value=value,
            grown_by=value - float(arrays["grown_from"][member]),
            grown_ms=now_ms - int(arrays["grown_since_ms"][member]),
            still_ms=now_ms - int(arrays["changed_ms"][member]),
            limit=sign.limit,
        )

    def _showing(self, sign: HazardSign, members: Ints, metrics: list[str]) -> Ints:
        """Places of the members that a sign is looked for in, and that have a sample."""
        wanted = {metric: fnmatchcase(metric, sign.metric) for metric in set(metrics)}
        matches = np.array([wanted[metric] for metric in metrics], np.bool_)
        return np.flatnonzero(matches & (self._bank.arrays["samples"][members] > 0))

    def _strength(self, sign: HazardSign, members: Ints, now_ms: Ints) -> Floats:
        return signs.read(self._bank.arrays, members, signs.SIGNS.index(sign.sign), sign.limit or 1.0, now_ms)

    def _metrics(self, members: Ints) -> list[str]:
        return [self._catalog.entry(self._members.slot_of(member)).key.metric for member in members.tolist()]
