"""Level shifts: believed at once, and for good once they have lasted.

    believed    four samples in a row that the season does not explain            levels follow at once
    confirmed   a whole short cycle later, if all its samples stayed away         what is remembered moves by as much

What a series remembers of earlier cycles was at another level; a confirmed shift moves all of it to where the series is
now, so that its season is forecast there. Before that it stays: a job that runs for an hour is not a new level, and
what was remembered must be there when it ends. Nor is a weekend, a day off, or what comes every week. So a shift waits
to be confirmed only where two long cycles are known, where neither cycle is used to such distances, and where the long
one does not explain half of it. Without these conditions business figures, whose week has a shape of its own, were
forecast twice as badly.
"""

from typing import Any, NamedTuple

import numpy as np

from models.arrays import Flags, Floats, Ints
from models.forecast.params import Gains
from models.forecast.robust import BELIEVED_AFTER
from models.forecast.series import NO_STEP, Position, Sample
from models.layout import Arrays, Field, Slots

SHIFT_SCALES = 8.0
"""Four outliers in a row beyond so many scales of the short cycle are a shift."""
SHIFT_SPREADS = 6.0
"""So are four samples beyond so many spreads of either cycle; accuracy is the same with 5 and with 8."""
KNOWN_CYCLES = 2
STAYED = 0.5
"""Share of a shift that its samples keep until it is confirmed, and that the long cycle leaves unexplained."""
RUN_MAX = 255

LAYOUT = (
    Field("away", "u1", (), 0, "samples", "samples in a row that neither cycle is used to"),
    Field("shift_step", "i8", (), NO_STEP, "steps", "first step of a shift that waits to be confirmed"),
    Field("shift_by", "f8", (), np.nan, "y", "how far it was when it was believed; NaN: it did not stay away"),
    Field("shift_from_short", "f8", (), 0, "y", "slow level of the short cycle before it"),
    Field("shift_from_long", "f8", (), 0, "y", "slow level of the long cycle before it"),
)

_TINY = np.finfo(np.float64).tiny


class Shift(NamedTuple):
    """A confirmed shift each of n series; every array has shape (n,).

    Attributes
    ----------
    sample
        The newest sample of each, which all families have learned.
    by
        How far the level has moved.
    steps
        Steps from the shift to the newest sample, both included.
    long_from
        Slow level of the long cycle before the shift.
    short_bins, long_bins
        Bins visited since the shift, that of the newest sample included.
    """

    sample: Sample
    by: Floats
    steps: Ints
    long_from: Floats
    short_bins: Ints
    long_bins: Ints


def note(state: Arrays, sample: Sample) -> Sample:
    """The sample with the rows that make a shift believed marked, before the families learn it."""
    slots = sample.slots
    short, long = (_deseasonalised(state, sample, name) for name in ("short", "long"))
    by_short, by_long = short - state["short_base"][slots], long - state["long_base"][slots]
    # Special days teach no level.
    away = _is_unusual(state, sample, by_short, by_long) & (sample.day_class == 0)
    run = np.where(away, np.minimum(state["away"][slots].astype(np.int64) + 1, RUN_MAX), 0)
    state["away"][slots] = run
    outlying = state["outliers"][slots] == BELIEVED_AFTER
    outlying &= np.abs(by_short) > SHIFT_SCALES * np.maximum(state["scale"][slots], _TINY)
    shifted = (outlying & (sample.day_class == 0)) | (run == BELIEVED_AFTER)
    _look_whether_it_stays(state, slots, short)
    rows = np.flatnonzero(shifted)
    if len(rows):
        _remember(state, _rows_of(sample, rows), short[rows], long[rows])
    return sample._replace(shifted=shifted)


def confirmed(state: Arrays, sample: Sample) -> Shift | None:
    """The shifts that have lasted with this sample, which all families have learned; None if there are none."""
    first = state["shift_step"][sample.slots]
    lasted_ms = (sample.step - first + 1) * sample.step_ms
    over = np.flatnonzero((first != NO_STEP) & (lasted_ms >= sample.short.cycle.period_ms))
    if not len(over):
        return None
    lasted = _rows_of(sample, over)
    state["shift_step"][lasted.slots] = NO_STEP
    stayed = np.flatnonzero(~np.isnan(state["shift_by"][lasted.slots]))
    return _shift(state, _rows_of(lasted, stayed), first[over[stayed]]) if len(stayed) else None


