"""Live updates, without a network: what one client is told."""

import asyncio
from typing import Any
from unittest.mock import patch

import orjson
import pytest
from sse_starlette.event import ServerSentEvent
from starlette.requests import Request

from streams.serve.api.app import make_routes
from streams.serve.api.asking import Asked
from streams.serve.api.auth import Guest
from streams.serve.api.live import FORECASTS_EVERY_S, LOOK_EVERY_S, Clients, Live, _begin, events
from streams.serve.board.board import Board
from streams.serve.board.changes import Changes
from streams.serve.context import ServeContext
from tests.streams.serve import made
from tests.streams.serve.api.asking import ask, context

SHOP = Guest("shop", (("namespace", "shop"),))


def _asked(asked: ServeContext, guest: Guest | None = None) -> Asked:
    app = make_routes(asked)
    scope = {"type": "http", "headers": [], "app": app, "state": {"guest": guest or Guest("all")}}
    return Asked(Request(scope))


def _told(live: Live, looks: int = round(FORECASTS_EVERY_S / LOOK_EVERY_S)) -> list[tuple[str, Any]]:
    return [_of(event) for _ in range(looks) for event in live.look()]


def _of(event: ServerSentEvent) -> tuple[str, Any]:
    lines = dict(line.split(": ", 1) for line in event.encode().decode().splitlines() if line)
    return lines["event"], orjson.loads(lines["data"])


def test_what_changed_is_named_and_forecasts_come_as_one_list() -> None:
    asked = context(Board(made.settings()))
    live = Live(_asked(asked), 0)
    assert _told(live) == []
    asked.board.apply(made.records())
    told = _told(live)
    assert {name for name, _ in told} == {"capacity", "failure", "anomaly", "incident", "forecast"}
    (forecasts,) = [data for name, data in told if name == "forecast"]
    assert len(forecasts["series"]) == 12
    assert _told(live) == []


def test_a_team_hears_of_its_own_alone() -> None:
    asked = context(Board(made.settings()))
    live = Live(_asked(asked, SHOP), 0)
    asked.board.apply(made.records())
    told = _told(live)
    assert told
    assert "pay" not in repr(told)


def test_it_is_told_when_reading_stops_and_goes_on() -> None:
    asked = context()
    live = Live(_asked(asked), asked.board.version)
    asked.standing.waits_for = "the broker"
    assert _told(live) == [("status", {"ready": False})]
    asked.standing.waits_for = None
    assert _told(live) == [("status", {"ready": True})]


def test_a_client_that_fell_behind_is_told_and_dropped() -> None:
    async def run() -> list[tuple[str, Any]]:
        asked = context(Board(made.settings()))
        asked.board.changes = Changes(kept=10)
        clients = Clients()
        stream = events(Live(_asked(asked), 0), clients)
        asked.board.apply(made.records())
        told = [_of(event) async for event in stream]
        assert clients.count == 0
        return told

    ((name, data),) = asyncio.run(run())
    assert name == "lost"
    assert "ask for everything again" in data["reason"]


@pytest.mark.parametrize(("given", "from_beginning"), [("0", True), ("99999999", False), ("x", False), ("", False)])
def test_a_client_goes_on_where_it_was(given: str, from_beginning: bool) -> None:
    asked = _asked(context())
    asked.request.scope["headers"] = [(b"last-event-id", given.encode())]
    assert _begin(asked) == (0 if from_beginning else asked.board.version)


def test_there_are_not_too_many_clients() -> None:
    with patch("streams.serve.api.live.CLIENTS_MAX", 0):
        answer = ask(context(), "/api/v1/live")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "too_many_clients")
