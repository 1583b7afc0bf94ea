"""Seasonal profiles: the shape of a cycle as deviations from a slow level.

A profile and its slow level are ETS(A, N, A) with alpha one over the steps of the cycle. It is forecast on that level,
and on a fast level of the deseasonalised series. Special days, which the settings name, teach neither: `calendar`.

A level shift that is believed moves the levels of the short cycle at once and leaves its profile alone: else that would
learn the shift bin by bin, and need days to forget it. The long cycle is moved when the shift is confirmed (`shifts`).
"""

import numpy as np

from models.arrays import Flags, Floats, Ints, Singles
from models.forecast.cycles import LONG_BINS_MAX, SHORT_BINS_MAX, steps_per_bin
from models.forecast.ets import ets_step
from models.forecast.robust import BELIEVED_AFTER
from models.forecast.series import Position, Sample, Target, visits_with
from models.forecast.shifts import Shift, bins_within, visited
from models.layout import Arrays, Field, Slots

NAMES: tuple[str, ...] = ("short_slow", "short_fast", "long_slow", "long_fast")

SPREAD_LIMIT = 8.0
"""One error widens a spread as if it were no more than so many of them."""

LAYOUT: tuple[Field, ...] = (
    Field("short_base", "f8", (), 0, "y", "slow level of the short cycle"),
    Field("short_fast", "f8", (), 0, "y", "fast level less the short profile"),
    Field("short_profile", "f4", (SHORT_BINS_MAX,), np.nan, "y", "deviation from short_base by bin; NaN: never seen"),
    Field("short_spread", "f8", (), 0, "y", "mean distance from short_base and the profile, of about a cycle"),
    Field("long_base", "f8", (), 0, "y", "slow level of the long cycle"),
    Field("long_fast", "f8", (), 0, "y", "fast level less the long profile"),
    Field("long_spread", "f8", (), 0, "y", "mean distance from long_base and the profile, of about a cycle"),
    Field("long_profile", "f4", (LONG_BINS_MAX,), np.nan, "y", "deviation from long_base by bin; NaN: never seen"),
)


def start(state: Arrays, slots: Slots, value: Floats) -> None:
    """Levels at the first value, no profile."""
    for name in ("short", "long"):
        state[f"{name}_base"][slots] = value
        state[f"{name}_fast"][slots] = value


def learn(state: Arrays, sample: Sample) -> None:
    """One sample each."""
    gains = sample.gains
    _learn(state, "short", sample, sample.short, gains.short_profile, gains.short_level, sample.shifted)
    _learn(state, "long", sample, sample.long, gains.long_profile, gains.long_level, np.zeros_like(sample.shifted))


def move(state: Arrays, shift: Shift) -> None:
    """The levels of the short cycle moved when the shift was believed; those of the long cycle move now.

    The long profile took the shift for season meanwhile, to a share that its gain tells, and gives it back; but of the
    first samples, which were clipped until the shift was believed.
    """
    sample, position = shift.sample, shift.sample.long
    slots, steps = sample.slots, steps_per_bin(position.cycle, sample.step_ms)
    gain = _gain(position, sample.elapsed_ms, steps, sample.gains.long_profile)
    # A visit to a bin teaches it 1 - (1 - g)^steps of an error.
    learned = (1.0 - (1.0 - gain) ** steps) * shift.by
    believed = bins_within(position, (shift.steps - (BELIEVED_AFTER - 1)) * sample.step_ms)
    profile, (row, place) = state["long_profile"], visited(position, believed, position.cycle.bins)
    profile[slots[row], place] = profile[slots[row], place] - learned[row]
    level = shift.long_from + shift.by
    state["long_base"][slots] = level
    state["long_fast"][slots] = level


def points(state: Arrays, target: Target) -> list[Floats]:
    """Where a cycle is not known yet: the simpler one, and at last the levels."""
    rows, shape = target.slots[:, None], target.ahead.shape
    slow, fast = (np.broadcast_to(state[name][rows], shape) for name in ("level_slow", "level_fast"))
    short = _read(state["short_profile"], rows, target.short)
    short_slow, short_fast = _points(state, "short", rows, short, ~np.isnan(short), slow, fast)
    long = _read(state["long_profile"], rows, target.long)
    # A long profile is read after one whole long cycle and half a short one.
    admitted = target.elapsed_ms > target.long.cycle.period_ms + target.short.cycle.period_ms // 2
    known = admitted & ~np.isnan(long)
    return [short_slow, short_fast, *_points(state, "long", rows, long, known, short_slow, short_fast)]


def _learn(
    state: Arrays, name: str, sample: Sample, position: Position, gamma: float, alpha: float, shifted: Flags
) -> None:
    slots, cycle, held = sample.slots, position.cycle, position.at.bin
    profile, base = state[f"{name}_profile"], state[f"{name}_base"][slots]
    old = profile[slots, held].astype(np.float64)
    seen = ~np.isnan(old)
    steps = steps_per_bin(cycle, sample.step_ms)
    gain = np.where(seen, _gain(position, sample.elapsed_ms, steps, gamma), 1.0)
    # The slow level forgets in one cycle: alpha = step / period
    slow = np.maximum(sample.step_ms / np.maximum(cycle.period_ms, sample.step_ms), sample.young)
    # ETS(A, N, A): the slow level and this bin of the profile
    usual = np.where(seen, old, 0.0)
    level, _, season = ets_step(base, 0.0, usual, sample.value, slow, 0.0, gain, 0.0)
    _learn_spread(state, f"{name}_spread", slots, sample.value - base - usual, slow)
    level, season = np.where(shifted, sample.value - usual, level), np.where(shifted, old, season)
    ordinary = sample.day_class == 0
    state[f"{name}_base"][slots] = np.where(ordinary, level, base)
    profile[slots, held] = np.where(ordinary & (cycle.period_ms > 0), season, old)
    # SES of the deseasonalised series: l += alpha (y - s - l)
    fast = state[f"{name}_fast"][slots]
    now = _read(profile, slots, position)
    gain = np.where(shifted, 1.0, alpha)
    state[f"{name}_fast"][slots] = fast + gain * (sample.value - np.where(np.isnan(now), 0.0, now) - fast)


def _learn_spread(state: Arrays, name: str, slots: Slots, error: Floats, gain: Floats) -> None:
    spread = state[name][slots]
    size = np.abs(error)
    # A spread of zero limits nothing, or a series that began constant would have it for good.
    held = np.where(spread > 0, np.minimum(size, SPREAD_LIMIT * spread), size)
    # d += g (|e| - d)
    state[name][slots] = spread + gain * (held - spread)


def _gain(position: Position, elapsed_ms: Ints, steps: Floats, gamma: float) -> Floats:
    """Of a bin's sample. Young gains are 1 / count, the bin's samples so far, had none been missed."""
    so_far = steps * (elapsed_ms // np.maximum(position.cycle.period_ms, 1)) + visits_with(position)
    return np.maximum(gamma / steps, 1.0 / so_far)


def _points(
    state: Arrays, name: str, rows: Slots, profile: Floats, known: Flags, slow: Floats, fast: Floats
) -> tuple[Floats, Floats]:
    return (
        np.where(known, profile + state[f"{name}_base"][rows], slow),
        np.where(known, profile + state[f"{name}_fast"][rows], fast),
    )


def _read(profile: Singles, slots: Slots, position: Position) -> Floats:
    at = position.at
    left, right = profile[slots, at.left].astype(np.float64), profile[slots, at.right].astype(np.float64)
    return np.where(at.share > 0, (1.0 - at.share) * left + at.share * right, left)
