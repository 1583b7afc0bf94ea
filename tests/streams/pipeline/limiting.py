"""Which series limit which."""

from streams.pipeline.capacity import CapacityTracker
from streams.pipeline.capacity_limits import NO_SLOT


def limiting(tracker: CapacityTracker) -> dict[int, int]:
    """The slots of the series that limit others, by pair."""
    slots = {pair: tracker.limits.slot_of(pair) for pair in range(len(tracker.pairs.pairs))}
    return {pair: slot for pair, slot in slots.items() if slot != NO_SLOT}
