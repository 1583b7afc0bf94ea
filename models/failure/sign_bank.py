"""The signs of many series (`signs`), and the round that each of them reported in last."""

import numpy as np
import numpy.typing as npt

from models.failure import signs
from models.failure.rounds import NO_ROUND
from models.layout import Field, SlotBank, Slots

LAYOUT = (
    *signs.LAYOUT,
    Field("reported", "i8", (), NO_ROUND, "rounds", "the round of the last sample"),
)

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class SignBank(SlotBank):
    """Signs of `capacity` series."""

    def __init__(self, capacity: int) -> None:
        super().__init__(LAYOUT, capacity)

    def take(
        self, slots: Slots, number: npt.NDArray[np.int64], now_ms: Times, raw: Floats, value: Floats, score: Floats
    ) -> Flags:
        """One sample each of distinct slots, in these rounds; whether it is a slot's first in its round, shape (n,)."""
        is_first: Flags = number > self.arrays["reported"][slots]
        self.arrays["reported"][slots] = number
        signs.take(self.arrays, slots, now_ms, raw, value, score)
        return is_first
