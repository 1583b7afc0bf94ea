"""Messages to the broker in whole record batches, each built here: aiokafka's `send` costs a task step per message."""

import asyncio
from collections import Counter
from functools import partial

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder

from load.replay.messages import Message


class Sender:
    """Keeps each partition's messages in the order in which they were added.

    Attributes
    ----------
    acknowledged, failed
        Samples that the broker has taken, and that were not sent or not taken.
    errors
        How often each error occurred, by its text.
    stalled
        The broker let a partition's queue stand still for a whole request timeout: further sends would wait as long.
    """

    def __init__(self, producer: AIOKafkaProducer, topic: str) -> None:
        self._producer = producer
        self._topic = topic
        self._filling: dict[int, BatchBuilder] = {}
        self._samples: Counter[int] = Counter()
        self._sent: set[asyncio.Future[object]] = set()
        self.acknowledged = 0
        self.failed = 0
        self.errors: Counter[str] = Counter()
        self.stalled = False

    async def add(self, message: Message) -> None:
        """Add a message; where its partition's batch is full, that one is sent first."""
        builder = self._filling.get(message.partition)
        # The record's own time is the clock's: brokers delete by it, and a recording's event time may be years ago.
        if builder is None or builder.append(timestamp=None, key=message.key, value=message.value) is None:
            await self._send(message.partition)
            builder = self._producer.create_batch()
            builder.append(timestamp=None, key=message.key, value=message.value)
            self._filling[message.partition] = builder
        self._samples[message.partition] += message.samples

    async def flush(self) -> None:
        """Hand over every batch, full or not."""
        for partition in list(self._filling):
            await self._send(partition)

    async def drain(self) -> None:
        """Wait until everything is acknowledged or has failed."""
        await self.flush()
        if self._sent:
            await asyncio.wait(self._sent)

    async def _send(self, partition: int) -> None:
        builder = self._filling.pop(partition, None)
        if builder is None:
            return
        samples = self._samples.pop(partition)
        try:
            future = await self._producer.send_batch(builder, self._topic, partition=partition)
        except KafkaError as error:
            self.stalled = True
            self._count_failure(samples, error)
            return
        self._sent.add(future)
        future.add_done_callback(partial(self._settle, samples))

    def _settle(self, samples: int, future: asyncio.Future[object]) -> None:
        self._sent.discard(future)
        error = future.exception()
        if error is None:
            self.acknowledged += samples
        else:
            self._count_failure(samples, error)

    def _count_failure(self, samples: int, error: BaseException) -> None:
        self.failed += samples
        self.errors[f"{type(error).__name__}: {error}"] += 1
