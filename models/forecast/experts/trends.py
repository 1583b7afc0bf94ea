"""Damped trends, a fast one on clipped samples and a slow one on samples as they come: ETS(A, Ad, N)."""

import numpy as np

from models.arrays import Floats
from models.forecast.ets import ets_step, phi_power, phi_sum
from models.forecast.series import Sample, Target
from models.forecast.shifts import Shift
from models.layout import Arrays, Field, Slots

NAMES: tuple[str, ...] = ("trend_fast", "trend_slow")

PHI = {"trend_fast": 0.9, "trend_slow": 0.98}
"""Damping: a slope's pull fades to a third in ten steps, or in fifty."""

LAYOUT: tuple[Field, ...] = (
    Field("trend_fast_level", "f8", (), 0, "y", "level of the fast trend"),
    Field("trend_fast", "f8", (), 0, "y/step", "its slope"),
    Field("trend_slow_level", "f8", (), 0, "y", "level of the slow trend"),
    Field("trend_slow", "f8", (), 0, "y/step", "its slope"),
)


def start(state: Arrays, slots: Slots, value: Floats) -> None:
    """Begin at the first value, without a slope."""
    for name in NAMES:
        state[f"{name}_level"][slots] = value


def learn(state: Arrays, sample: Sample) -> None:
    """One sample each; over steps without one the trend runs on."""
    slots = sample.slots
    gains = sample.gains
    for name, value, alpha, beta in (
        ("trend_fast", sample.value, gains.trend_fast_level, gains.trend_fast),
        ("trend_slow", sample.raw, gains.trend_slow_level, gains.trend_slow),
    ):
        slope, phi = state[name][slots], PHI[name]
        # Over m missing steps: l += (phi + ... + phi^m) b;  b *= phi^m
        level = state[f"{name}_level"][slots] + phi_sum(phi, sample.missed) * slope
        slope = phi_power(phi, sample.missed) * slope
        level, slope, _ = ets_step(level, slope, 0.0, value, np.maximum(alpha, sample.young), beta, 0.0, phi)
        state[f"{name}_level"][slots] = level
        state[name][slots] = slope


def move(state: Arrays, shift: Shift) -> None:
    """The slow trend starts anew, level: its slope is what the shift made of it."""
    slots = shift.sample.slots
    state["trend_slow_level"][slots] = state["level_fast"][slots]
    state["trend_slow"][slots] = 0.0


def points(state: Arrays, target: Target) -> list[Floats]:
    """l + (phi + ... + phi^h) b."""
    rows = target.slots[:, None]
    return [state[f"{name}_level"][rows] + phi_sum(PHI[name], target.ahead) * state[name][rows] for name in NAMES]
