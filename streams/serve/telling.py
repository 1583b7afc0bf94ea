"""What serve tells by itself: alerts to whoever is to be told, figures and forecasts to Prometheus."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from importlib.metadata import version

from fastapi import FastAPI
from structlog import get_logger

from streams.serve.alerting.service import Alerting, Clocks
from streams.serve.api.gate import LIVE_PATH
from streams.serve.board.incoming import Incoming
from streams.serve.context import ServeContext
from streams.serve.exposition.collector import Sources, registry_of
from streams.serve.exposition.route import attach_metrics
from streams.serve.exposition.survey import Surveyor
from streams.serve.exposition.timing import Requests, Timed
from streams.serve.remote_write.writer import RemoteWriter

log = get_logger(__name__)


AGAIN_AFTER_S = 10.0

Work = Callable[[], Coroutine[None, None, None]]


class Telling:
    """Alerting, metrics and remote write of one serve.

    Parameters
    ----------
    wall_ms
        The clock, in milliseconds since 1970.
    chance
        A number from 0 to 1, another one each time.
    """

    def __init__(
        self,
        context: ServeContext,
        wall_ms: Callable[[], int],
        chance: Callable[[], float],
    ) -> None:
        self._context = context
        self._surveyor = Surveyor(context.board)
        self._requests: Requests = {}
        clocks = Clocks(context.now_ms, wall_ms)
        self.alerting = Alerting(context.settings, _page_url(context), clocks, chance)
        remote_write, topic = context.settings.remote_write, context.settings.topics.forecasts
        self.writer = None if remote_write.url is None else RemoteWriter(remote_write, topic, wall_ms, chance)

    def apply(self, records: Sequence[Incoming]) -> None:
        """Take in what was read, beside the board."""
        self.alerting.apply(records)
        if self.writer is not None:
            self.writer.apply(records)

    def attach(self, app: FastAPI, _: ServeContext) -> None:
        """Add `/metrics` to an app, and time its requests."""
        sources = Sources(
            board=self._context.board,
            standing=self._context.standing,
            now_ms=self._context.now_ms,
            survey=lambda: self._surveyor.survey,
            requests=self._requests,
            live_clients=lambda: app.state.clients.count,
            scaler_outcomes=self._context.desk.counts,
            alerting=self.alerting,
            writer=self.writer,
            version=version("foreshock"),
        )
        attach_metrics(app, registry_of(sources))
        app.add_middleware(Timed, requests=self._requests, streaming=LIVE_PATH)

    async def run(self) -> None:
        """Tell, for as long as the task lives: whatever is amiss here, serve goes on."""
        works: list[Work] = [self._alert, self._surveyor.run]
        if self.writer is not None:
            works.append(self.writer.run)
        await asyncio.gather(*[_kept_alive(work) for work in works])

    async def _alert(self) -> None:
        await self.alerting.run(lambda: self._context.standing.caught_up)


async def _kept_alive(work: Work) -> None:
    while True:
        try:
            await work()
        except Exception:
            log.exception("telling others has failed, and begins anew")
        await asyncio.sleep(AGAIN_AFTER_S)


def _page_url(context: ServeContext) -> str:
    serve = context.settings.serve
    scheme = "http" if serve.tls_cert_file is None else "https"
    host = f"[{serve.host}]" if ":" in serve.host else serve.host
    return f"{scheme}://{host}:{serve.port}"
