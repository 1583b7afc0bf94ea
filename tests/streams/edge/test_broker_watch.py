"""That the broker is lost, and that it is back, is said once each."""

import asyncio
import contextlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from streams.cli.errors import BrokerUnavailableError
from streams.edge import broker_watch
from streams.edge.broker_watch import watch_broker
from streams.settings.model import Settings

SETTINGS = Settings.model_validate({"sources": [{"topic": "t"}], "broker": {"session_timeout": "30s"}})


def said(monkeypatch: pytest.MonkeyPatch, silences_s: list[float], answers: list[bool]) -> list[str]:
    """What is logged where the group was silent so long at each look, and the broker answers or not when asked."""
    silence: Iterator[float] = iter(silences_s)
    asked: Iterator[bool] = iter(answers)

    async def ask(settings: Settings) -> None:
        if not next(asked):
            raise BrokerUnavailableError("can't reach Kafka")

    async def run() -> None:
        # The end of either list ends the watch.
        with contextlib.suppress(RuntimeError):
            await watch_broker([role], SETTINGS)

    monkeypatch.setattr(broker_watch, "ask_broker", ask)
    monkeypatch.setattr(broker_watch, "LOOK_EVERY_S", 0.0)
    role: Any = SimpleNamespace(app=SimpleNamespace(contact=SimpleNamespace(silence_s=lambda: next(silence))))
    with capture_logs() as logs:
        asyncio.run(run())
    return [line["event"] for line in logs]


LOST, BACK = "the broker is lost; reading and publishing wait for it", "the broker is back"


def test_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    silences_s = [0.0, 12.0, *[0.0] * 9, 50.0]
    assert said(monkeypatch, silences_s, [False, False, False, True, False]) == [LOST, BACK, LOST]


def test_a_group_that_rests_is_no_lost_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, [9.0, 9.0, 25.0, 60.0], [True, True]) == []
