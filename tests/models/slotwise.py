"""What every bank of slots owes: a slot's answers depend on its own samples, and on nothing beside it."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from models.arrays import Floats, Ints

Slots = npt.NDArray[np.int64]
# One slot's samples: (timestamp_ms, value), in order.
History = Sequence[tuple[int, float]]
# Adds one sample to each of the slots.
Update = Callable[[Slots, Ints, Floats], None]


def histories(slots: int, samples: int, seed: int) -> list[list[tuple[int, float]]]:
    """Walks of different drift, spread, step and start, with gaps, crossing levels between 0 and 100."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(slots):
        step_ms = int(rng.choice([60_000, 300_000, 3_600_000, 86_400_000]))
        gaps = np.where(rng.random(samples) < 0.02, rng.integers(2, 60, samples), 1)
        times = int(rng.integers(0, 10**9)) + step_ms * np.cumsum(gaps)
        values = 50.0 + rng.normal(0.0, 0.2) * np.arange(samples) + 5.0 * rng.normal(size=samples)
        made.append(list(zip(times.tolist(), values.tolist(), strict=True)))
    return made


def feed(update: Update, slots: Sequence[int], given: Sequence[History], batch: int, start: int = 0) -> None:
    """The n-th samples of all slots together, `batch` slots to a call."""
    for n in range(start, len(given[0])):
        for first in range(0, len(slots), batch):
            part = slice(first, first + batch)
            times = np.array([history[n][0] for history in given[part]], np.int64)
            values = np.array([history[n][1] for history in given[part]])
            update(np.array(slots[part], np.int64), times, values)


def row(prediction: Any, place: int) -> dict[str, bytes]:
    """One slot's prediction, bit for bit."""
    return {f.name: getattr(prediction, f.name)[place].tobytes() for f in fields(prediction)}
