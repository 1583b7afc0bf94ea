"""Scalers over HTTP."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from streams.serve.api.app import make_routes
from streams.serve.api.auth import Guest
from streams.serve.board.board import Board
from streams.serve.scaling.core.desk import Desk
from tests.streams.serve import made
from tests.streams.serve.api.asking import context
from tests.streams.serve.scaling.made import MINUTE_MS, SERIES, T_MS, MadeBoard, record, scaler


class Clock:
    now_ms = T_MS

    def __call__(self) -> int:
        return self.now_ms


class Asking:
    """The API, asked by a guest who has a team."""

    def __init__(self, app: FastAPI) -> None:
        self._app, self._team = app, ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["guest"] = Guest("me", (("team", self._team),) if self._team else ())
        await self._app(scope, receive, send)

    def get(self, path: str, team: str = "") -> httpx.Response:
        self._team = team

        async def request() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self), base_url="http://127.0.0.1") as client:
                return await client.get(path)

        return asyncio.run(request())


BOARD, CLOCK = MadeBoard(), Clock()


@pytest.fixture
def client() -> Asking:
    BOARD.records, CLOCK.now_ms = {SERIES: record()}, T_MS
    scalers = [scaler(), scaler(name="load", output="load"), scaler(name="dry", dry_run=True)]
    scalers.append(scaler(name="team", series=None, metric="requests*", labels={"team": "x"}))
    asked = replace(context(Board(made.settings())), now_ms=CLOCK)
    vars(asked)["desk"] = Desk(scalers, BOARD)  # in place of the cached one
    return Asking(make_routes(asked))


def located(body: Any, path: str) -> Any:
    """What a GJSON path of plain names leads to; None where nothing is there."""
    for name in path.split("."):
        body = body.get(name) if isinstance(body, dict) else None
    return body


def test_the_value_is_where_keda_is_told_to_look(client: Asking) -> None:
    answer = client.get("/api/v1/scale/shop")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "scaler": "shop",
        "value": 4.0,
        "replicas": 4,
        "quantile": 0.5,
        "lead_time_ms": 2 * MINUTE_MS,
        "at_ms": T_MS,
        "origin_ms": T_MS,
        "age_ms": 0,
        "quality": "ok",
        "foretold": 40.0,
        "at_lead": 40.0,
        "newest": None,
        "wanted_replicas": 4,
        "limited_by": [],
        "series": [SERIES],
        "series_beyond": 0,
        "dry_run": False,
    }
    assert [located(answer.json(), path) for path in ("value", "replicas")] == [4, 4]
    assert located(client.get("/api/v1/scale/load").json(), "value") == 40


@pytest.mark.parametrize("path", ["value", "replicas", "foretold", "error.value"])
def test_an_error_has_no_number_anywhere_that_keda_could_look(client: Asking, path: str) -> None:
    BOARD.records = {SERIES: record(quality="unfit")}
    answer = client.get("/api/v1/scale/shop")
    assert answer.status_code == 503
    assert located(answer.json(), path) is None
    assert answer.json()["error"] == {
        "code": "unfit",
        "message": f"the forecast of {SERIES} is unfit: seasonal naive did better, or the bands did not hold",
        "parameter": None,
        "series": SERIES,
    }


def test_a_forecast_that_expires_is_an_error_and_a_new_one_is_not(client: Asking) -> None:
    CLOCK.now_ms += 2 * MINUTE_MS
    assert client.get("/api/v1/scale/shop").json()["error"]["code"] == "expired"
    BOARD.records = {SERIES: record(origin_ms=CLOCK.now_ms, expires_at_ms=CLOCK.now_ms + MINUTE_MS)}
    CLOCK.now_ms += 1_000
    assert client.get("/api/v1/scale/shop").status_code == 200


def test_a_dry_run_gives_no_value_and_keeps_what_it_would_have_said(client: Asking) -> None:
    answer = client.get("/api/v1/scale/dry")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "dry_run")
    kept = client.get("/api/v1/scale/dry/decisions").json()
    assert [(each["at_ms"], each["decision"]["value"], each["error"]) for each in kept["items"]] == [(T_MS, 4.0, None)]


def test_what_was_said_is_kept_the_newest_first(client: Asking) -> None:
    client.get("/api/v1/scale/shop")
    CLOCK.now_ms += 5 * MINUTE_MS
    client.get("/api/v1/scale/shop")
    items = client.get("/api/v1/scale/shop/decisions").json()["items"]
    assert [(each["decision"] is None, each["error"] is None) for each in items] == [(True, False), (False, True)]
    assert len(client.get("/api/v1/scale/shop/decisions?limit=1").json()["items"]) == 1
    assert client.get("/api/v1/scale/shop/decisions?limit=0").status_code == 422
    listed = {each["scaler"]: each for each in client.get("/api/v1/scale").json()["items"]}
    assert listed.keys() == {"shop", "load", "dry", "team"}
    assert listed["shop"]["counts"] == {"ok": 1, "expired": 1}
    assert listed["shop"]["newest"] == items[0]
    assert listed["load"]["newest"] is None


def test_who_sees_a_team_sees_no_other_scaler(client: Asking) -> None:
    for path in ("", "/decisions"):
        assert client.get(f"/api/v1/scale/shop{path}", team="x").status_code == 404
    assert client.get("/api/v1/scale/team", team="x").status_code == 503
    items = client.get("/api/v1/scale", team="x").json()["items"]
    assert [each["scaler"] for each in items] == ["team"]


def test_a_scaler_that_is_not_there(client: Asking) -> None:
    answer = client.get("/api/v1/scale/nobody")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
