"""The app over a board of real records, asked in process."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from streams.serve.api.app import make_app
from streams.serve.board.board import Board
from streams.serve.context import ServeContext
from streams.serve.now import now_of
from streams.serve.standing import Standing
from tests.streams.serve import made

ALL = "token-of-those-who-see-all"
SHOP = "token-of-the-shop-team"
PAY = "token-of-the-pay-team"
TOKENS = f"# who may ask\n{ALL} sre\n{SHOP} shop namespace=shop\n{PAY} pay namespace=pay\n- keda.example\n"


def context(board: Board | None = None, standing: Standing | None = None, **serve: Any) -> ServeContext:
    settings = made.settings(serve={"now": "event"} | serve)
    filled = made.board() if board is None else board
    return ServeContext(settings, filled, now_of("event", filled, lambda: 0), standing or Standing())


def with_tokens(folder: Path) -> ServeContext:
    file = folder / "tokens"
    file.write_text(TOKENS)
    return context(tokens_file=str(file))


def ask(
    asked: ServeContext, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, **params: Any
) -> httpx.Response:
    """One request, and its answer."""

    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(make_app(asked), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, headers=headers, params=params or None)

    return asyncio.run(request())


def body(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
