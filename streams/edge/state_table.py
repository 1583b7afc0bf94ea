"""The Faust table of the state: its changelog is the durable copy, the pipelines are its form in memory.

So its store keeps nothing but the raw changelog records of a recovery, until the pipelines are made of them. Every
recovery reads the changelog from its beginning, also for partitions that stayed: another process may have written to
them since.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import faust
from faust.stores.memory import Store as MemoryStore
from faust.types import TP, EventT
from typing_extensions import override

from streams.edge.service_log import SERVICE_LOGGER
from streams.runtime.figures import RestoreFigures

FROM_THE_BEGINNING = -1
RECOVERY_BUFFER = 8
"""Changelog records that Faust holds back before they reach the store. They may be large; 1 has another meaning."""


class RecoveredStore(MemoryStore[bytes, bytes]):
    """Holds the latest value of every changelog key, by partition, from the start of a recovery until taken."""

    logger = SERVICE_LOGGER

    def __post_init__(self) -> None:
        super().__post_init__()
        self._times, self._records, self._value_bytes = 0, 0, 0
        self._seconds, self._began = 0.0, time.monotonic()
        self._recovered: dict[int, dict[bytes, bytes]] = defaultdict(dict)

    @override
    def persisted_offset(self, tp: TP) -> int | None:
        """Where recovery begins."""
        return FROM_THE_BEGINNING

    @override
    def apply_changelog_batch(
        self, batch: Iterable[EventT[Any]], to_key: Callable[[Any], Any], to_value: Callable[[Any], Any]
    ) -> None:
        """Keep changelog records as they are."""
        for event in batch:
            message = event.message
            self._records += 1
            self._value_bytes += len(message.value or b"")
            records = self._recovered[message.partition]
            assert message.key is not None  # checkpoints have only keyed records
            if message.value is None:
                records.pop(message.key, None)
            else:
                records[message.key] = message.value

    def take(self, partition: int) -> dict[bytes, bytes]:
        """Hand over a partition's records, and forget them."""
        return self._recovered.pop(partition, {})

    def done(self) -> None:
        """Note that the pipelines are made of what was read: the restore is over."""
        self._times += 1
        self._seconds += time.monotonic() - self._began

    def figures(self) -> RestoreFigures:
        """What was read since the start, and how long it took from each assignment on."""
        return RestoreFigures(self._times, self._seconds, self._records, self._value_bytes)

    @override
    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Forget what an earlier recovery left; the next begins."""
        self._began = time.monotonic()
        self._recovered.clear()


class StateTable(faust.Table[bytes, bytes]):
    """A table whose store keeps no second copy."""

    logger = SERVICE_LOGGER

    @override
    def _new_store(self) -> RecoveredStore:
        return RecoveredStore(
            "memory://",
            self.app,
            self,
            table_name=self.name,
            key_type=self.key_type,
            value_type=self.value_type,
            loop=self.loop,
        )

    @property
    def recovered(self) -> RecoveredStore:
        store = self.data
        assert isinstance(store, RecoveredStore)
        return store
