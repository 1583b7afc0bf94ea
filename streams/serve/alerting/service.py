"""Alerting as a part of serve: taps what is read, keeps the desk, and tells receivers. It never ends serve."""

import asyncio
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

import aiohttp
from structlog import get_logger

from streams.serve.alerting.alert import Alert, Known, Turn
from streams.serve.alerting.alertmanager import Alertmanager
from streams.serve.alerting.desk import AlertDesk
from streams.serve.alerting.identity import Identity
from streams.serve.alerting.rota import Rota
from streams.serve.alerting.webhook import Webhook
from streams.serve.alerting.wire import Wording
from streams.serve.alerting.words import UNREADABLE
from streams.settings.model import Settings

log = get_logger(__name__)

TICK_S = 1.0


class Read(Protocol):
    """A record as it was read from a topic."""

    @property
    def topic(self) -> str: ...
    @property
    def key(self) -> bytes: ...
    @property
    def value(self) -> bytes | None: ...


class Clocks(NamedTuple):
    """What time it is, in milliseconds since 1970."""

    now_ms: Callable[[], int]
    """For serve: the clock's, or event time."""
    wall_ms: Callable[[], int]
    """The clock's."""


class Alerting:
    """Alerts of what was read.

    Parameters
    ----------
    page_url
        Where people reach the page, unless the settings say.
    chance
        A number from 0 to 1, another one each time.
    """

    def __init__(self, settings: Settings, page_url: str, clocks: Clocks, chance: Callable[[], float]) -> None:
        self.settings = settings.alerting
        topics = settings.topics
        self._topics = {topics.capacity, topics.failures, topics.anomalies, topics.incidents}
        self._clocks = clocks
        self._chance = chance
        self._wording = Wording(self.settings.external_url or page_url, self.settings.runbook_url)
        self._rota = Rota(self.settings.resend_every_ms)
        self.desk = AlertDesk(self.settings, settings.incidents.life_ms)
        self.managers: list[Alertmanager] = []
        self.webhooks: list[Webhook] = []
        self.unreadable = 0

    def apply(self, records: Iterable[Read]) -> None:
        """Take in records, in the order of their partitions; those of other topics are passed over."""
        now_ms = self._clocks.now_ms()
        for record in records:
            if record.topic in self._topics and record.key:
                try:
                    self.desk.apply(record.key.decode(), record.value, now_ms)
                except UNREADABLE:
                    self.unreadable += 1

    async def run(self, is_ready: Callable[[], bool]) -> None:
        """Tell receivers, for as long as the task lives, once the topics have been read to their ends."""
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
            self._open(session)
            for work in [*[one.run() for one in self.managers], *[one.run() for one in self.webhooks]]:
                tasks.create_task(work)
            while not is_ready():
                await asyncio.sleep(TICK_S)
            await self._begin()
            while True:
                self._tell(self._turns())
                await asyncio.sleep(TICK_S)

    def _open(self, session: aiohttp.ClientSession) -> None:
        self.managers = [
            Alertmanager(manager, session, self._posting, self._chance) for manager in self.settings.alertmanagers
        ]
        self.webhooks = [
            Webhook(webhook, session, self._event, self._clocks.wall_ms, self._chance)
            for webhook in self.settings.webhooks
        ]

    async def _begin(self) -> None:
        """Go on where a serve before this one has ended."""
        self.desk.adopt(await self._known())
        turns = self._turns()
        self.desk.caught_up()
        recent_ms = self._clocks.now_ms() - self.settings.catch_up_ms
        self._tell([turn for turn in turns if turn.witnessed and turn.at_ms >= recent_ms])
        log.info("alerting", firing=len(self.desk.firing), receivers=len(self.managers) + len(self.webhooks))

    async def _known(self) -> dict[Identity, Known]:
        """What the first Alertmanager knows that knows anything: those of a cluster know the same."""
        for manager in self.managers:
            known = await manager.known()
            if known:
                return known
        return {}

    def _turns(self) -> list[Turn]:
        self.desk.tick(self._clocks.now_ms())
        return self.desk.turns()

    def _tell(self, turns: list[Turn]) -> None:
        for webhook in self.webhooks:
            for turn in turns:
                webhook.tell(turn)
        due = self._rota.due(self.desk.firing.values(), turns, self._clocks.wall_ms())
        for manager in self.managers:
            manager.tell(due)

    def _posting(self, alert: Alert) -> dict[str, object]:
        clocks = self._clocks
        return self._wording.posting(alert, clocks.now_ms(), clocks.wall_ms(), self.settings.resend_every_ms)

    def _event(self, turn: Turn) -> dict[str, object]:
        return self._wording.event(turn, self._clocks.now_ms())
