"""The state of a correlate pipeline: everything that a checkpoint holds."""

from collections import Counter

import numpy as np

from models.arrays import Floats
from streams.correlate.config import CorrelateConfig
from streams.correlate.entities import SCOPES_MAX, Entities
from streams.correlate.inbox import Inbox
from streams.correlate.kinship import Kinship
from streams.correlate.leads import Leads
from streams.correlate.relations import Relations
from streams.correlate.triage import Triage
from streams.rejects import RejectReason


class CorrelateState:
    """What waits, who is known, and what goes on in every scope."""

    def __init__(self, config: CorrelateConfig) -> None:
        self.config = config
        self.next_offset = 0
        self.rows_taken = 0
        self.rejects: Counter[RejectReason] = Counter()
        self.inbox = Inbox(config.samples_partitions)
        self.entities = Entities()
        self.leads = Leads()
        self.triages: dict[str, Triage] = {}
        self.weights: Floats = np.empty(0)
        """Of metrics, by number: from the settings, no part of the state."""
        self._kinship = Kinship(config.dependencies)

    def is_busy(self) -> bool:
        """Whether anything goes on that ends by the time alone."""
        return any(not triage.is_idle for triage in self.triages.values())

    def triage(self, scope: str) -> Triage | None:
        """The triage of a scope; None where there are too many."""
        if scope not in self.triages and len(self.triages) < SCOPES_MAX:
            self.triages[scope] = Triage(scope, self.config, Relations(self._kinship, self.leads, scope))
        return self.triages.get(scope)

    def forget_scopes(self) -> None:
        """Once there are too many, forget those of which no entity is known and in which nothing goes on."""
        if len(self.triages) >= SCOPES_MAX:
            known = self.entities.is_known_scope
            self.triages = {scope: each for scope, each in self.triages.items() if known(scope) or not each.is_idle}
