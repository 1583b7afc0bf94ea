"""Since when a partition that has more to read has delivered nothing, though it was its turn."""

from collections.abc import Mapping

from streams.runtime.log import Place
from streams.runtime.stalls import Reading


class Standstill:
    """Looks at the positions now and then, and knows which of them have stood still behind their log's end."""

    def __init__(self) -> None:
        self._positions: dict[Place, int] = {}
        self._taken = 0
        self._since_s: dict[Place, float] = {}

    def look(self, positions: Mapping[Place, int], reading: Reading, taken: int, now_s: float) -> None:
        """Note where reading stands; the clock is the caller's. No positions: nothing is read, so nothing stands.

        `taken` is the number of the last batch that came to be applied: as long as it grows, what waits does not stand.
        """
        in_turn = reading.waiting if taken != self._taken else ()
        still = {
            place: self._since_s.get(place, now_s)
            for place, offset in positions.items()
            if offset < reading.ends.get(place, 0) and offset == self._positions.get(place) and place not in in_turn
        }
        self._positions, self._taken, self._since_s = dict(positions), taken, still

    def since(self) -> Mapping[Place, float]:
        """When each partition that stands still was first seen to."""
        return self._since_s
