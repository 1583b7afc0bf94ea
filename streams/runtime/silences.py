"""Source partitions that say nothing any more, found by time."""

from collections import Counter
from collections.abc import Iterator, Mapping

from streams.runtime.log import Place


class SilenceFinder:
    """Finds partitions that were read to their end and deliver nothing.

    Parameters
    ----------
    checks
        So many checks without a record, one after the other, make a silence, for each topic that can be silent.
    """

    def __init__(self, checks: Mapping[str, int]) -> None:
        self._checks_of = checks
        self._positions: dict[Place, int] = {}
        self._checks: Counter[Place] = Counter()

    def silent(self, positions: dict[Place, int], ends: Mapping[Place, int]) -> Iterator[tuple[Place, int]]:
        """The partitions that turn out to be silent at this check, each once, and their next offsets."""
        self._checks = Counter(
            {
                place: self._checks[place] + 1
                for place, offset in positions.items()
                if place.topic in self._checks_of
                and offset == self._positions.get(place)
                and offset >= ends.get(place, offset + 1)
            }
        )
        self._positions = positions
        for place, checks in self._checks.items():
            if checks == self._checks_of[place.topic]:
                yield place, positions[place]
