"""Metrics, life and readiness over HTTP: the right status, and a taken port that is said so."""

import asyncio
import socket
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import ClientSession
from prometheus_client import CollectorRegistry, Gauge

from streams.cli.errors import ExitCode
from streams.edge.metrics.server import AddressTakenError, serving_metrics
from streams.settings.metrics import MetricsSettings

ANY_PORT = MetricsSettings(port=0)


def health(*ready: bool, ending_for: str | None = None) -> Any:
    roles = {f"role {place}": {"ready": fine, "waits_for": None} for place, fine in enumerate(ready)}
    return SimpleNamespace(ending_for=lambda: ending_for, readiness=lambda: roles)


async def ask(path: str, health: Any) -> tuple[int, str]:
    registry = CollectorRegistry()
    Gauge("things", "Things", registry=registry).set(3)
    async with (
        serving_metrics(ANY_PORT, registry, health) as port,
        ClientSession() as client,
        client.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        return answer.status, await answer.text()


def test_metrics_are_in_the_registry() -> None:
    assert asyncio.run(ask("/metrics", health(True))) == (
        200,
        "# HELP things Things\n# TYPE things gauge\nthings 3.0\n",
    )


@pytest.mark.parametrize(
    ("reason", "answer"),
    [
        (None, (200, '{"live":true,"ends_for":null}\n')),
        ("OSError: no", (503, '{"live":false,"ends_for":"OSError: no"}\n')),
    ],
)
def test_it_lives_until_something_ends_it(reason: str | None, answer: tuple[int, str]) -> None:
    assert asyncio.run(ask("/livez", health(False, ending_for=reason))) == answer


@pytest.mark.parametrize(("ready", "status"), [([True, True], 200), ([True, False], 503)])
def test_it_is_ready_when_every_role_is(ready: list[bool], status: int) -> None:
    answered, body = asyncio.run(ask("/readyz", health(*ready)))
    assert (answered, '"role 1":{"ready":' in body) == (status, True)


@pytest.mark.parametrize("path", ["/", "/table/", "/router/", "/metrics/x"])
def test_there_is_nothing_else(path: str) -> None:
    assert asyncio.run(ask(path, health(True)))[0] == 404


def test_without_a_port_nobody_listens() -> None:
    async def check() -> None:
        async with serving_metrics(MetricsSettings(port=None), CollectorRegistry(), health(True)) as port:
            assert port is None

    asyncio.run(check())


def test_a_taken_port_is_named_and_what_to_do_about_it() -> None:
    async def check(port: int) -> None:
        async with serving_metrics(MetricsSettings(port=port), CollectorRegistry(), health(True)):
            pass

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AddressTakenError, match=rf"worker\.metrics\.port.* 127\.0\.0\.1:{port}.*in use") as raised:
            asyncio.run(check(port))
    assert raised.value.exit_code == ExitCode.USAGE
