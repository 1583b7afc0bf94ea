"""Sends forecasts to a Prometheus as they come: in batches, bounded, and never in the way of anything else."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

import aiohttp
import cramjam
import orjson

from streams.serve.alerting.patience import backoff_s
from streams.serve.alerting.receiver import Counts, Mood, SendError, post, secret_of
from streams.serve.remote_write.forecasts import samples_of
from streams.serve.remote_write.wire import Sample, write_request
from streams.settings.durations import MINUTE_MS
from streams.settings.remote_write import RemoteWriteSettings

BATCH_MAX = 2_000
"""Samples of a request: some 300 kB before compression."""
WAITING_MAX = 100_000
"""Samples that wait; then the oldest are dropped, and counted."""
AGE_MS_MAX = 50 * MINUTE_MS
"""Prometheus refuses what is an hour old, with all of its batch. Series with steps that long are left out."""
GATHERED_FOR_S = 1.0

HEADERS = {
    "Content-Type": "application/x-protobuf",
    "Content-Encoding": "snappy",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError, AssertionError)
"""What comes of a record that somebody else has written to a topic of ours."""


class Read(Protocol):
    """A record as it was read from a topic."""

    @property
    def topic(self) -> str: ...
    @property
    def key(self) -> bytes: ...
    @property
    def value(self) -> bytes | None: ...


class RemoteWriter:
    """Forecasts on their way to a Prometheus.

    Parameters
    ----------
    topic
        That of the forecasts.
    wall_ms
        The clock, in milliseconds since 1970.
    chance
        A number from 0 to 1, another one each time.
    """

    def __init__(
        self, settings: RemoteWriteSettings, topic: str, wall_ms: Callable[[], int], chance: Callable[[], float]
    ) -> None:
        assert settings.url is not None
        self.url = settings.url
        self.counts = Counts()
        self.unreadable = 0
        self._settings = settings
        self._topic = topic
        self._wall_ms = wall_ms
        self._chance = chance
        self._waiting: deque[Sample] = deque()
        self._newest_ms: dict[bytes, int] = {}
        self._mood = Mood(self.url)

    def apply(self, records: Iterable[Read]) -> None:
        """Take in records; those of other topics are passed over."""
        for record in records:
            if record.topic == self._topic:
                try:
                    self._take(record)
                except UNREADABLE:
                    self.unreadable += 1

    async def run(self) -> None:
        """Send, for as long as the task lives."""
        failures = 0
        async with aiohttp.ClientSession() as session:
            while True:
                batch = [self._waiting.popleft() for _ in range(min(BATCH_MAX, len(self._waiting)))]
                while batch and not await self._is_sent(session, batch):
                    failures += 1
                    await asyncio.sleep(backoff_s(failures, self._chance()))
                failures = 0
                if len(batch) < BATCH_MAX:
                    await asyncio.sleep(GATHERED_FOR_S)

    def _take(self, record: Read) -> None:
        if record.value is None:
            self._newest_ms.pop(record.key, None)
            return
        fields = orjson.loads(record.value)
        origin_ms, now_ms = fields["origin_ms"], self._wall_ms()
        # In order and once, or the whole batch is refused; after a crash of a worker older ones come again.
        if not max(now_ms - AGE_MS_MAX, self._newest_ms.get(record.key, -1) + 1) <= origin_ms <= now_ms:
            return
        samples = list(samples_of(fields, self._settings))
        self._newest_ms[record.key] = origin_ms
        self._waiting.extend(samples)
        while len(self._waiting) > WAITING_MAX:
            self._waiting.popleft()
            self.counts.dropped += 1

    async def _is_sent(self, session: aiohttp.ClientSession, batch: list[Sample]) -> bool:
        """Whether there is nothing more to do for a batch: it was taken, or is refused for good."""
        try:
            await self._send(session, batch)
        except SendError as error:
            self._mood.failed(error)
            self.counts.failed += len(batch)
            too_old = batch[0].timestamp_ms < self._wall_ms() - AGE_MS_MAX
            if error.again and not too_old:
                return False
            self.counts.dropped += len(batch)
            return True
        self._mood.succeeded()
        self.counts.sent += len(batch)
        return True

    async def _send(self, session: aiohttp.ClientSession, batch: list[Sample]) -> None:
        headers = dict(HEADERS)
        if self._settings.token_file is not None:
            headers["Authorization"] = f"Bearer {secret_of(self._settings.token_file)}"
        body = bytes(cramjam.snappy.compress_raw(write_request(batch)))
        await post(session, self.url, body, headers, self._settings.timeout_ms)
