"""Point experts: six ETS recursions at different speeds, with and without a season.

==  ============  ==================================================================================
e   name          forecast h steps after the last sample
==  ============  ==================================================================================
0   level_fast    SES, alpha 0.3
1   trend         damped trend ETS(A, Ad, N), alpha 0.5, beta 0.1, phi 0.9
2   level_slow    SES, alpha 0.05
3   short_fast    profile of the short cycle + SES (alpha 0.2) of the deseasonalised series
4   short_slow    profile of the short cycle + its own slow level
5   long_fast     profile of the long cycle + SES (alpha 0.2) of the deseasonalised series
==  ============  ==================================================================================

A profile and its slow level are ETS(A, N, A) with alpha one over the steps of the cycle. Young gains are 1 / count, so
that first values are plain means. An expert whose history is too short repeats a simpler one.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.forecast.cycles import (
    LONG_BINS_MAX,
    SHORT_BINS_MAX,
    Cycle,
    Place,
    long_cycle,
    place,
    short_cycle,
    steps_per_bin,
)
from models.forecast.ets import ets_step, phi_power, phi_sum
from models.layout import Arrays, Field, Slots

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EXPERTS = 6
PRIOR_WEIGHTS = (0.4, 0.2, 0.1, 0.3, 0.0, 0.0)
"""Before any origin was scored."""
assert len(PRIOR_WEIGHTS) == EXPERTS

ALPHA_FAST = 0.3
ALPHA_SLOW = 0.05
ALPHA_TREND = 0.5
BETA_TREND = 0.1
ALPHA_DESEASONALISED = 0.2
GAMMA_SHORT = 0.15
GAMMA_LONG = 0.25
"""Seasonal gains per cycle; spread over the steps of a bin where it holds several."""

SEEN_MAX = 255

NO_STEP = -(2**62)
"""Step index of a slot that has seen nothing."""

LAYOUT = (
    Field("step_ms", "i8", (), 1, "ms", "width of the series' grid"),
    Field("first_step", "i8", (), NO_STEP, "steps", "index of the first sample's step since the epoch"),
    Field("last_step", "i8", (), NO_STEP, "steps", "index of the last sample's step"),
    Field("count", "i8", (), 0, "samples", "accepted samples"),
    Field("level_fast", "f8", (), 0, "y", "SES level, alpha 0.3"),
    Field("level_slow", "f8", (), 0, "y", "SES level, alpha 0.05"),
    Field("trend_level", "f8", (), 0, "y", "level of the damped trend"),
    Field("trend", "f8", (), 0, "y/step", "slope of the damped trend"),
    Field("short_period_ms", "i8", (), 0, "ms", "period of the short cycle"),
    Field("short_bins", "i8", (), 1, "bins", "bins it is cut into"),
    Field("short_base", "f8", (), 0, "y", "slow level of the short cycle"),
    Field("short_fast", "f8", (), 0, "y", "fast level less the short profile"),
    Field("short_profile", "f4", (SHORT_BINS_MAX,), 0, "y", "deviation from short_base by bin of the short cycle"),
    Field("short_seen", "u1", (SHORT_BINS_MAX,), 0, "samples", "samples per bin, up to 255"),
    Field("long_period_ms", "i8", (), 0, "ms", "period of the long cycle, 0: none"),
    Field("long_bins", "i8", (), 1, "bins", "bins it is cut into"),
    Field("long_base", "f8", (), 0, "y", "slow level of the long cycle"),
    Field("long_fast", "f8", (), 0, "y", "fast level less the long profile"),
    Field("long_profile", "f4", (LONG_BINS_MAX,), 0, "y", "deviation from long_base by bin of the long cycle"),
    Field("long_seen", "u1", (LONG_BINS_MAX,), 0, "samples", "samples per bin, up to 255"),
)


class Season(NamedTuple):
    """One seasonal expert family: its arrays' names and gain."""

    period_ms: str
    bins: str
    base: str
    fast: str
    profile: str
    seen: str
    gamma: float


SHORT = Season("short_period_ms", "short_bins", "short_base", "short_fast", "short_profile", "short_seen", GAMMA_SHORT)
LONG = Season("long_period_ms", "long_bins", "long_base", "long_fast", "long_profile", "long_seen", GAMMA_LONG)


def start(state: Arrays, slots: Slots, step_ms: Ints, step: Ints, value: Floats) -> None:
    """Give fresh slots their grid and first value."""
    state["step_ms"][slots] = step_ms
    state["first_step"][slots] = step
    state["last_step"][slots] = step - 1
    for season, cycle in ((SHORT, short_cycle(step_ms)), (LONG, long_cycle(step_ms))):
        state[season.period_ms][slots] = cycle.period_ms
        state[season.bins][slots] = cycle.bins
    for name in ("level_fast", "level_slow", "trend_level", "short_base", "short_fast", "long_base", "long_fast"):
        state[name][slots] = value


