"""Calibration: the bands of a series grow where it leaves them more often than they promise, each side by itself.

Adaptive conformal inference (Gibbs & Candes 2021, equation 2), on the logarithm of the half-width, with a leak that
forgets: theta += 0.03 (missed - 0.1) - 0.02 theta, held within 1.2. The median is not touched.
"""

import numpy as np

from models.arrays import Floats, Ints
from models.layout import Arrays, Field, Layout, Slots

RATE = 0.03
LEAK = 0.02
THETA_MAX = 1.2
MISSES_PROMISED = 0.1
"""Of either side: the outer deciles hold 80 %."""


def layout(anchors: int) -> Layout:
    """State of so many anchor horizons."""
    return (
        Field("theta_lower", "f4", (anchors,), 0, "-", "logarithm of what the lower half-width is multiplied by"),
        Field("theta_upper", "f4", (anchors,), 0, "-", "the same of the upper one"),
    )


def settle(state: Arrays, slots: Slots, anchor: Ints, came: Floats, lower: Floats, upper: Floats) -> None:
    """Learn whether what came, (n,), lay beyond the outer deciles that had been said."""
    for name, missed in (("theta_lower", came < lower), ("theta_upper", came > upper)):
        theta = state[name][slots, anchor].astype(np.float64)
        moved = theta + RATE * (missed - MISSES_PROMISED) - LEAK * theta
        state[name][slots, anchor] = np.minimum(np.maximum(moved, -THETA_MAX), THETA_MAX)


def widths(state: Arrays, slots: Slots) -> tuple[Floats, Floats]:
    """Factors of the lower and upper half-widths, (n, a)."""
    lower, upper = (np.exp(state[name][slots].astype(np.float64)) for name in ("theta_lower", "theta_upper"))
    return lower, upper


def calibrated(spread: Floats, lower: Floats, upper: Floats, median: int) -> Floats:
    """Error quantiles (n, k, q), ascending, with their distances from the one at place `median` multiplied."""
    centre = spread[:, :, median : median + 1]
    distance = spread - centre
    return np.asarray(centre + distance * np.where(distance < 0, lower[:, :, None], upper[:, :, None]))
