"""Samples for a bank, and the looks that are due with them."""

from models.arrays import Floats, Ints
from models.capacity.bank import CapacityBank


def feed(
    bank: CapacityBank, slots: Ints, timestamp_ms: Ints, value: Floats, limit: Floats, paths: Floats | None = None
) -> None:
    """Add one sample to each of the slots, and let those look ahead that are due to; `paths` is shape (n, horizons)."""
    due = bank.update(slots, timestamp_ms, value, limit)
    bank.look(slots[due], limit[due], None if paths is None else paths[due])
