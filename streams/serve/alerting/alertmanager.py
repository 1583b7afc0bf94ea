"""One Alertmanager, by its API v2: told what is due, and asked at a start what it knows."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import aiohttp
import orjson

from streams.serve.alerting.alert import Alert, Known
from streams.serve.alerting.identity import ALERT_NAME_PATTERN, INCIDENT, Identity, without_incident
from streams.serve.alerting.patience import backoff_s
from streams.serve.alerting.receiver import Counts, Mood, SendError, get, post, secret_of
from streams.settings.alerting import AlertmanagerSettings

BATCH_MAX = 500
"""About half a megabyte."""

Write = Callable[[Alert], dict[str, Any]]


class Alertmanager:
    """Sends what is pending, the newest word on each alert; a dead one holds up nobody and nothing piles up.

    Parameters
    ----------
    write
        Writes an alert as it is at the moment of sending.
    chance
        A number from 0 to 1, another one each time.
    """

    def __init__(
        self,
        settings: AlertmanagerSettings,
        session: aiohttp.ClientSession,
        write: Write,
        chance: Callable[[], float],
    ) -> None:
        self.url = settings.url
        self.counts = Counts()
        self._settings = settings
        self._session = session
        self._write = write
        self._chance = chance
        self._pending: dict[Identity, Alert] = {}
        self._wake = asyncio.Event()
        self._mood = Mood(settings.url)

    def tell(self, alerts: Iterable[Alert]) -> None:
        """Send these soon, in place of what is still to be sent of the same ones."""
        self._pending |= {alert.labels: alert for alert in alerts}
        if self._pending:
            self._wake.set()

    async def run(self) -> None:
        """Send, for as long as the task lives."""
        failures = 0
        while True:
            await self._wake.wait()
            batch = list(self._pending.values())[:BATCH_MAX]
            try:
                await self.send(batch)
            except SendError as error:
                self._mood.failed(error)
                self.counts.failed += len(batch)
                if not error.again:
                    # The same batch would be refused for ever; alerts that still fire are told anew before long.
                    self._done(batch)
                    self.counts.dropped += len(batch)
                failures += 1
                await asyncio.sleep(backoff_s(failures, self._chance()))
            else:
                self._mood.succeeded()
                self.counts.sent += len(batch)
                failures = 0
                self._done(batch)

    async def send(self, alerts: list[Alert]) -> None:
        """Send these now.

        Raises
        ------
        SendError
            If they are not taken.
        """
        body = orjson.dumps([self._write(alert) for alert in alerts])
        headers = {"Content-Type": "application/json", **self._authorization()}
        await post(self._session, f"{self.url}/api/v2/alerts", body, headers, self._settings.timeout_ms)

    async def known(self) -> dict[Identity, Known]:
        """Our alerts that it holds for firing; empty where it does not answer."""
        try:
            return dict(_known(orjson.loads(await self._ask())))
        except SendError as error:
            self._mood.failed(error)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            self._mood.failed(SendError(f"does not answer as an Alertmanager does: {error!r}", again=True))
        return {}

    async def _ask(self) -> bytes:
        query = {"filter": f'alertname=~"{ALERT_NAME_PATTERN}"'}
        headers = self._authorization()
        return await get(self._session, f"{self.url}/api/v2/alerts", query, headers, self._settings.timeout_ms)

    def _authorization(self) -> dict[str, str]:
        if self._settings.token_file is None:
            return {}
        return {"Authorization": f"Bearer {secret_of(self._settings.token_file)}"}

    def _done(self, batch: Iterable[Alert]) -> None:
        for alert in batch:
            # One that was told anew meanwhile is still to be sent.
            if self._pending.get(alert.labels) is alert:
                del self._pending[alert.labels]
        if not self._pending:
            self._wake.clear()


def _known(alerts: Iterable[dict[str, Any]]) -> Iterable[tuple[Identity, Known]]:
    for alert in alerts:
        starts_at = datetime.fromisoformat(alert["startsAt"])
        known = Known(round(starts_at.timestamp() * 1000), alert["labels"].get(INCIDENT))
        yield without_incident(alert["labels"].items()), known
