"""The feed: how far ahead of the predictions the history may be."""

import asyncio

import pytest
from aiokafka import AIOKafkaProducer

from load.demo.feed import EMISSION_MS, PARTS_AHEAD, Feed, FeedError, Phase
from load.demo.scenario import HISTORY_BATCH, SPEED, FleetSpan, fleet_spec, history_parts, watched_span
from load.generate.fleet import generate_fleet

FLEET = generate_fleet(fleet_spec(seed=1, hosts=1, services=1, volumes=1))
TURNS = 5


class Reached:
    """The newest prediction's event time, as the test sets it."""

    at_ms = 0

    def __call__(self) -> int:
        return self.at_ms


class RecordedFeed(Feed):
    """Notes what would be sent."""

    def __init__(self, producer: AIOKafkaProducer, reached: Reached) -> None:
        super().__init__(producer, "telemetry", 1, reached)
        self.sent: list[tuple[FleetSpan, int, float | None]] = []

    async def _send(self, span: FleetSpan, batch: int, speed: float | None) -> None:
        self.sent.append((span, batch, speed))


async def settle() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


def test_the_history_waits_for_predictions_and_the_rest_for_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("load.demo.feed.POLL_S", 0.0)
    parts, rest = list(history_parts(FLEET)), watched_span(FLEET)

    async def check() -> None:
        reached = Reached()
        feed = RecordedFeed(AIOKafkaProducer(), reached)
        work = asyncio.create_task(feed.run(FLEET))
        for place, part in enumerate(parts):
            await settle()
            assert feed.sent == [(sent, HISTORY_BATCH, None) for sent in parts[: place + PARTS_AHEAD]]
            reached.at_ms = part.stop_ms - EMISSION_MS - 1
            await settle()
            assert len(feed.sent) == min(place + PARTS_AHEAD, len(parts)), "a prediction too early lets nothing go on"
            assert feed.state.phase is Phase.HISTORY
            reached.at_ms = part.stop_ms - EMISSION_MS
        await work
        assert feed.sent[-1] == (rest, 1, SPEED)
        assert feed.state.phase is Phase.OVER

    asyncio.run(check())


def test_samples_add_up_over_parts() -> None:
    async def check() -> None:
        state = Feed(AIOKafkaProducer(), "telemetry", 1, Reached()).state
        state.update(10, 1, 0.0)
        state.update(20, 2, 0.0)
        state.finish_part()
        state.update(5, 3, 0.0)
        assert (state.samples, state.event_ms) == (25, 3)

    asyncio.run(check())


def test_samples_that_the_broker_does_not_take_end_the_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object, **__: object) -> asyncio.Future[object]:
        refused: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        refused.set_exception(ConnectionError("gone"))
        return refused

    monkeypatch.setattr(AIOKafkaProducer, "send_batch", refuse)

    async def check() -> None:
        with pytest.raises(FeedError, match=r"did not take [\d,]+ samples: ConnectionError: gone"):
            await Feed(AIOKafkaProducer(), "telemetry", 1, Reached()).run(FLEET)

    asyncio.run(check())
