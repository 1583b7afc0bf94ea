"""Since when a partition that has more to read has delivered nothing."""

from collections.abc import Mapping

from streams.runtime.log import Place


class Standstill:
    """Looks at the positions now and then, and knows which of them have stood still behind their log's end."""

    def __init__(self) -> None:
        self._positions: dict[Place, int] = {}
        self._since_s: dict[Place, float] = {}

    def look(self, positions: Mapping[Place, int], ends: Mapping[Place, int], now_s: float) -> None:
        """Note where reading stands; the clock is the caller's. No positions: nothing is read, so nothing stands."""
        still = {
            place: self._since_s.get(place, now_s)
            for place, offset in positions.items()
            if offset < ends.get(place, 0) and offset == self._positions.get(place)
        }
        self._positions, self._since_s = dict(positions), still

    def since(self) -> Mapping[Place, float]:
        """When each partition that stands still was first seen to."""
        return self._since_s
