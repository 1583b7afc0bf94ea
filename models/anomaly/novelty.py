"""Novelty: one alert for each trouble. A surprisal counts where nothing of the last stretch had as much.

The stretch is a day of steps, at least 24 and at most 240 of them. It is kept as eight maxima, so it is forgotten an
eighth at a time.
"""

import numpy as np

from models.arrays import Flags, Floats, Ints
from models.layout import Arrays, Field, Slots

PARTS = 8
STRETCH_MS = 86_400_000
STEPS_MIN, STEPS_MAX = 24, 240
MARGIN = 0.1
"""By so much a surprisal must exceed those before it."""

assert STEPS_MIN % PARTS == STEPS_MAX % PARTS == 0

LAYOUT = (Field("recent_surprisal", "f4", (PARTS,), 0, "-", "highest of each part of the last stretch, a ring"),)


def part_samples(step_ms: Ints) -> Ints:
    """Samples of a part of the stretch, for series of these steps."""
    return np.asarray(np.minimum(np.maximum(STRETCH_MS // step_ms, STEPS_MIN), STEPS_MAX) // PARTS)


def is_news(state: Arrays, slots: Slots, width: Ints, surprisal: Floats, seen: Ints) -> Flags:
    """Whether surprisals exceed those of the last stretch, whose parts are `width` samples wide; notes them.

    Each sample is the `seen`-th of its series.
    """
    part = seen // width % PARTS
    recent = state["recent_surprisal"]
    recent[slots, part] = np.where(seen % width == 0, 0.0, recent[slots, part])
    held = surprisal.astype(np.float32)
    news = held > recent[slots].max(axis=1) + np.float32(MARGIN)
    recent[slots, part] = np.maximum(recent[slots, part], held)
    return np.asarray(news)
