"""What every part of the bank needs to know of a series: its grid, its cycles, and how much it has seen.

`Sample` and `Target` are what the parts are called with: one new sample each of n series, or k instants of n series to
be forecast. Both carry what several parts would otherwise work out again.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Flags, Floats, Ints
from models.calendar.clocks import Clocks
from models.forecast.cycles import Cycle, Place, long_cycle, place, short_cycle, visit
from models.forecast.params import Gains
from models.layout import Arrays, Field, Slots

NO_STEP = -(2**62)
"""Step index of a slot that has seen nothing."""

LAYOUT = (
    Field("step_ms", "i8", (), 1, "ms", "width of the series' grid"),
    Field("zone", "i8", (), 0, "-", "time zone of its days and weeks, by number"),
    Field("first_step", "i8", (), NO_STEP, "steps", "index of the first sample's step since the epoch"),
    Field("last_step", "i8", (), NO_STEP, "steps", "index of the last sample's step"),
    Field("count", "i8", (), 0, "samples", "accepted samples"),
    Field("base", "f8", (), 0, "y", "first value and shifts since; remembered samples are relative to it"),
    Field("short_period_ms", "i8", (), 0, "ms", "period of the short cycle, 0: none"),
    Field("short_bins", "i8", (), 1, "bins", "bins it is cut into"),
    Field("short_visit", "i8", (), NO_STEP, "bins", "newest bin with a sample, counted from the epoch"),
    Field("short_visits", "i8", (), 0, "samples", "samples in that bin on this visit"),
    Field("long_period_ms", "i8", (), 0, "ms", "period of the long cycle, 0: none"),
    Field("long_bins", "i8", (), 1, "bins", "bins it is cut into"),
    Field("long_visit", "i8", (), NO_STEP, "bins", "newest bin with a sample, counted from the epoch"),
    Field("long_visits", "i8", (), 0, "samples", "samples in that bin on this visit"),
)

CYCLES = ("short", "long")


class Position(NamedTuple):
    """Where instants lie in one cycle of each series.

    `visit` counts bins from the epoch; `newest` is that of the last sample learned, and `visits` says how many samples
    its bin has had since it was entered.
    """

    cycle: Cycle
    at: Place
    visit: Ints
    newest: Ints
    visits: Ints


class Sample(NamedTuple):
    """One new sample each of n series; everything has shape (n,).

    `value` is what recursions may learn, clipped where it is an outlier; `raw` is what came. `seen` counts the
    samples with this one, `young` is 1 / seen, `missed` counts the steps without a sample before it, and
    `day_class` is 0 but on special days. `shifted` marks the rows that make a level shift believed.
    """

    slots: Slots
    step: Ints
    step_ms: Ints
    value: Floats
    raw: Floats
    gains: Gains
    seen: Ints
    young: Floats
    missed: Ints
    elapsed_ms: Ints
    local_ms: Ints
    day_class: Ints
    short: Position
    long: Position
    shifted: Flags


class Target(NamedTuple):
    """Instants to be forecast, `ahead` steps after the last sample of n series, (n, k); facts of series are (n, 1)."""

    slots: Slots
    ahead: Ints
    step: Ints
    last_step: Ints
    elapsed_ms: Ints
    local_ms: Ints
    day_class: Ints
    short: Position
    long: Position


def begin(state: Arrays, slots: Slots, step_ms: Ints, step: Ints, value: Floats, zone: Ints) -> None:
    """Give fresh slots their grid and first value."""
    state["step_ms"][slots] = step_ms
    state["zone"][slots] = zone
    state["first_step"][slots] = step
    state["last_step"][slots] = step - 1
    state["base"][slots] = value
    for name, cycle in zip(CYCLES, (short_cycle(step_ms), long_cycle(step_ms)), strict=True):
        state[f"{name}_period_ms"][slots] = cycle.period_ms
        state[f"{name}_bins"][slots] = cycle.bins


def sample(state: Arrays, slots: Slots, step: Ints, value: Floats, raw: Floats, gains: Gains, clocks: Clocks) -> Sample:
    """What the parts learn from."""
    step_ms, zone, count = state["step_ms"][slots], state["zone"][slots], state["count"][slots] + 1
    local_ms = clocks.local_ms(zone, step * step_ms)
    short, long = (_position(state, name, slots, step_ms, local_ms) for name in CYCLES)
    return Sample(
        slots=slots,
        step=step,
        step_ms=step_ms,
        value=value,
        raw=raw,
        gains=gains,
        seen=count,
        young=1.0 / count,
        missed=step - state["last_step"][slots] - 1,
        elapsed_ms=(step - state["first_step"][slots]) * step_ms,
        local_ms=local_ms,
        day_class=clocks.day_class(zone, local_ms),
        short=short,
        long=long,
        shifted=np.zeros(len(slots), np.bool_),
    )


def target(state: Arrays, slots: Slots, ahead: Ints, clocks: Clocks) -> Target:
    """What the parts forecast."""
    rows = slots[:, None]
    step_ms, zone, last_step = state["step_ms"][rows], state["zone"][rows], state["last_step"][rows]
    step = last_step + ahead
    local_ms = clocks.local_ms(zone, step * step_ms)
    short, long = (_position(state, name, rows, step_ms, local_ms) for name in CYCLES)
    return Target(
        slots=slots,
        ahead=ahead,
        step=step,
        last_step=last_step,
        elapsed_ms=(last_step - state["first_step"][rows]) * step_ms,
        local_ms=local_ms,
        day_class=clocks.day_class(zone, local_ms),
        short=short,
        long=long,
    )


def learn(state: Arrays, sample: Sample) -> None:
    """Note the sample as seen, after all other parts have learned it."""
    slots = sample.slots
    state["count"][slots] = sample.seen
    state["last_step"][slots] = sample.step
    for name, position in zip(CYCLES, (sample.short, sample.long), strict=True):
        state[f"{name}_visits"][slots] = visits_with(position)
        state[f"{name}_visit"][slots] = position.visit


def visits_with(position: Position) -> Ints:
    """Samples in the bin on this visit, a new one at the position included."""
    return np.where(position.visit == position.newest, position.visits, 0) + 1


def _position(state: Arrays, name: str, slots: Slots, step_ms: Ints, local_ms: Ints) -> Position:
    cycle = Cycle(state[f"{name}_period_ms"][slots], state[f"{name}_bins"][slots])
    at = place(cycle, step_ms, local_ms)
    return Position(
        cycle=cycle,
        at=at,
        visit=visit(cycle, local_ms, at),
        newest=state[f"{name}_visit"][slots],
        visits=state[f"{name}_visits"][slots],
    )
