"""Seasonal profiles: the shape of a cycle as deviations from a slow level.

A profile and its slow level are ETS(A, N, A) with alpha one over the steps of the cycle. It is forecast on that level,
and on a fast level of the deseasonalised series. Special days, which the settings name, teach neither: `calendar`.

A level shift that is believed, and that the season does not explain, moves the levels of the short cycle at once and
leaves its profile alone: else that would learn the shift bin by bin, and need days to forget it. The long cycle is not
moved: the weights turn to the short one meanwhile, and a weekend that comes once too often is not a new level.
"""

import numpy as np
import numpy.typing as npt

from models.forecast.cycles import LONG_BINS_MAX, SHORT_BINS_MAX, steps_per_bin
from models.forecast.ets import ets_step
from models.forecast.robust import BELIEVED_AFTER
from models.forecast.series import Position, Sample, Target, visits_with
from models.layout import Arrays, Field, Slots

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_TINY = np.finfo(np.float64).tiny

SHIFT_SCALES = 8.0
"""Beyond so many scales the season does not explain a shift."""

NAMES: tuple[str, ...] = ("short_slow", "short_fast", "long_slow", "long_fast")

LAYOUT: tuple[Field, ...] = (
    Field("short_base", "f8", (), 0, "y", "slow level of the short cycle"),
    Field("short_fast", "f8", (), 0, "y", "fast level less the short profile"),
    Field("short_profile", "f4", (SHORT_BINS_MAX,), np.nan, "y", "deviation from short_base by bin; NaN: never seen"),
    Field("long_base", "f8", (), 0, "y", "slow level of the long cycle"),
    Field("long_fast", "f8", (), 0, "y", "fast level less the long profile"),
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
    _learn(state, "short", sample, sample.short, gains.short_profile, gains.short_level, SHIFT_SCALES)
    _learn(state, "long", sample, sample.long, gains.long_profile, gains.long_level, np.inf)


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
    state: Arrays, name: str, sample: Sample, position: Position, gamma: float, alpha: float, shift_scales: float
) -> None:
    slots, cycle, held = sample.slots, position.cycle, position.at.bin
    profile, base = state[f"{name}_profile"], state[f"{name}_base"][slots]
    old = profile[slots, held].astype(np.float64)
    seen = ~np.isnan(old)
    steps = steps_per_bin(cycle, sample.step_ms)
    # The bin's samples so far, had none been missed: young gains are 1 / count.
    so_far = steps * (sample.elapsed_ms // np.maximum(cycle.period_ms, 1)) + visits_with(position)
    gain = np.where(seen, np.maximum(gamma / steps, 1.0 / so_far), 1.0)
    # The slow level forgets in one cycle: alpha = step / period
    slow = np.maximum(sample.step_ms / np.maximum(cycle.period_ms, sample.step_ms), sample.young)
    # ETS(A, N, A): the slow level and this bin of the profile
    usual = np.where(seen, old, 0.0)
    level, _, season = ets_step(base, 0.0, usual, sample.value, slow, 0.0, gain, 0.0)
    unexplained = np.abs(sample.value - base - usual) > shift_scales * np.maximum(state["scale"][slots], _TINY)
    shifted = unexplained & (state["outliers"][slots] == BELIEVED_AFTER)
    level, season = np.where(shifted, sample.value - usual, level), np.where(shifted, old, season)
    ordinary = sample.day_class == 0
    state[f"{name}_base"][slots] = np.where(ordinary, level, base)
    profile[slots, held] = np.where(ordinary & (cycle.period_ms > 0), season, old)
    # SES of the deseasonalised series: l += alpha (y - s - l)
    fast = state[f"{name}_fast"][slots]
    now = _read(profile, slots, position)
    gain = np.where(shifted, 1.0, alpha)
    state[f"{name}_fast"][slots] = fast + gain * (sample.value - np.where(np.isnan(now), 0.0, now) - fast)


def _points(
    state: Arrays, name: str, rows: Slots, profile: Floats, known: Flags, slow: Floats, fast: Floats
) -> tuple[Floats, Floats]:
    return (
        np.where(known, profile + state[f"{name}_base"][rows], slow),
        np.where(known, profile + state[f"{name}_fast"][rows], fast),
    )


def _read(profile: npt.NDArray[np.float32], slots: Slots, position: Position) -> Floats:
    at = position.at
    left, right = profile[slots, at.left].astype(np.float64), profile[slots, at.right].astype(np.float64)
    return np.where(at.share > 0, (1.0 - at.share) * left + at.share * right, left)
