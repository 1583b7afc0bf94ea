"""The forecast bank: every series of a partition in one struct of arrays.

Slots are handed out by the pipeline; the bank knows arrays only. A call takes slots that are all different, and what a
slot gets does not depend on which others are in the call (`tests/models/forecast/test_contract.py`).
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Floats, Ints
from models.calendar.clocks import Clocks
from models.forecast import beginnings, quality, robust, series, shifts
from models.forecast.departures import Departures, departures
from models.forecast.experts import fleet
from models.forecast.experts.registry import families
from models.forecast.horizons import Horizons
from models.forecast.memory import cycles, recent
from models.forecast.mixture import Mixture
from models.forecast.origins import Origins
from models.forecast.params import DEFAULTS, Params
from models.forecast.quality import Quality
from models.forecast.residuals import WindowQuantiles
from models.forecast.shapes import Shapes
from models.layout import SlotBank, Slots

START_CAPACITY = 64

# Slots forecast at a time: their windows of errors stay in the processor's cache, and the memory of a call bounded.
_CHUNK = 256


# What settings gave a series after its start, and a new beginning leaves.
_GIVEN = ("floor", "ceiling", "shape_number")


class Learned(NamedTuple):
    """What a bank found in one sample each of n series.

    Attributes
    ----------
    departures
        How far the samples are from where they were expected.
    shift
        The level shifts that are confirmed with them; None if there are none.
    """

    departures: Departures
    shift: shifts.Shift | None


class ForecastBank(SlotBank):
    """Rolling probabilistic forecasts of many series.

    Parameters
    ----------
    horizon_steps
        The longest horizon forecast.
    levels
        Quantile levels, increasing, in (0, 1).
    clocks
        Time zones and special days.
    params
        Gains, the fleet's experience and its shapes.

    Attributes
    ----------
    shapes
        Those of the parameters: they know the number of a metric's shape.
    """

    def __init__(
        self, horizon_steps: int, levels: Floats, clocks: Clocks | None = None, params: Params = DEFAULTS
    ) -> None:
        self.horizons = Horizons(horizon_steps)
        self.levels = np.asarray(levels, np.float64)
        self.params = params
        self._clocks = clocks or Clocks.utc()
        self.shapes = Shapes(params.shapes)
        self._families = families(has_calendar=self._clocks.has_calendar, shapes=self.shapes)
        self._mixture = Mixture(self._families, self.horizons, params, self._clocks)
        self._origins = Origins(self._mixture, self.horizons)
        self._window_quantiles = WindowQuantiles(self.levels)
        layout = (
            *series.LAYOUT,
            *recent.LAYOUT,
            *cycles.LAYOUT,
            *[field for family in self._families for field in family.LAYOUT],
            *robust.LAYOUT,
            *shifts.LAYOUT,
            *self._origins.layout,
        )
        super().__init__(layout, START_CAPACITY)

    @property
    def expert_names(self) -> tuple[str, ...]:
        """Of the experts, in the order of the state's record of losses."""
        return self._mixture.names

    def start(self, slots: Slots, step_ms: Ints, step: Ints, value: Floats, zone: Ints | None = None) -> None:
        """Begin series in `slots`, whatever was there before, on a grid of `step_ms`, at their first sample's step.

        `zone` numbers their time zones; without it all are UTC.
        """
        self.clear(slots)
        series.begin(self.arrays, slots, step_ms, step, value, np.zeros_like(slots) if zone is None else zone)
        for family in self._families:
            family.start(self.arrays, slots, value)

    def bound(self, slots: Slots, floor: Floats, ceiling: Floats) -> None:
        """Hold the forecasts of these series, which have been started, between a floor and a ceiling; shape (n,)."""
        self.arrays["floor"][slots] = floor
        self.arrays["ceiling"][slots] = ceiling

    def shape(self, slots: Slots, number: Ints) -> None:
        """Give these series, which have been started, the shapes of their metrics, by the numbers of `shapes`."""
        if self.shapes:
            fleet.give(self.arrays, slots, number)

    def update(self, slots: Slots, step: Ints, value: Floats) -> Learned:
        """Learn one sample each.

        Parameters
        ----------
        slots
            Different slots, shape (n,), each begun by `start`.
        step
            Step index of each sample, above the slot's last one.
        value
            Finite values.

        Returns
        -------
        Learned
            What is known of the samples beside the forecasts.
        """
        self._begin_anew(slots, step, value)
        self._origins.score(self.arrays, slots, step, value)
        clipped = robust.clip(self.arrays, slots, value)
        sample = series.sample(self.arrays, slots, step, clipped, value, self.params.gains, self._clocks)
        sample = shifts.note(self.arrays, sample)
        departed = departures(self.arrays, sample)
        for family in self._families:
            family.learn(self.arrays, sample)
        # The memories come after the experts, which look at what they held before the sample.
        for memory in (recent, cycles, series):
            memory.learn(self.arrays, sample)
        shift = shifts.confirmed(self.arrays, sample)
        self._move(shift)
        self._origins.begin(self.arrays, slots, step)
        return Learned(departed, shift)

    def forecast(self, slots: Slots, origin_step: Ints, horizons: Ints) -> Floats:
        """Quantiles at `horizons` steps after `origin_step`, which is not before the series' last sample.

        Parameters
        ----------
        slots
            Shape (n,).
        origin_step
            Step index of the origins, shape (n,).
        horizons
            Steps after the origin, at least 1, shape (k,).

        Returns
        -------
        array
            Shape (n, k, q), sorted along the last axis.
        """
        quantiles = np.empty((len(slots), len(horizons), len(self.levels)))
        for first in range(0, len(slots), _CHUNK):
            part = slice(first, first + _CHUNK)
            quantiles[part] = self._forecast(slots[part], origin_step[part], horizons)
        return quantiles

    def expected(self, slots: Slots, step: Ints) -> Floats:
        """The deciles that were set aside for these steps before their samples came, (n, d); NaN where none were."""
        return self._origins.expected(self.arrays, slots, step)

    def quality(self, slots: Slots) -> Quality:
        """How the forecasts of these slots fared so far, beside those of seasonal naive."""
        return quality.read(self.arrays, slots)

    def _begin_anew(self, slots: Slots, step: Ints, value: Floats) -> None:
        """Forget the series whose first value had nothing to do with the others: this sample is their first."""
        rows = np.flatnonzero(beginnings.was_false(self.arrays, slots))
        if not len(rows):
            return
        state, begun = self.arrays, slots[rows]
        given = {name: state[name][begun] for name in _GIVEN if name in state}
        self.start(begun, state["step_ms"][begun], step[rows], value[rows], state["zone"][begun])
        for name, values in given.items():
            state[name][begun] = values

    def _move(self, shift: shifts.Shift | None) -> None:
        if shift is None:
            return
        for family in self._families:
            family.move(self.arrays, shift)
        recent.move(self.arrays, shift)
        cycles.move(self.arrays, shift)
        # The memories are kept relative to it: with it all they hold has moved.
        self.arrays["base"][shift.sample.slots] += shift.by

    def _forecast(self, slots: Slots, origin_step: Ints, horizons: Ints) -> Floats:
        ahead = (origin_step - self.arrays["last_step"][slots])[:, None] + horizons
        at = self.horizons.between(horizons)
        return self._mixture.say(self.arrays, slots, ahead, at, self._window_quantiles).quantiles
