"""The batched transport: an agent gets one event per fetched partition batch, instead of one per message.

Stock Faust makes four asyncio Tasks per message, which bounds a process at about 9,000 messages/s whatever its agent
does. Here a fetched batch passes through Faust as one message, so these Tasks are spent once per batch; Faust still
owns groups, rebalances, tables and recovery. A changelog's records pass one by one, as in stock Faust.

Offsets are not Faust's business on batched topics: they are declared ``acks=False``, the `Cursor` checks that batches
join, the role says where to begin, and offsets are committed by us.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from operator import attrgetter
from typing import Any, Protocol, cast

from aiokafka.errors import CommitFailedError, KafkaConnectionError, KafkaError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust import Schema
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, AppT, ConsumerMessage, EventT
from faust.types import Message as FaustMessage
from mode.threads import WorkerThread
from structlog import get_logger
from typing_extensions import override

from streams.edge.contact import GroupContact
from streams.edge.limits import STOP_S
from streams.edge.service_log import SERVICE_LOGGER
from streams.edge.touchpoints import Fetched, fetch_records
from streams.edge.touchpoints_group import committed_offsets, ids_of_topics, listen_to_coordinator
from streams.records import InputRecord
from streams.runtime.batches import RecordBatch
from streams.runtime.log import Bounds, Committed, LogBounds, Place
from streams.runtime.positions import of_these_logs

log = get_logger(__name__)

PRESSURE_POLL_S = 0.005
"""How soon partitions under back-pressure are looked at again. Stock Faust takes a whole second."""


class Seeker(Protocol):
    """Says where reading begins after an assignment; a role is one."""

    async def starting_offsets(self, committed: Mapping[Place, int | None], bounds: Bounds) -> Mapping[Place, int]:
        """The first offset to read of each partition, given the group's offsets and what the logs hold."""
        ...


class NoOffsets(dict[Any, None]):
    """A mapping that never holds anything: reading any key gives None."""

    def __missing__(self, key: object) -> None:
        return None

    def __setitem__(self, key: object, value: object) -> None:
        """Forget it."""

    def update(self, *args: object, **kwargs: object) -> None:
        """Forget it."""


