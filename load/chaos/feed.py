"""Telemetry into the source topic while things break, until it is told to stop."""

import asyncio
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from load.chaos.telemetry import Telemetry

UNACKNOWLEDGED_MAX = 2_000
PAUSE_AFTER_ERROR_S = 1.0
PATIENCE_S = 20.0
"""After so long a producer is given up: aiokafka's can stand still for good where its broker was killed."""


class Feed:
    """Sends a round of telemetry every so often.

    What a broken broker takes twice or never is no matter: the checker reads what lies on the source topic.
    """

    def __init__(self, client: dict[str, Any], topic: str, telemetry: Telemetry, rounds_per_s: float) -> None:
        self._client = client
        self._topic = topic
        self._telemetry = telemetry
        self._pause_s = 1 / rounds_per_s
        self._enough = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to send, or go on."""
        self._enough.clear()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Send no more, and wait until what was sent is acknowledged or lost."""
        self._enough.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._enough.is_set():
            try:
                await self._send_with_one_producer()
            except (KafkaError, TimeoutError):
                await asyncio.sleep(PAUSE_AFTER_ERROR_S)

    async def _send_with_one_producer(self) -> None:
        producer = AIOKafkaProducer(**self._client, acks="all", enable_idempotence=True, linger_ms=5)
        try:
            await producer.start()
            await self._send_rounds(producer)
            await asyncio.wait_for(producer.flush(), PATIENCE_S)
        finally:
            with suppress(TimeoutError):
                await asyncio.wait_for(producer.stop(), PATIENCE_S)

    async def _send_rounds(self, producer: AIOKafkaProducer) -> None:
        clock = asyncio.get_running_loop().time
        unacknowledged: set[asyncio.Future[Any]] = set()
        due_s = clock()
        while not self._enough.is_set():
            for partition, key, value in self._telemetry.round():
                send = producer.send(self._topic, value, key=key, partition=partition)
                sent = await asyncio.wait_for(send, PATIENCE_S)
                unacknowledged.add(sent)
                sent.add_done_callback(unacknowledged.discard)
            if len(unacknowledged) > UNACKNOWLEDGED_MAX:
                await asyncio.wait(unacknowledged, timeout=PAUSE_AFTER_ERROR_S)
            # A broker that was away is not flooded with what it missed.
            due_s = max(due_s + self._pause_s, clock())
            await asyncio.sleep(due_s - clock())
