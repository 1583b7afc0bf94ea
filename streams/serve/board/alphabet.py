"""Names in the order of the alphabet, kept up to date as names come and go."""

from bisect import bisect_left

import numpy as np
import numpy.typing as npt

INSERTED_MAX = 256
"""Of more changes at once sorting all anew is quicker."""

Numbers = npt.NDArray[np.int32]


class Alphabet:
    """Names in order, and the number of each."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._numbers: Numbers = np.zeros(0, np.int32)
        self._changed: dict[str, int | None] = {}

    def add(self, name: str, number: int) -> None:
        """A name has come."""
        self._changed[name] = number

    def remove(self, name: str) -> None:
        """A name has gone."""
        self._changed[name] = None

    def order(self) -> tuple[list[str], Numbers]:
        """All names, and their numbers."""
        if len(self._changed) > INSERTED_MAX:
            self._sort()
        else:
            for name, number in self._changed.items():
                self._change(name, number)
        self._changed.clear()
        return self._names, self._numbers

    def _sort(self) -> None:
        known: dict[str, int | None] = dict(zip(self._names, self._numbers.tolist(), strict=True))
        items = sorted([(name, number) for name, number in (known | self._changed).items() if number is not None])
        self._names = [name for name, _ in items]
        self._numbers = np.array([number for _, number in items], np.int32)

    def _change(self, name: str, number: int | None) -> None:
        place = bisect_left(self._names, name)
        if place < len(self._names) and self._names[place] == name:
            del self._names[place]
            self._numbers = np.delete(self._numbers, place)
        if number is not None:
            self._names.insert(place, name)
            self._numbers = np.insert(self._numbers, place, number)
