"""Reads the topics into the board: predictions from the beginning, samples and rejects from some time back, then live.

No consumer group: every serve reads all partitions. Where it was is remembered for as long as the process lives, so a
broker that is lost costs no second reading; a topic that was deleted and made again begins the board anew.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from structlog import get_logger

from streams.edge.topic_ids import topic_ids
from streams.serve.board.incoming import Incoming
from streams.serve.context import ServeContext
from streams.serve.reading.consumer import RECORDS_AT_ONCE, consumer_of, prediction_topics, timed_topics

log = get_logger(__name__)

POLL_MS = 200
LOOK_EVERY_S = 2.0
ANSWER_WITHIN_S = 5.0
RECONNECT_S = 1.0
BYTES_BETWEEN_BREAKS = 65_536
"""Applied at once, in a millisecond or two; then others get their turn."""

FORGET_EVERY_S = 60.0

Batches = Mapping[TopicPartition, Iterable[Any]]


class TopicsMissingError(Exception):
    """Topics that are read are not there."""


class Reader:
    """Keeps the context's board and standing up to date."""

    def __init__(self, context: ServeContext) -> None:
        self._context, self._board, self._standing = context, context.board, context.standing
        self._positions: dict[TopicPartition, int] = {}
        self._goals: dict[TopicPartition, int] = {}
        self._ids: dict[str, str] = {}
        self._heard_at = time.monotonic()
        self._forgot_at = time.monotonic()
        self._standing.caught_up = False
        self._standing.waits_for = "its topics, which are read from their beginning"

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            try:
                async with consumer_of(self._context.settings) as consumer:
                    await self._read(consumer)
            except TopicsMissingError as error:
                self._wait_for(str(error))
            except (KafkaError, OSError, TimeoutError) as error:
                self._wait_for(f"the broker, which can't be read from: {type(error).__name__} {error}".rstrip())
            await asyncio.sleep(RECONNECT_S)

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        """Read on from where reading was, until the broker is lost or a topic is another one."""
        settings = self._context.settings
        await self._refuse_missing(consumer)
        if await self._is_made_anew(consumer):
            self._begin_anew()
        predictions = _partitions(prediction_topics(settings), settings.topics.partitions)
        timed = _partitions(timed_topics(settings), settings.topics.partitions)
        consumer.assign([*predictions, *timed])
        await self._seek(consumer, predictions, timed)
        # Samples are kept of series that something is predicted of: predictions come first.
        consumer.pause(*timed)
        await self._read_until(consumer, predictions)
        consumer.resume(*timed)
        await self._read_until(consumer, timed)
        self._has_caught_up()
        while not await self._look(consumer):
            await self._read_for_a_while(consumer)
        self._begin_anew()

    async def _seek(
        self, consumer: AIOKafkaConsumer, predictions: list[TopicPartition], timed: list[TopicPartition]
    ) -> None:
        """Go to where reading was, or is to begin; note where the topics end now."""
        async with asyncio.timeout(ANSWER_WITHIN_S * 4):
            begins = await consumer.beginning_offsets(predictions)
            ends = await consumer.end_offsets([*predictions, *timed])
            since_ms = round(time.time() * 1000) - self._context.settings.serve.lookback_ms
            found = await consumer.offsets_for_times(dict.fromkeys(timed, max(0, since_ms)))
        for place in predictions:
            self._positions.setdefault(place, begins[place])
        for place in timed:
            at = found.get(place)
            self._positions.setdefault(place, ends[place] if at is None else at.offset)
        for place, offset in self._positions.items():
            consumer.seek(place, offset)
        self._goals = ends

    async def _read_until(self, consumer: AIOKafkaConsumer, places: list[TopicPartition]) -> None:
        """Read to where the topics ended at the start."""
        looked_at = time.monotonic()
        while any(self._positions[place] < self._goals[place] for place in places):
            await self._poll(consumer)
            if time.monotonic() - looked_at > LOOK_EVERY_S:
                self._note_lag(self._goals)
                looked_at = time.monotonic()

    async def _read_for_a_while(self, consumer: AIOKafkaConsumer) -> None:
        until = time.monotonic() + LOOK_EVERY_S
        while time.monotonic() < until:
            await self._poll(consumer)

    async def _poll(self, consumer: AIOKafkaConsumer) -> None:
        batches: Batches = await consumer.getmany(timeout_ms=POLL_MS, max_records=RECORDS_AT_ONCE)
        if batches:
            self._heard_at = time.monotonic()
        for place, records in batches.items():
            await self._apply(records)
            # Past what compaction has taken away, too.
            self._positions[place] = await consumer.position(place)

    async def _apply(self, records: Iterable[Any]) -> None:
        part: list[Incoming] = []
        size = 0
        for record in records:
            part.append(Incoming(record.topic, record.partition, record.offset, record.key or b"", record.value))
            size += len(record.value or b"")
            if size >= BYTES_BETWEEN_BREAKS:
                self._tell(part)
                part, size = [], 0
                await asyncio.sleep(0)
        self._tell(part)

    def _tell(self, records: list[Incoming]) -> None:
        self._board.apply(records)
        for tap in self._context.taps:
            tap(records)

    async def _look(self, consumer: AIOKafkaConsumer) -> bool:
        """See how far the topics have come; returns whether one of them is another one now."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                ends = await consumer.end_offsets(list(self._positions))
                is_other = await self._is_made_anew(consumer)
        except (KafkaError, OSError, TimeoutError):
            # A client that reads topics that are gone gets no answer about them, and asks for them without a pause:
            # raises where it is that, and the client is let go.
            await self._refuse_lost(consumer)
            self._wait_for(f"the broker, which has not answered for {time.monotonic() - self._heard_at:.0f} s")
            return False
        self._heard_at = time.monotonic()
        self._note_lag(ends)
        if self._standing.waits_for is not None:
            log.info("ready again", waited_for=self._standing.waits_for)
        self._standing.waits_for = None
        if time.monotonic() - self._forgot_at > FORGET_EVERY_S:
            self._forgot_at = time.monotonic()
            retention_ms = self._context.settings.topics.predictions_retention_ms
            self._board.forget_before(self._board.event_time_ms - retention_ms)
        return is_other

    async def _is_made_anew(self, consumer: AIOKafkaConsumer) -> bool:
        """Whether a topic has another id than before; brokers that give none are believed."""
        settings = self._context.settings
        ids = await topic_ids(consumer._client, [*prediction_topics(settings), *timed_topics(settings)])  # noqa: SLF001  # as streams.edge does
        before = self._ids
        # A topic that is deleted and not yet made again is not known: its old id is what tells later.
        self._ids = before | ids
        return any(ids.get(topic, topic_id) != topic_id for topic, topic_id in before.items())

    async def _refuse_missing(self, consumer: AIOKafkaConsumer) -> None:
        settings = self._context.settings
        async with asyncio.timeout(ANSWER_WITHIN_S * 4):
            present = await consumer.topics()
        missing = {*prediction_topics(settings), *timed_topics(settings)} - present
        if missing:
            raise TopicsMissingError(f"topics {', '.join(sorted(missing))}; `foreshock topics create` makes them")

    async def _refuse_lost(self, consumer: AIOKafkaConsumer) -> None:
        """Raise `TopicsMissingError` if the broker answers, and has not all topics."""
        with contextlib.suppress(KafkaError, OSError, TimeoutError):
            await self._refuse_missing(consumer)

    def _begin_anew(self) -> None:
        log.warning("a topic was deleted and made again: everything is read anew")
        self._positions.clear()
        self._board.begin_anew()
        self._standing.caught_up = False
        self._wait_for("its topics, which were made anew and are read from their beginning")

    def _has_caught_up(self) -> None:
        # What takes long once is done before anybody asks.
        self._board.directory.in_order()
        if not self._standing.caught_up:
            log.info("read everything", series=len(self._board.directory.in_order()[0]), version=self._board.version)
        self._standing.caught_up, self._standing.waits_for = True, None

    def _note_lag(self, ends: Mapping[TopicPartition, int]) -> None:
        lag: Counter[str] = Counter()
        for place, end in ends.items():
            lag[place.topic] += max(0, end - self._positions[place])
        self._standing.lag_records = dict(lag)

    def _wait_for(self, reason: str) -> None:
        if reason.split(" for ")[0] != (self._standing.waits_for or "").split(" for ")[0]:
            log.warning("not ready", waits_for=reason)
        self._standing.waits_for = reason


def _partitions(topics: Iterable[str], count: int) -> list[TopicPartition]:
    return [TopicPartition(topic, partition) for topic in topics for partition in range(count)]
