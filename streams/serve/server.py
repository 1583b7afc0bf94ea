"""`foreshock serve` as a whole: reading, the API, and what else has tasks of its own, in one event loop."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from structlog import get_logger

from streams.logs import tell_repeats
from streams.serve.api.app import ATTACHED, make_app
from streams.serve.board.board import Board
from streams.serve.context import ServeContext
from streams.serve.http import HttpServer
from streams.serve.now import now_of
from streams.serve.reading.reader import Reader
from streams.serve.reading.seek import SampleSeeker
from streams.serve.reloading import reload_on_hangup
from streams.serve.scaling import run as scaling
from streams.serve.telling import Telling
from streams.settings.model import Settings

log = get_logger(__name__)

Task = Callable[[ServeContext], Awaitable[None]]

TASKS: tuple[Task, ...] = (scaling.run,)
"""What runs beside reading and the API, each until it is cancelled."""

END_WITHIN_S = 5.0
"""What is left of a task then is left behind."""


def wall_ms() -> int:
    """The clock."""
    return round(time.time() * 1000)


def context_of(settings: Settings) -> ServeContext:
    """An empty board, and what fills it and asks it."""
    board = Board(settings)
    now_ms = now_of(settings.serve.now, board, wall_ms)
    return ServeContext(settings, board, now_ms, older_samples=SampleSeeker(settings))


async def run_server(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until told to stop.

    Raises
    ------
    UserError
        If the tokens, the certificates or the address can't be used.
    """
    context = context_of(settings)
    telling = Telling(context, wall_ms, random.random)
    context.taps.append(telling.apply)
    gate = make_app(context, (*ATTACHED, telling.attach))
    http = HttpServer(settings.serve, gate)
    reload_on_hangup(context.guest_list, settings.serve)
    works = [http.run(), Reader(context).run(), telling.run(), tell_repeats(), *[task(context) for task in TASKS]]
    log.info("serve", address=http.address, asks_who=settings.serve.asks_who, now=settings.serve.now)
    tasks: list[asyncio.Future[object]] = [asyncio.ensure_future(work) for work in [*works, stop.wait()]]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await _end(http, tasks)


async def _end(http: HttpServer, tasks: list[asyncio.Future[object]]) -> None:
    """Let answers that are under way go out, which the first task does; then end all."""
    http.stop()
    await asyncio.wait(tasks[:1], timeout=END_WITHIN_S)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=END_WITHIN_S)
