"""Which series are compared: a fixed number of those there are, by a hash of the name, so that runs agree on them."""

import heapq
from zlib import crc32


class SeriesSample:
    """The `size` series with the lowest hashes, known at every moment for the series so far.

    A series is taken at its first sample or never; one that was taken may be pushed out by a later one.

    Attributes
    ----------
    slots
        Slots of the series taken, by name.
    """

    def __init__(self, size: int) -> None:
        self.slots: dict[str, int] = {}
        self._size = size
        self._highest_first: list[tuple[int, str]] = []

    def offer(self, name: str, slot: int) -> None:
        """A new series."""
        heapq.heappush(self._highest_first, (-crc32(name.encode()), name))
        self.slots[name] = slot
        if len(self.slots) > self._size:
            _, pushed_out = heapq.heappop(self._highest_first)
            del self.slots[pushed_out]
