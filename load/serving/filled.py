"""A server over a board that is filled with a large fleet, and goes on being told of it: a process of its own.

python -m load.serving.filled RECORDS SERIES PORT
"""

import asyncio
import gc
import itertools
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from load.serving.copies import Template, copy_of, sample_blocks, templates
from streams.serve.api.app import make_app
from streams.serve.board.board import Board
from streams.serve.context import ServeContext
from streams.serve.now import now_of
from streams.settings.model import Settings

HISTORY = 240
STEP_MS = 60_000
UPDATES_PER_S = 150
"""At a hundred thousand series with a forecast every twelve minutes."""

UPDATE_EVERY_S = 0.1
TRIVIAL = "/trivial"
"""What FastAPI takes for answering anything at all, in the same process."""


def filled_board(settings: Settings, made: list[Template], series: int) -> Board:
    """A board that has read so many series, by the records that the topics would have."""
    board = Board(settings)
    last_ms = max(one.fields["last_sample_at_ms"] for one in made)
    for copy in range(copies_of(made, series)):
        said = [copy_of(one, copy) for one in made]
        board.apply(said)
        names = [name.key.decode().partition("|")[2] for name in said if name.key.startswith(b"forecast|")]
        times_ms = range(last_ms - (HISTORY - 1) * STEP_MS, last_ms + 1, STEP_MS)
        board.apply(sample_blocks(settings.topics.samples, names, times_ms))
    return board


def copies_of(made: list[Template], series: int) -> int:
    """How many copies of the small fleet have so many series."""
    return -(-series // len({one.fields["series"] for one in made if "series" in one.fields}))


async def keep_telling(board: Board, made: list[Template], copies: int) -> None:
    """New forecasts, capacity and failure predictions, and new samples, at the pace of such a fleet."""
    of_series = [one for one in made if "series" in one.fields]
    turns = ((later, copy) for later in itertools.count(1) for copy in range(copies))
    news = (copy_of(one, copy, later * STEP_MS) for later, copy in turns for one in of_series)
    while True:
        board.apply(itertools.islice(news, round(UPDATES_PER_S * UPDATE_EVERY_S)))
        await asyncio.sleep(UPDATE_EVERY_S)


async def _serve(records: Path, series: int, port: int) -> None:
    settings = Settings.model_validate({"sources": [{"topic": "telemetry"}], "serve": {"now": "event"}})
    made = templates(records)
    board = filled_board(settings, made, series)
    context = ServeContext(settings, board, now_of("event", board, lambda: 0))
    app = make_app(context)
    trivial = FastAPI()

    @trivial.get(TRIVIAL)
    async def answer() -> dict[str, bool]:
        return {"ok": True}

    async def both(scope: Any, receive: Any, send: Any) -> None:
        await (trivial if scope.get("path") == TRIVIAL else app)(scope, receive, send)

    gc.freeze()
    config = uvicorn.Config(both, port=port, log_level="warning", access_log=False, lifespan="off")
    telling = asyncio.ensure_future(keep_telling(board, made, copies_of(made, series)))
    await uvicorn.Server(config).serve()
    telling.cancel()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
