"""Anomalies at work: the bank, and what the settings say of each series' records.

What the settings say is not learned, so it is no part of the state: a changed rule holds from the next start on.
"""

from math import inf

import numpy as np

from models.anomaly.bank import AnomalyBank
from models.anomaly.extremes import BLOCK
from models.arrays import Flags, Floats, Ints
from models.layout import Arrays, Field, allocate, grow
from streams.pipeline.catalog import Catalog
from streams.pipeline.config import applies
from streams.schema import AnomalyKind
from streams.settings.anomalies import ALERTS_PER_WEEK, AnomalyRule
from streams.settings.durations import WEEK_MS

START_CAPACITY = 64
KINDS = tuple(AnomalyKind)
"""By the numbers of `models.anomaly.kinds`."""

ANY_METRIC = AnomalyRule(metric="*")
"""Holds where no rule of the settings applies."""

SHARE_MAX = 0.2
"""Alerts per stretch of `BLOCK` samples: however coarse a series' step, a height must be rare to be told."""

_ASKED = (
    Field("alerts_per_ms", "f8", (), ALERTS_PER_WEEK / WEEK_MS, "1/ms", "budget of the series"),
    Field("least_above", "f8", (), 0, "y", "values less far above the median expected are not told"),
    Field("least_below", "f8", (), 0, "y", "the same below it"),
    Field("least_relative", "f8", (), 0, "-", "share of the median that a value must be away"),
    Field("muted", "u1", (), 0, "-", "kinds that are not told, as bits"),
)


class AnomalyTracker:
    """Follows every series."""

    def __init__(self, rules: tuple[AnomalyRule, ...], catalog: Catalog) -> None:
        self.bank = AnomalyBank()
        self._rules, self._catalog = rules, catalog
        self._asked: Arrays = allocate(_ASKED, START_CAPACITY)

    def reserve(self, slots: int) -> None:
        """Make room for at least so many slots."""
        self.bank.reserve(slots)
        held = len(self._asked["muted"])
        if slots > held:
            self._asked = grow(self._asked, _ASKED, max(slots, 2 * held))

    def add_series(self, slot: int) -> None:
        """Note what the settings ask of a series that is new in its slot, or was loaded."""
        key, asked = self._catalog.entry(slot).key, self._asked
        rule = next((each for each in self._rules if applies(each, key)), ANY_METRIC)
        asked["alerts_per_ms"][slot] = rule.alerts_per_week / WEEK_MS
        asked["least_above"][slot] = inf if rule.direction == "down" else rule.min_deviation
        asked["least_below"][slot] = inf if rule.direction == "up" else rule.min_deviation
        asked["least_relative"][slot] = rule.min_relative
        asked["muted"][slot] = sum([1 << KINDS.index(AnomalyKind(kind)) for kind in rule.mute])

    def ever_told(self, slot: int) -> list[AnomalyKind]:
        """The kinds that a series has had an episode of, and so a key."""
        found_ms = self.bank.arrays["episode_found_ms"][slot].tolist()
        return [kind for kind, at_ms in zip(KINDS, found_ms, strict=True) if at_ms]

    def told(self, kind: int, slots: Ints) -> Flags:
        """Whether these series' anomalies of a kind are told."""
        return np.asarray((self._asked["muted"][slots] & np.uint8(1 << kind)) == 0)

    def threshold(self, slots: Ints, step_ms: Ints) -> Floats:
        """The height from which on a sample is an anomaly, [n].

        Alerts of a stretch are a Poisson count of the budget's mean, so it holds none with this probability.
        """
        per_stretch = np.minimum(self._asked["alerts_per_ms"][slots] * (BLOCK * step_ms), SHARE_MAX)
        return np.asarray(np.exp(-per_stretch))

    def matters(self, slots: Ints, value: Floats, median: Floats) -> Flags:
        """Whether values are far enough from the median expected, on a side that is asked for; [n].

        Where no median is known, as of a series' first hours, all are.
        """
        asked, deviation = self._asked, value - median
        size = np.abs(deviation)
        least = np.where(deviation > 0, asked["least_above"][slots], asked["least_below"][slots])
        far = (size >= least) & (size >= asked["least_relative"][slots] * np.abs(median))
        return np.asarray(far | np.isnan(median))
