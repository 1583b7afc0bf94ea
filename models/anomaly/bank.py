"""The anomaly bank: how strange a sample is for its series, and whether that is news.

    s = (Z + X / 2 + S / 2) / 2        position and rarity in the long history, distance from the season; Z is no more
                                       than the distance from the season is in the same scale: what comes every night is
                                       far from the centre, and not strange
    y = surprisal of s                 -log10 of the probability that an ordinary stretch holds one as strange
    score = 1 - 10^-y where y is news, 0 elsewhere

so a score means the same for every series. The forecast bank says how far samples are from where they were expected;
what it learned from them does not matter here.
"""

from typing import NamedTuple

import numpy as np

from models.anomaly import arrivals, episodes, extremes, flat, novelty, position, scales, season, spread
from models.arrays import Flags, Floats, Ints
from models.forecast.departures import Departures
from models.layout import Field, Layout, SlotBank, Slots, reset_rows

START_CAPACITY = 64
STRANGE_MEAN = 1.5
"""Of the strangest sample of an ordinary stretch, before any was seen."""
READY_SAMPLES = 100
"""Samples before anything is strange."""
READY_CHANGES = 20
"""And changes: a series that hardly ever did anything has no usual distance, and its first change is no news."""

LEARNED: Layout = (
    Field("seen", "u4", (), 0, "samples", "learned"),
    Field("changes", "u1", (), 0, "samples", "that differed from the one before, as far as that matters"),
    Field("previous", "f8", (), 0, "y", "newest sample"),
    *position.LAYOUT,
    *season.LAYOUT,
    *extremes.layout("strange", STRANGE_MEAN),
    *novelty.LAYOUT,
    *flat.LAYOUT,
    *spread.LAYOUT,
)
"""What follows from the values; the rest follows from when they come."""

LAYOUT: Layout = (*LEARNED, *arrivals.LAYOUT, *episodes.LAYOUT)


class Scored(NamedTuple):
    """One sample each of n series; arrays of shape (n,), in [0, 1].

    Attributes
    ----------
    score
        How unlikely an ordinary stretch of the series holds a sample as strange; 0 where the last stretch did.
    height
        The same, news or not; 0 for young series.
    quiet
        Samples that an episode of it lasts without one as strange.
    flat, spread
        What the modules of these names say.
    """

    score: Floats
    height: Floats
    quiet: Ints
    flat: flat.Flat
    spread: spread.Spread


class AnomalyBank(SlotBank):
    """Scores of many series; a slot is the same series as in the forecast bank."""

    def __init__(self) -> None:
        super().__init__(LAYOUT, START_CAPACITY)

    def begin_anew(self, slots: Slots) -> None:
        """Forget the values of these slots' series: the next sample is their first."""
        reset_rows(self.arrays, LEARNED, slots)

    def arrive(self, slots: Slots, step_ms: Ints, step: Ints, late_steps: Ints) -> arrivals.Arrival:
        """Note that a sample each has come, whether it will be learned or not; see `arrivals.follow`."""
        return arrivals.follow(self.arrays, slots, step_ms, step, late_steps)

    def crowded(self, slot: int) -> None:
        """Note that a sample was refused because its step had one."""
        arrivals.crowded(self.arrays, slot)

    def overdue(self, now_ms: int) -> Slots:
        """The slots whose next sample is overdue at this event time, ascending."""
        return np.flatnonzero(self.arrays["overdue_ms"] <= now_ms)

    def update(self, slots: Slots, step_ms: Ints, value: Floats, departures: Departures) -> Scored:
        """Score one sample each against what the series knew before it, then learn it.

        Parameters
        ----------
        slots
            Different slots, shape (n,).
        step_ms
            Widths of the series' grids.
        value
            Finite values.
        departures
            How far they are from what the forecast bank expected.
        """
        state = self.arrays
        seen = state["seen"][slots].astype(np.int64) + 1
        state["seen"][slots] = seen
        changed = self._note_change(slots, value, seen)
        at = position.locate(state, slots, value, seen)
        of_season, away = season.locate(state, slots, departures.season)
        # The first samples of all are strange beside nothing.
        begun = seen > scales.WARM_UP_SAMPLES
        far = np.fmin(at.far, position.octaves(state, slots, departures.season))
        strangeness = np.where(begun, (far + 0.5 * at.rare + 0.5 * away) / 2.0, 0.0)
        y = extremes.surprisal(state, "strange", slots, strangeness)
        position.learn(state, slots, value, seen, at)
        season.learn(state, slots, of_season)
        extremes.learn(state, "strange", slots, strangeness, seen)
        width = novelty.part_samples(step_ms)
        news = novelty.is_news(state, slots, width, y, seen)
        ready = (seen > READY_SAMPLES) & (state["changes"][slots] >= READY_CHANGES)
        height = np.where(ready, -np.expm1(-np.log(10.0) * y), 0.0)
        flatness = flat.follow(state, slots, step_ms, changed, seen)
        wildness = spread.follow(state, slots, departures.level, seen, changed)
        return Scored(np.where(news, height, 0.0), height, width, flatness, wildness)

    def _note_change(self, slots: Slots, value: Floats, seen: Ints) -> Flags:
        changed = (value != self.arrays["previous"][slots]) & (seen > 1)
        changes = self.arrays["changes"][slots].astype(np.int64) + changed
        self.arrays["changes"][slots] = np.minimum(changes, READY_CHANGES)
        self.arrays["previous"][slots] = value
        return np.asarray(changed)
