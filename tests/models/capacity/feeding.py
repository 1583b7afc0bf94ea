"""Samples for a bank, and the looks that are due with them."""

import numpy as np
import numpy.typing as npt

from models.capacity.bank import CapacityBank

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def feed(
    bank: CapacityBank, slots: Ints, timestamp_ms: Ints, value: Floats, limit: Floats, paths: Floats | None = None
) -> None:
    """Add one sample to each of the slots, and let those look ahead that are due to; `paths` is shape (n, horizons)."""
    due = bank.update(slots, timestamp_ms, value, limit)
    bank.look(slots[due], limit[due], None if paths is None else paths[due])