def learn(state: Arrays, slots: Slots, step: Ints, value: Floats) -> None:
    """One sample each into the recursions of n different series.

    Parameters
    ----------
    step
        Index of the sample's step; above the slot's `last_step`. Skipped steps are missing samples: levels and
        profiles are held, the damped trend runs on.
    value
        The sample, already clipped if it is an outlier.
    """
    count = state["count"][slots] + 1
    young = 1.0 / count
    for name, alpha in (("level_fast", ALPHA_FAST), ("level_slow", ALPHA_SLOW)):
        state[name][slots], _, _ = ets_step(state[name][slots], 0.0, 0.0, value, np.maximum(alpha, young), 0.0, 0.0)
    _learn_trend(state, slots, step, value)
    for season in (SHORT, LONG):
        _learn_season(state, slots, season, step, value, young)
    state["count"][slots] = count
    state["last_step"][slots] = step


def points(state: Arrays, slots: Slots, ahead: Ints) -> list[Floats]:
    """Point forecasts of every expert.

    Parameters
    ----------
    ahead
        Steps after the last sample, at least 1, shape [n, k].

    Returns
    -------
    list of arrays
        One per expert, shape [n, k], in the unit of the series.
    """
    target = state["last_step"][slots][:, None] + ahead
    shape = ahead.shape
    fast = np.broadcast_to(state["level_fast"][slots][:, None], shape)
    slow = np.broadcast_to(state["level_slow"][slots][:, None], shape)
    # l + (phi + phi^2 + ... + phi^h) b
    trend = state["trend_level"][slots][:, None] + phi_sum(ahead) * state["trend"][slots][:, None]
    short, known = _season(state, slots, SHORT, target)
    short_fast = np.where(known, short + state["short_fast"][slots][:, None], fast)
    short_slow = np.where(known, short + state["short_base"][slots][:, None], slow)
    long, known = _season(state, slots, LONG, target)
    admitted = known & _long_admitted(state, slots)[:, None]
    long_fast = np.where(admitted, long + state["long_fast"][slots][:, None], short_fast)
    return [fast, trend, slow, short_fast, short_slow, long_fast]


def _learn_trend(state: Arrays, slots: Slots, step: Ints, value: Floats) -> None:
    missed = step - state["last_step"][slots] - 1
    slope = state["trend"][slots]
    # Over m missing steps: l += (phi + ... + phi^m) b;  b *= phi^m
    level = state["trend_level"][slots] + phi_sum(missed) * slope
    level, slope, _ = ets_step(level, phi_power(missed) * slope, 0.0, value, ALPHA_TREND, BETA_TREND, 0.0)
    state["trend_level"][slots] = level
    state["trend"][slots] = slope


def _learn_season(state: Arrays, slots: Slots, season: Season, step: Ints, value: Floats, young: Floats) -> None:
    step_ms = state["step_ms"][slots]
    cycle = Cycle(state[season.period_ms][slots], state[season.bins][slots])
    here = place(cycle, step_ms, step * step_ms)
    has_cycle = cycle.period_ms > 0
    seen = np.minimum(state[season.seen][slots, here.bin].astype(np.int64) + 1, SEEN_MAX)
    # The slow level forgets in one cycle: alpha = step / period
    alpha = np.maximum(step_ms / np.maximum(cycle.period_ms, step_ms), young)
    gamma = np.maximum(season.gamma / steps_per_bin(cycle, step_ms), 1.0 / seen)
    old = state[season.profile][slots, here.bin].astype(np.float64)
    # ETS(A, N, A): the slow level and this bin of the profile
    base, _, new = ets_step(state[season.base][slots], 0.0, old, value, alpha, 0.0, gamma)
    state[season.base][slots] = base
    state[season.profile][slots, here.bin] = np.where(has_cycle, new, 0.0)
    state[season.seen][slots, here.bin] = np.where(has_cycle, seen, 0)
    # SES of the deseasonalised series: l += 0.2 (y - s - l)
    fast = state[season.fast][slots]
    season_now = _read(state[season.profile], slots, here)
    state[season.fast][slots] = fast + ALPHA_DESEASONALISED * (value - season_now - fast)


def _season(state: Arrays, slots: Slots, season: Season, step: Ints) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """The profile at `step`, shape [n, k], and whether the bins it is read from have been seen."""
    rows = slots[:, None]
    step_ms = state["step_ms"][rows]
    at = place(Cycle(state[season.period_ms][rows], state[season.bins][rows]), step_ms, step * step_ms)
    seen = state[season.seen]
    return _read(state[season.profile], rows, at), (seen[rows, at.left] > 0) & (seen[rows, at.right] > 0)


def _read(profile: npt.NDArray[np.float32], slots: Slots, at: Place) -> Floats:
    left, right = profile[slots, at.left].astype(np.float64), profile[slots, at.right].astype(np.float64)
    return (1.0 - at.share) * left + at.share * right


def _long_admitted(state: Arrays, slots: Slots) -> npt.NDArray[np.bool_]:
    """A long profile is read after one whole long cycle and half a short one."""
    seen_ms = (state["last_step"][slots] - state["first_step"][slots]) * state["step_ms"][slots]
    return np.asarray(seen_ms > state["long_period_ms"][slots] + state["short_period_ms"][slots] // 2)
