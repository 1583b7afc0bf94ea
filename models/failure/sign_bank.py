"""The signs of many series (`signs`), and the round that each of them reported in last."""

from models.arrays import Flags, Floats, Ints, Times
from models.failure import rounds, signs
from models.layout import SlotBank, Slots

LAYOUT = (*signs.LAYOUT, *rounds.OF_MEMBER)


class SignBank(SlotBank):
    """Signs of `capacity` series."""

    def __init__(self, capacity: int) -> None:
        super().__init__(LAYOUT, capacity)

    def take(self, slots: Slots, number: Ints, now_ms: Times, raw: Floats, value: Floats, score: Floats) -> Flags:
        """One sample each of distinct slots, in these rounds; whether it is a slot's first in its round, shape (n,)."""
        signs.take(self.arrays, slots, now_ms, raw, value, score)
        return rounds.report(self.arrays, slots, number)