class MortalThread(WorkerThread):
    """A thread that keeps no process alive: with a dead broker aiokafka takes minutes to let go of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.daemon = True

    @override
    def stop(self) -> None:
        """Wait until it has ended, which holds up the whole event loop, but not for ever."""
        self.is_stopped.wait(STOP_S)


class BatchConsumerThread(driver.AIOKafkaConsumerThread):
    """The consumer's thread; notes where reading stood before each partition's records, and what the group answers."""

    logger = SERVICE_LOGGER
    Worker = MortalThread

    @override
    async def on_start(self) -> None:
        """Connect; nobody has joined a group yet."""
        await super().on_start()
        contact: GroupContact = self.app.contact  # type: ignore[attr-defined]
        listen_to_coordinator(self._consumer, contact.ask, contact.answered)

    async def committed(self, partitions: Collection[TP]) -> dict[TP, Committed]:
        """What the group has committed."""
        committed: dict[TP, Committed] = await self.call_thread(committed_offsets, self._ensure_consumer(), partitions)
        return committed

    async def topic_ids(self, topics: Collection[str]) -> dict[str, str]:
        """The ids of topics, as far as the broker gives them any."""
        ids: dict[str, str] = await self.call_thread(ids_of_topics, self._ensure_consumer(), topics)
        return ids

    @override
    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        ids: Mapping[str, str] = self.consumer.topic_ids  # type: ignore[attr-defined]
        ours = {
            TopicPartition(*tp): OffsetAndMetadata(offset, ids.get(tp.topic, ""))
            for tp, offset in offsets.items()
            if tp in self.assignment()
        }
        try:
            await self._ensure_consumer().commit(ours)
        except CommitFailedError as error:
            if "already rebalanced" not in str(error):
                await self.crash(error)
            return False
        except Exception as error:
            await self.crash(error)
            return False
        return True

    @override
    async def _fetch_records(
        self,
        consumer: Any,
        active_partitions: set[TP],
        timeout: float | None = None,
        max_records: int | None = None,
    ) -> Any:
        return await fetch_records(
            consumer, active_partitions, timeout or 0.0, max_records, lambda: self.consumer.flow_active
        )


class BatchConsumer(driver.Consumer):
    """A consumer that hands over the records of one partition, fetched together, as one message."""

    logger = SERVICE_LOGGER

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Stock Faust drops a message below the last offset it has seen. After a seek back that would drop, without a
        # word, the very records that were sought. The Cursor knows what came already.
        self._read_offset = NoOffsets()  # type: ignore[assignment]
        self.handed_over: dict[TP, int] = {}
        """After an assignment, the offset behind the last record of each partition that went to the agent."""
        self._batches = 0
        self._newest: dict[TP, int] = {}
        """Number of the newest batch of each partition that went to the agent."""
        self.topic_ids: Mapping[str, str] = {}
        """Of the topics that are read, as they were at the assignment; every commit names the one it belongs to."""

    @override
    def _new_consumer_thread(self) -> BatchConsumerThread:
        return BatchConsumerThread(self, loop=self.loop, beacon=self.beacon)

    @override
    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Mapping[TP, list[Any]]:
        if self._buffered_partitions:
            # Partitions under back-pressure are left out of this wait, and may be wanted again at any moment.
            timeout = PRESSURE_POLL_S
        fetched: Mapping[TP, Any] = await super()._getmany(active_partitions, timeout)
        self.handed_over.update({tp: batch.records[-1].offset + 1 for tp, batch in fetched.items()})
        return {tp: batch.records if self._is_changelog_tp(tp) else [batch] for tp, batch in fetched.items()}

    def waiting(self, taken: int) -> set[TP]:
        """Partitions with a batch on its way to the agent, which took them up to this number, or held back for now."""
        return {tp for tp, number in self._newest.items() if number > taken} | set(self._buffered_partitions)

    @override
    def _to_message(self, tp: TP, record: Any) -> ConsumerMessage:
        if not isinstance(record, Fetched):
            return super()._to_message(tp, record)
        self._batches += 1
        self._newest[tp] = self._batches
        batch = RecordBatch(Place(*tp), record.start_offset, input_records(record.records), self._batches)
        last = record.records[-1]
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            last.offset,
            last.timestamp / 1000.0,
            last.timestamp_type,
            [],
            None,
            batch,  # type: ignore[arg-type]  # only BatchSchema reads it
            None,
            tp=tp,
            generation_id=self.app.consumer_generation_id,
        )

    @override
    async def _wait_next_records(self, timeout: float) -> Any:
        if self.flow_active and not self._get_active_partitions():
            await self.sleep(PRESSURE_POLL_S)
            return {}, set()
        return await super()._wait_next_records(timeout)

    @override
    async def perform_seek(self) -> None:
        """Go to where the role says each source partition begins."""
        self.handed_over.clear()
        self._newest.clear()
        tps = [tp for tp in await self.seek_to_committed() if not self._is_changelog_tp(tp)]
        if not tps:
            self.topic_ids = {}
            return
        # Before all else is asked: if a topic is made anew meanwhile, `watch_topics` finds its id to be another one.
        ids = await self.ask_topic_ids({tp.topic for tp in tps})
        # Before the ends: while we sleep others may go on, and commit what was beyond an end that was asked for before.
        committed = await self._known(tps)
        # At once: behind a fetch, which may wait for 1.5 s, the two wait together.
        firsts, ends = await asyncio.gather(self.earliest_offsets(*tps), self.highwaters(*tps))
        bounds = {Place(*tp): LogBounds(firsts[tp], ends[tp], ids.get(tp.topic, "")) for tp in tps}
        seeker: Seeker = self.app.role  # type: ignore[attr-defined]
        starts = await seeker.starting_offsets(of_these_logs(committed, bounds), bounds)
        # Until now a commit could be one of what was read before.
        self.topic_ids = ids
        if starts:
            await self.seek_wait({TP(*place): offset for place, offset in starts.items()})

    async def ask_topic_ids(self, topics: Collection[str]) -> dict[str, str]:
        """The ids that topics have now, as far as the broker gives them any."""
        thread = cast(BatchConsumerThread, self._thread)
        return await thread.topic_ids(topics)

    async def _known(self, tps: Collection[TP]) -> dict[Place, Committed | None]:
        thread = cast(BatchConsumerThread, self._thread)
        committed = await thread.committed(tps)
        return {Place(*tp): committed.get(tp) for tp in tps}


_OFFSET_AND_VALUE = attrgetter(*InputRecord._fields)


def input_records(fetched: Iterable[Any]) -> list[InputRecord]:
    """Records as aiokafka has them, as the pure code takes them."""
    # The constructor, without its call in Python for each record.
    return list(map(partial(tuple.__new__, InputRecord), map(_OFFSET_AND_VALUE, fetched)))


class EdgeProducer(driver.Producer):
    """A producer that is idempotent where the broker can do it: a retry then neither doubles nor reorders records."""

    logger = SERVICE_LOGGER
    idempotent = True

    @override
    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": self.idempotent}

    @override
    async def on_start(self) -> None:
        """Connect; without idempotence where the broker refuses a producer id (the embedded one does)."""
        try:
            await super().on_start()
        except KafkaConnectionError:
            await self._close_half_started()
            raise
        except KafkaError as error:
            await self._close_half_started()
            self.idempotent = False
            log.warning("the broker refuses idempotent producers; a retried send may come twice", error=repr(error))
            await super().on_start()

    async def _close_half_started(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()


class EdgeTransport(driver.Transport):
    """Faust's aiokafka transport with our consumer and producer."""

    Consumer = BatchConsumer
    Producer = EdgeProducer


class BatchSchema(Schema[Any, Any]):
    """Takes a batch as it is: decoding is the pipeline's business, and an unreadable record a reject, not an error."""

    @override
    def compile(self, app: AppT, **kwargs: Any) -> Any:
        """Make the function that turns a message into an event."""
        create_event = app.create_event

        async def decode(message: FaustMessage, *, propagate: bool = False) -> EventT[Any]:  # noqa: ARG001
            return create_event(None, message.value, message.headers, message)

        return decode
