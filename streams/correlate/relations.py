"""How the entities of a scope are related: what the settings declare, and what earlier incidents have shown."""

from typing import NamedTuple

from streams.correlate.kinship import Kinship
from streams.correlate.leads import Leads


class Relations(NamedTuple):
    """What is known of a scope's entities: declared, and learned."""

    kinship: Kinship
    leads: Leads
    scope: str

    def together(self, one: str, other: str) -> bool:
        """Whether two entities belong together whenever they are struck."""
        if self.kinship.applications(one) & self.kinship.applications(other):
            return True
        return self.leads.together(self.scope + one, self.scope + other)

    def apart(self, one: str, other: str) -> bool:
        """Whether two entities are declared, and in different applications."""
        mine, theirs = self.kinship.applications(one), self.kinship.applications(other)
        return bool(mine) and bool(theirs) and not mine & theirs

    def calls(self, caller: str, callee: str) -> bool:
        """Whether an entity is declared to depend on another."""
        return self.kinship.calls(caller, callee)

    def leads_to(self, one: str, other: str) -> bool:
        """Whether one is usually struck before the other."""
        return self.leads.leads(self.scope + one, self.scope + other)
