"""The API and the page as people reach them: on a free loopback port, in a thread of their own."""

import asyncio
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Self

import uvicorn

from streams.serve.api.app import make_app
from streams.serve.board.board import Board
from streams.serve.board.incoming import Incoming
from streams.serve.context import ServeContext
from streams.serve.now import now_of
from streams.serve.standing import Standing
from streams.settings.model import Settings

START_SECONDS_MAX = 60.0


class Served:
    """A server over a board that a test fills.

    Parameters
    ----------
    ahead_ms
        How much later than the newest telemetry it is.
    """

    def __init__(self, settings: Settings, *, ahead_ms: int = 0, ready: bool = True) -> None:
        self.board = Board(settings)
        event_time = now_of("event", self.board, lambda: 0)
        lags = dict.fromkeys((settings.topics.samples, settings.topics.forecasts, settings.topics.capacity), 0)
        standing = Standing(caught_up=ready, waits_for=None if ready else "its topics", lag_records=lags)
        self._context = ServeContext(settings, self.board, lambda: event_time() + ahead_ms, standing)
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Answer, on the same port as before."""
        started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(started)), daemon=True)
        self._thread.start()
        assert started.wait(START_SECONDS_MAX), "the server did not start"

    def stop(self) -> None:
        """Go away, in the middle of whatever is being answered."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()

    def apply(self, records: Iterable[Incoming]) -> None:
        """Let the topics say more while the page is open."""
        asyncio.run_coroutine_threadsafe(self._apply(list(records)), self._loop).result()

    async def _apply(self, records: list[Incoming]) -> None:
        self.board.apply(records)

    async def _serve(self, started: threading.Event) -> None:
        app = make_app(self._context)
        config = uvicorn.Config(app, host="127.0.0.1", port=self._port, log_level="critical", lifespan="off")
        self._server, self._loop = uvicorn.Server(config), asyncio.get_running_loop()
        serving = asyncio.create_task(self._server.serve())
        while not self._server.started and not serving.done():
            await asyncio.sleep(0.01)
        self._port = self._server.servers[0].sockets[0].getsockname()[1]
        started.set()
        await serving

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
