"""Webhooks: events that are signed, tried again, and bounded."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from streams.serve.alerting.alert import Alert, Turn
from streams.serve.alerting.identity import identity_of
from streams.serve.alerting.judging import Judge
from streams.serve.alerting.receiver import SendError
from streams.serve.alerting.severity import Severity
from streams.serve.alerting.signing import signed
from streams.serve.alerting.webhook import ATTEMPTS_MAX, QUEUE_MAX, Webhook
from streams.serve.alerting.wire import Wording
from streams.settings.alerting import WebhookSettings
from tests.streams.serve.alerting.records import LIFE_MS, NOW_MS, capacity, settings

finding = Judge(settings(), LIFE_MS).finding("key", capacity(0.9))
assert finding is not None
ALERT = Alert(identity_of(finding, Severity.PAGE), Severity.PAGE, NOW_MS, finding)
TURN = Turn(ALERT, NOW_MS, True)
WORDING = Wording("http://127.0.0.1:9470", "http://127.0.0.1/runbook")


class Receiver:
    """Somebody who is told, and answers as it was told to."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.requests: list[tuple[dict[str, str], bytes]] = []

    async def take(self, request: web.Request) -> web.Response:
        self.requests.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        return web.Response(status=self.answers.pop(0) if self.answers else 204)


@asynccontextmanager
async def hooked(receiver: Receiver, **fields: Any) -> AsyncIterator[Webhook]:
    application = web.Application()
    application.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    async with aiohttp.ClientSession() as session:
        webhook = Webhook(
            WebhookSettings.model_validate({"url": url} | fields),
            session,
            lambda turn: WORDING.event(turn, NOW_MS),
            wall_ms=lambda: NOW_MS,
            chance=lambda: 1.0,
        )
        task = asyncio.create_task(webhook.run())
        try:
            yield webhook
        finally:
            task.cancel()
            await runner.cleanup()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.serve.alerting.patience.BACKOFF_MAX_S", 0.001)


def test_an_event_is_a_cloud_event_and_signed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim\n")

    async def run() -> None:
        receiver = Receiver()
        async with hooked(receiver, secret_file=str(secret)) as webhook:
            webhook.tell(TURN)
            await until(lambda: webhook.counts.sent)
        [(headers, body)] = receiver.requests
        assert headers["content-type"] == "application/cloudevents+json"
        event = orjson.loads(body)
        assert {name: event[name] for name in ("specversion", "source", "type", "time", "datacontenttype")} == {
            "specversion": "1.0",
            "source": "foreshock",
            "type": "dev.foreshock.alert.v1",
            "time": "2026-01-08T11:00:00.000Z",
            "datacontenttype": "application/json",
        }
        assert event["id"] == f"{ALERT.fingerprint}-{NOW_MS}-firing"
        assert event["data"]["labels"] == dict(ALERT.labels)
        assert event["data"]["annotations"]["runbook_url"] == "http://127.0.0.1/runbook#foreshockcapacity"
        assert signed("geheim", event["id"], NOW_MS // 1000, body).items() <= headers.items()

    asyncio.run(run())


@pytest.mark.usefixtures("at_once")
def test_what_fails_is_tried_again_in_its_order() -> None:
    async def run() -> None:
        receiver = Receiver(500, 429, 200, 204)
        async with hooked(receiver) as webhook:
            webhook.tell(TURN)
            webhook.tell(Turn(ALERT, NOW_MS + 1, True))
            await until(lambda: webhook.counts.sent == 2)
        assert (webhook.counts.failed, webhook.counts.dropped) == (2, 0)
        times = [orjson.loads(body)["time"][-5:] for _, body in receiver.requests]
        assert times == [".000Z"] * 3 + [".001Z"]

    asyncio.run(run())


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(("answers", "attempts"), [((400,), 1), ((302,), 1), ((503,) * 100, ATTEMPTS_MAX)])
def test_what_is_refused_is_given_up(answers: tuple[int, ...], attempts: int) -> None:
    async def run() -> None:
        receiver = Receiver(*answers)
        async with hooked(receiver) as webhook:
            webhook.tell(TURN)
            await until(lambda: webhook.counts.dropped)
        assert len(receiver.requests) == attempts

    asyncio.run(run())


@pytest.mark.usefixtures("at_once")
def test_a_secret_that_is_not_there_is_waited_for(tmp_path: Path) -> None:
    async def run() -> None:
        receiver = Receiver()
        async with hooked(receiver, secret_file=str(tmp_path / "none")) as webhook:
            with pytest.raises(SendError, match="No such file"):
                await webhook._send("id", b"")
            webhook.tell(TURN)
            await until(lambda: webhook.counts.dropped)
        assert not receiver.requests, "nothing goes out unsigned"

    asyncio.run(run())


def test_events_that_wait_are_bounded_and_the_oldest_go() -> None:
    async def run() -> None:
        async with hooked(Receiver()) as webhook:
            for place in range(QUEUE_MAX + 2):
                webhook.tell(Turn(ALERT, NOW_MS + place, True))
            assert webhook.counts.dropped == 2
            assert next(event["time"] for event in webhook._queue).endswith(".002Z")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("fields", "told"),
    [({}, 1), ({"kinds": ["failure"]}, 0), ({"kinds": ["capacity"]}, 1), ({"severities": ["ticket", "info"]}, 0)],
)
def test_it_is_told_what_it_wants(fields: dict[str, Any], told: int) -> None:
    async def run() -> None:
        async with hooked(Receiver(), **fields) as webhook:
            webhook.tell(TURN)
            assert len(webhook._queue) == told

    asyncio.run(run())
