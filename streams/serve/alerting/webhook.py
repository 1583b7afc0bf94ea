"""One webhook: told each turn of an alert once, in order, as a CloudEvent; tried again for some minutes."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp
import orjson

from streams.serve.alerting.alert import Turn
from streams.serve.alerting.patience import backoff_s
from streams.serve.alerting.receiver import Counts, Mood, SendError, post, secret_of
from streams.serve.alerting.signing import signed
from streams.serve.alerting.wire import CLOUD_EVENT
from streams.settings.alerting import WebhookSettings

QUEUE_MAX = 1_000
"""Events that wait; then the oldest are dropped, and counted."""
ATTEMPTS_MAX = 8
"""Some three minutes."""

Write = Callable[[Turn], dict[str, Any]]


class Webhook:
    """Sends events one after the other.

    Parameters
    ----------
    write
        Writes a turn as a CloudEvent.
    wall_ms
        The time, which is signed.
    chance
        A number from 0 to 1, another one each time.
    """

    def __init__(
        self,
        settings: WebhookSettings,
        session: aiohttp.ClientSession,
        write: Write,
        wall_ms: Callable[[], int],
        chance: Callable[[], float],
    ) -> None:
        self.url = settings.url
        self.counts = Counts()
        self._settings = settings
        self._session = session
        self._write = write
        self._wall_ms = wall_ms
        self._chance = chance
        self._queue: deque[dict[str, Any]] = deque()
        self._wake = asyncio.Event()
        self._mood = Mood(settings.url)

    def tell(self, turn: Turn) -> None:
        """Send an event of this soon, if it is of those that are wanted."""
        wanted = self._settings
        if wanted.kinds and turn.alert.finding.kind not in wanted.kinds:
            return
        if wanted.severities and turn.alert.severity.word not in wanted.severities:
            return
        if len(self._queue) >= QUEUE_MAX:
            self._queue.popleft()
            self.counts.dropped += 1
        self._queue.append(self._write(turn))
        self._wake.set()

    async def run(self) -> None:
        """Send, for as long as the task lives."""
        while True:
            await self._wake.wait()
            event = self._queue.popleft()
            if not self._queue:
                self._wake.clear()
            await self._deliver(event)

    async def _deliver(self, event: dict[str, Any]) -> None:
        body = orjson.dumps(event)
        for failures in range(1, ATTEMPTS_MAX + 1):
            try:
                await self._send(event["id"], body)
            except SendError as error:
                self._mood.failed(error)
                self.counts.failed += 1
                if not error.again or failures == ATTEMPTS_MAX:
                    self.counts.dropped += 1
                    return
                await asyncio.sleep(backoff_s(failures, self._chance()))
            else:
                self._mood.succeeded()
                self.counts.sent += 1
                return

    async def _send(self, event_id: str, body: bytes) -> None:
        headers = {"Content-Type": CLOUD_EVENT}
        if self._settings.secret_file is not None:
            headers |= signed(secret_of(self._settings.secret_file), event_id, self._wall_ms() // 1000, body)
        await post(self._session, self._settings.url, body, headers, self._settings.timeout_ms)
