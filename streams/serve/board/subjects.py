"""Who is on the board: the series and entities that records are about, and series whose samples came first.

A name is shown once a record is about it. Samples may be ahead of the predictions made of them, so series that have
nothing else wait, shown to nobody, for their first record.
"""

import numpy as np
import numpy.typing as npt

from streams.series import parse_series
from streams.serve.board.directory import Directory, Mask
from streams.serve.board.gist import ListName
from streams.serve.board.growing import with_room

WAITING_MAX = 10_000
"""Series that wait; the one that has waited longest gives way."""

_PLACE = {name: place for place, name in enumerate(ListName)}


class Subjects:
    """Names with their numbers, and how many records each list has about them."""

    def __init__(self) -> None:
        self.directory = Directory()
        self._records: npt.NDArray[np.int32] = np.zeros((0, len(ListName)), np.int32)
        self._shown: Mask = np.zeros(0, np.bool_)
        self._waiting: dict[int, None] = {}

    def number(self, name: str) -> int:
        """The number of a name, which may be new."""
        number = self.directory.number(name)
        if number is None:
            number = self.directory.add(name, parse_series(name))
            self._records = with_room(self._records, self.directory.size, 0)
            self._shown = with_room(self._shown, self.directory.size, fill=False)
        return number

    def shown(self) -> Mask:
        """Which numbers are of names that a record is about."""
        return self._shown[: self.directory.size]

    def lists_of(self, number: int) -> list[ListName]:
        """The lists that hold records about a name."""
        return [name for name in ListName if self._records[number, _PLACE[name]]]

    def add_record(self, number: int, of_list: ListName) -> None:
        """A list has one more record about a name."""
        self._records[number, _PLACE[of_list]] += 1
        self._shown[number] = True
        self._waiting.pop(number, None)

    def remove_record(self, number: int, of_list: ListName) -> bool:
        """A list has one record less about a name; whether that was the last one of all lists."""
        self._records[number, _PLACE[of_list]] -= 1
        return not self._records[number].any()

    def wait(self, series: str) -> tuple[int, int | None]:
        """The number of a series that has samples, and that of another one which has to make room for it."""
        number = self.directory.number(series)
        if number is not None:
            return number, None
        number = self.number(series)
        self._waiting[number] = None
        return number, next(iter(self._waiting)) if len(self._waiting) > WAITING_MAX else None

    def remove(self, number: int) -> None:
        """Forget a name."""
        self._shown[number] = False
        self._waiting.pop(number, None)
        self.directory.remove(number)
