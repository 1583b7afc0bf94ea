"""`/metrics` of an app, and how long its requests take."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from prometheus_client import CollectorRegistry, Gauge
from starlette.types import ASGIApp

from streams.serve.exposition.route import attach_metrics
from streams.serve.exposition.timing import ELSEWHERE, Requests, Timed

LIVE = "/live"


@pytest.fixture
def requests() -> Requests:
    return {}


class Client:
    """Asks an app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.get(path, headers=headers)

        return asyncio.run(ask())


@pytest.fixture
def client(requests: Requests) -> Client:
    app, registry = FastAPI(), CollectorRegistry()
    Gauge("foreshock_serve_ready", "-", registry=registry).set(1)
    attach_metrics(app, registry)

    @app.get("/incidents/{name}")
    async def incident(name: str) -> str:
        if name == "broken":
            raise RuntimeError
        return name

    @app.get(LIVE)
    async def live() -> StreamingResponse:
        async def nothing() -> AsyncIterator[bytes]:
            yield b""

        return StreamingResponse(nothing())

    return Client(Timed(app, requests, streaming=LIVE))


def test_prometheus_is_told_in_the_form_that_it_asks_for(client: Client) -> None:
    plain = client.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain")
    assert "foreshock_serve_ready 1.0" in plain.text
    open_metrics = client.get("/metrics", headers={"Accept": "application/openmetrics-text"})
    assert open_metrics.headers["content-type"].startswith("application/openmetrics-text")
    assert open_metrics.text.endswith("# EOF\n")


def test_requests_are_timed_by_the_pattern_of_their_route(client: Client, requests: Requests) -> None:
    for path in ("/incidents/1", "/incidents/2", "/incidents/broken", "/nowhere", "/elsewhere", LIVE):
        client.get(path)
    counts = {place: durations.buckets()[-1][1] for place, durations in requests.items()}
    assert counts == {
        ("/incidents/{name}", "2xx"): 2,
        ("/incidents/{name}", "5xx"): 1,
        (ELSEWHERE, "4xx"): 2,
    }
