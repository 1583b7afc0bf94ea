"""Since when a partition that has more to read has delivered nothing."""

from collections.abc import Mapping

from faust.types import TP


class Standstill:
    """Looks at the positions now and then, and knows which of them have stood still behind their log's end."""

    def __init__(self) -> None:
        self._positions: dict[TP, int] = {}
        self._since_s: dict[TP, float] = {}

    def look(self, positions: Mapping[TP, int], ends: Mapping[TP, int], now_s: float) -> None:
        """Note where reading stands; the clock is the caller's. No positions: nothing is read, so nothing stands."""
        still = {
            tp: self._since_s.get(tp, now_s)
            for tp, offset in positions.items()
            if offset < ends.get(tp, 0) and offset == self._positions.get(tp)
        }
        self._positions, self._since_s = dict(positions), still

    def since(self) -> Mapping[TP, float]:
        """When each partition that stands still was first seen to."""
        return self._since_s
