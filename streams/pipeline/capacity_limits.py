"""The limits of pairs: known when a pair is made, or the last value of the series that limits it."""

from math import nan

import numpy as np

from models.arrays import Floats, Ints
from models.layout import Arrays
from streams.series import SeriesKey
from streams.settings.limits_text import number_of
from streams.settings.rules import CapacityLimit

NO_SLOT = -1


def fixed_limit(limit: CapacityLimit, key: SeriesKey) -> float:
    """The limit that a series has from the settings or from its own labels; NaN where it has none."""
    labels = dict(key.labels)
    if limit.file is not None:
        return limit.file.limit_of(labels)
    if limit.label is not None:
        written = number_of(labels.get(limit.label, ""))
        return nan if written is None else written
    return nan if limit.value is None else limit.value


def why_unknown(limit: CapacityLimit) -> str:
    """Why a series has no limit, in words."""
    if limit.file is not None:
        return f"{limit.file.path} has no limit for this series' labels, or two that fit equally well"
    if limit.label is not None:
        return f"this series has no label {limit.label} that is a number"
    return f"no {limit.metric} is known for this series"


class Limits:
    """Limits by the number of a pair.

    They follow from settings, names and what is in the catalogue, and not from the order in which that came: a
    checkpoint needs none of them.
    """

    def __init__(self) -> None:
        self._fixed: Floats = np.full(0, nan)
        self._slot: Ints = np.full(0, NO_SLOT, np.int64)

    def add(self, pair: int, fixed: float) -> None:
        """Give a pair the limit that is known of it, NaN for none."""
        self._reserve(pair + 1)
        self._fixed[pair], self._slot[pair] = fixed, NO_SLOT

    def follow(self, pair: int, slot: int) -> None:
        """Let the series in a slot limit a pair; NO_SLOT for none."""
        self._reserve(pair + 1)
        self._slot[pair] = slot

    def forget(self, pair: int) -> None:
        """Know no limit of a pair any more."""
        self.add(pair, nan)

    def slot_of(self, pair: int) -> int:
        """The slot of the series that limits a pair, or NO_SLOT."""
        return int(self._slot[pair]) if pair < len(self._slot) else NO_SLOT

    def of(self, pairs: Ints, grid: Arrays) -> Floats:
        """The limits as they are now, NaN where they are not known."""
        slots = self._slot[pairs]
        followed = (slots != NO_SLOT) & (grid["accepted"][slots] > 0)
        return np.where(followed, grid["last_value"][slots], self._fixed[pairs])

    def _reserve(self, pairs: int) -> None:
        held = len(self._fixed)
        if pairs > held:
            more = max(pairs, 2 * held) - held
            self._fixed = np.concatenate([self._fixed, np.full(more, nan)])
            self._slot = np.concatenate([self._slot, np.full(more, NO_SLOT, np.int64)])
