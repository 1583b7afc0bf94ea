"""What rules about entities have in common: banks of the entities and of their members, which come and go together."""

from typing import Generic, TypeVar

import numpy as np

from models.arrays import Ints
from models.layout import Arrays, SlotBank
from streams.pipeline.catalog import Catalog
from streams.pipeline.members import Members, Owner
from streams.pipeline.pairs import Pairs

Rule = TypeVar("Rule")
MemberBank = TypeVar("MemberBank", bound=SlotBank)
EntityBank = TypeVar("EntityBank", bound=SlotBank)


class EntityTracker(Generic[Rule, MemberBank, EntityBank]):
    """Follows the entities that have series which a rule is about.

    Parameters
    ----------
    bank
        A slot for each member.
    entities
        A slot for each entity that a rule has.
    """

    def __init__(
        self, rules: tuple[Rule, ...], catalog: Catalog, grid: Arrays, bank: MemberBank, entities: EntityBank
    ) -> None:
        self.rules = rules
        self.catalog = catalog
        self.grid = grid
        self.bank = bank
        self.entities = entities
        self.members = Members(len(rules), catalog, grid)

    @property
    def pairs(self) -> Pairs:
        """The members, as sections and mending know the pairs of other rules."""
        return self.members.pairs

    def join(self, slot: int, number: int) -> None:
        """Let a series be a member of its entity, under the rule of this number; whoever is new begins afresh."""
        member, owner = self.members.add(slot, number)
        if member is not None:
            self.bank.reserve(member + 1)
            self.restart_pair(member)
        if owner is not None:
            self.entities.reserve(owner + 1)
            self.entities.clear(np.array([owner]))

    def remove_series(self, slot: int) -> list[Owner]:
        """Forget a series, and the entities that it was the last one of."""
        return self.members.remove_series(slot)

    def restart_members(self, slot: int) -> Ints:
        """Forget what was learned of a series; the owners that it may have misled."""
        members = self.pairs.of_series(slot)
        for member in members:
            self.restart_pair(member)
        return self.members.owners_of(np.array(members, np.int64))

    def restart_pair(self, pair: int) -> None:
        """Forget what was learned of a member."""
        self.bank.clear(np.array([pair]))