def visited(position: Position, bins: Ints, size: Ints) -> tuple[Ints, Ints]:
    """The newest `bins` bins of each row, (n,), in a ring of `size` bins: rows, and places in the ring."""
    row, back = np.nonzero(np.arange(bins.max()) < bins[:, None])
    return row, (position.visit[row] - back) % size[row]


def _deseasonalised(state: Arrays, sample: Sample, name: str) -> Floats:
    """Samples less the profile of one cycle, which is 0 where it is not known."""
    position: Position = getattr(sample, name)
    usual = state[f"{name}_profile"][sample.slots, position.at.bin]
    return np.asarray(sample.value - np.where(np.isnan(usual), 0.0, usual))


def _is_unusual(state: Arrays, sample: Sample, by_short: Floats, by_long: Floats) -> Flags:
    """Whether neither cycle, both well known, is used to such distances from its levels."""
    slots, long_ms = sample.slots, sample.long.cycle.period_ms
    known = sample.elapsed_ms > KNOWN_CYCLES * np.maximum(long_ms, sample.short.cycle.period_ms)
    far = np.abs(by_short)
    unusual = far > SHIFT_SPREADS * state["short_spread"][slots]
    in_long = np.abs(by_long) > np.maximum(SHIFT_SPREADS * state["long_spread"][slots], STAYED * far)
    return np.asarray(known & unusual & (in_long | (long_ms == 0)))


def _look_whether_it_stays(state: Arrays, slots: Slots, short: Floats) -> None:
    rows = np.flatnonzero(state["shift_step"][slots] != NO_STEP)
    if len(rows):
        waiting = slots[rows]
        share = (short[rows] - state["shift_from_short"][waiting]) / state["shift_by"][waiting]
        state["shift_by"][waiting[share < STAYED]] = np.nan


def _remember(state: Arrays, sample: Sample, short: Floats, long: Floats) -> None:
    """Let these shifts wait to be confirmed, those of them that may be for good."""
    slots = sample.slots
    # One that follows another takes its place, and is measured from before the first: it may be the way back.
    waits = state["shift_step"][slots] != NO_STEP
    from_short = np.where(waits, state["shift_from_short"][slots], state["short_base"][slots])
    from_long = np.where(waits, state["shift_from_long"][slots], state["long_base"][slots])
    may_last = _is_unusual(state, sample, short - from_short, long - from_long)
    state["shift_step"][slots] = np.where(may_last, sample.step - (BELIEVED_AFTER - 1), NO_STEP)
    state["shift_by"][slots] = short - from_short
    state["shift_from_short"][slots], state["shift_from_long"][slots] = from_short, from_long


def _shift(state: Arrays, sample: Sample, first_step: Ints) -> Shift:
    slots, steps = sample.slots, sample.step - first_step + 1
    lasted_ms = steps * sample.step_ms
    return Shift(
        sample=sample,
        by=state["short_fast"][slots] - state["shift_from_short"][slots],
        steps=steps,
        long_from=state["shift_from_long"][slots],
        short_bins=bins_within(sample.short, lasted_ms),
        long_bins=bins_within(sample.long, lasted_ms),
    )


def _rows_of(sample: Sample, rows: Ints) -> Sample:
    """Some rows of a sample."""
    return Sample(*[_part_of(each, rows) for each in sample])


def _part_of(field: Any, rows: Ints) -> Any:
    if isinstance(field, np.ndarray):
        return field[rows]
    # Positions hold arrays in turn; the gains are the same for all.
    return field if isinstance(field, Gains) else field._make([_part_of(each, rows) for each in field])


def bins_within(position: Position, lasted_ms: Ints) -> Ints:
    """Bins visited within so long, the newest included; 0 where there is no cycle."""
    period_ms, bins = position.cycle
    width_ms = np.maximum(period_ms // bins, 1)
    return np.where(period_ms > 0, np.minimum(-(-lasted_ms // width_ms), bins), 0)
