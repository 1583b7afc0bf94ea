"""Members of objectives: the round that each reported in last, and what its events are parts of."""

import numpy as np
import numpy.typing as npt

from models.failure.rounds import NO_ROUND
from models.layout import Field, SlotBank, Slots, reset_rows

LAYOUT = (
    Field("reported", "i8", (), NO_ROUND, "rounds", "the round of the last sample"),
    Field("of_bad", "f8", (), 0.0, "-", "what one of its events adds to the bad ones"),
    Field("of_all", "f8", (), 0.0, "-", "what one of its events adds to all"),
)

Flags = npt.NDArray[np.bool_]


class ReportBank(SlotBank):
    """Reports of `capacity` series."""

    def __init__(self, capacity: int) -> None:
        super().__init__(LAYOUT, capacity)

    def forget(self, slots: Slots) -> None:
        """Forget in which round these slots reported; what their events are parts of stays."""
        reset_rows(self.arrays, LAYOUT[:1], slots)

    def report(self, slots: Slots, number: npt.NDArray[np.int64]) -> Flags:
        """Distinct slots report in these rounds; whether for the first time in it, shape (n,)."""
        is_first: Flags = number > self.arrays["reported"][slots]
        self.arrays["reported"][slots] = number
        return is_first
