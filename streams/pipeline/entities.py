"""What rules about entities have in common: banks of the entities and of their members, which come and go together."""

import numpy as np
import numpy.typing as npt

from models.layout import Arrays, SlotBank
from streams.pipeline.catalog import Catalog
from streams.pipeline.members import Members, Owner
from streams.pipeline.pairs import Pair, Pairs

Ints = npt.NDArray[np.int64]


class EntityBanks:
    """A bank slot for each member, and one for each entity that a rule has.

    Parameters
    ----------
    rules
        How many there are.
    bank, entities
        Of the members and of the entities.
    """

    def __init__(self, rules: int, catalog: Catalog, grid: Arrays, bank: SlotBank, entities: SlotBank) -> None:
        self.members = Members(rules, catalog, grid)
        self._of_members = bank
        self._of_entities = entities

    @property
    def pairs(self) -> Pairs:
        """The members, as sections and mending know the pairs of other rules."""
        return self.members.pairs

    def join(self, slot: int, number: int) -> None:
        """Let a series be a member of its entity, under the rule of this number; whoever is new begins afresh."""
        member, owner = self.members.add(slot, number)
        if member is not None:
            self._of_members.reserve(member + 1)
            self.restart_pair(member)
        if owner is not None:
            self._of_entities.reserve(owner + 1)
            self._of_entities.clear(np.array([owner]))

    def remove_series(self, slot: int) -> list[Owner]:
        """Forget a series, and the entities that it was the last one of."""
        return self.members.remove_series(slot)

    def slot_of(self, member: int) -> int:
        """The series that a member is."""
        pair = self.pairs.pairs[member]
        assert pair is not None, f"member {member} is free"
        return pair.slot

    def restart_members(self, slot: int) -> Ints:
        """Forget what was learned of a series; the owners that it may have misled."""
        members = [self.pairs.number(Pair(slot, rule)) for rule in self.pairs.rules_of(slot)]
        for member in members:
            self.restart_pair(member)
        return self.members.owners_of(np.array(members, np.int64))

    def restart_pair(self, pair: int) -> None:
        """Forget what was learned of a member."""
        self._of_members.clear(np.array([pair]))
