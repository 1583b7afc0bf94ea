"""Courses: what the compared series showed, step by step, for baselines to learn from.

Kept from as long before the first origin as any baseline may look back. A counter's samples are rates here, as they
are for the engine.
"""

from dataclasses import dataclass

import numpy as np

from load.backtest.baselines.contract import steps_kept
from load.backtest.history import Learned, season_steps
from load.backtest.plan import Plan
from load.backtest.sample import SeriesSample
from models.arrays import Floats, Ints
from models.layout import Arrays
from streams.pipeline.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Course:
    """One series: the values of its steps in a row, NaN where no sample came; `origins` count the steps up to each."""

    name: str
    season: int
    values: Floats
    origins: tuple[int, ...]


class Courses:
    """Gathers the samples of a sample of series.

    Parameters
    ----------
    series_max
        How many series at most.
    catalog, grid
        The pipeline's.
    """

    def __init__(self, plan: Plan, series_max: int, catalog: Catalog, grid: Arrays) -> None:
        self._plan, self._catalog, self._grid = plan, catalog, grid
        season = int(season_steps(np.array([plan.step_ms]))[0])
        self._since_ms = plan.origins_ms[0] - steps_kept(season) * plan.step_ms
        self._sample = SeriesSample(series_max)
        self._slots_known = 0
        self._is_taken = np.zeros(0, np.bool_)
        self._slot: list[Ints] = []
        self._step: list[Ints] = []
        self._value: list[Floats] = []

    @property
    def names(self) -> list[str]:
        """The series compared, sorted."""
        return sorted(self._sample.slots)

    def learn(self, learned: Learned) -> None:
        """Samples of different series."""
        self._meet_newcomers()
        in_time = learned.step * self._grid["step_ms"][learned.slot] > self._since_ms
        kept = np.flatnonzero(self._is_taken[learned.slot] & in_time)
        if len(kept):
            self._slot.append(learned.slot[kept])
            self._step.append(learned.step[kept])
            self._value.append(learned.value[kept])

    def all(self) -> list[Course]:
        """The courses of the compared series that have samples, by name."""
        if not self._slot:
            return []
        slot = np.concatenate(self._slot)
        order = np.argsort(slot, kind="stable")
        slot, step, value = slot[order], np.concatenate(self._step)[order], np.concatenate(self._value)[order]
        bounds = {name: np.searchsorted(slot, [of, of + 1]) for name, of in sorted(self._sample.slots.items())}
        return [
            self._course(name, step[first:last], value[first:last])
            for name, (first, last) in bounds.items()
            if last > first
        ]

    def _course(self, name: str, step: Ints, value: Floats) -> Course:
        step_ms = self._grid["step_ms"][self._sample.slots[name]]
        values = np.full(step[-1] - step[0] + 1, np.nan)
        values[step - step[0]] = value
        upto = [int(origin_ms // step_ms - step[0] + 1) for origin_ms in self._plan.origins_ms]
        season = int(season_steps(np.array([step_ms]))[0])
        return Course(name, season, values, tuple([max(steps, 0) for steps in upto]))

    def _meet_newcomers(self) -> None:
        """Slots are handed out in order, and none is given away in a backtest: there is room for every series."""
        slots = len(self._catalog.entries)
        if slots == self._slots_known:
            return
        for slot in range(self._slots_known, slots):
            self._sample.offer(self._catalog.entry(slot).name, slot)
        self._slots_known = slots
        self._is_taken = np.zeros(slots, np.bool_)
        self._is_taken[list(self._sample.slots.values())] = True
