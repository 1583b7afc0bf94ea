"""The state of a correlate pipeline: everything that a checkpoint holds."""

from collections import Counter

import numpy as np
import numpy.typing as npt

from streams.correlate.config import CorrelateConfig
from streams.correlate.entities import SCOPES_MAX, Entities
from streams.correlate.inbox import Inbox
from streams.correlate.kinship import Kinship
from streams.correlate.leads import Leads
from streams.correlate.parting import Relations
from streams.correlate.watch import Watch
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
        self.watches: dict[str, Watch] = {}
        self.weights: npt.NDArray[np.float64] = np.empty(0)
        """Of metrics, by number: from the settings, no part of the state."""
        self._kinship = Kinship(config.dependencies)

    def is_busy(self) -> bool:
        """Whether anything goes on that ends by the time alone."""
        return any(not watch.is_idle for watch in self.watches.values())

    def watch(self, scope: str) -> Watch | None:
        """The watch over a scope; None where there are too many."""
        if scope not in self.watches and len(self.watches) < SCOPES_MAX:
            relations = Relations(self._kinship, self.leads, scope)
            self.watches[scope] = Watch(scope, self.config, relations)
        return self.watches.get(scope)

    def forget_scopes(self) -> None:
        """Forget scopes that are full of nothing, once there are too many."""
        if len(self.watches) >= SCOPES_MAX:
            known = self.entities.is_known_scope
            self.watches = {scope: watch for scope, watch in self.watches.items() if known(scope) or not watch.is_idle}
