"""The demo as a whole: topics, worker, feed, subscriber and view, from the first to a clean end."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Coroutine
from dataclasses import dataclass

from aiokafka.errors import KafkaError
from rich.console import Console

from load.demo import topics
from load.demo.feed import Feed
from load.demo.lines import summary
from load.demo.page import show_page
from load.demo.scenario import TELEMETRY_TOPIC, worker_settings
from load.demo.status import Status
from load.demo.verb_process import VerbProcess
from load.demo.views import View, say, view_on
from load.demo.watch import watch, watched_topics
from load.generate.fleet import Fleet
from load.replay.target import connected
from streams.cli.errors import ExitCode
from streams.settings.client import client_options
from streams.settings.model import Settings
from streams.settings.names import DEFAULT_PREFIX
from streams.settings.serve import SERVE_PORT

DRAW_EVERY_S = 0.25
WORKER_POLL_S = 0.5
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the demo runs; `guest_id` tells its topics from others on a broker that is not its own."""

    bootstrap_servers: str
    broker_name: str
    guest_id: str | None = None
    serve_port: int = SERVE_PORT

    def document(self) -> dict[str, object]:
        """The worker's configuration here."""
        if self.guest_id is None:
            return worker_settings(self.bootstrap_servers, DEFAULT_PREFIX, TELEMETRY_TOPIC, self.serve_port)
        prefix = f"{DEFAULT_PREFIX}-demo-{self.guest_id}"
        return worker_settings(self.bootstrap_servers, prefix, f"{prefix}.{TELEMETRY_TOPIC}", self.serve_port)


def run_demo(place: Place, fleet: Fleet, start_s: float, seconds: float | None, console: Console) -> ExitCode:
    """Run until a signal, or `seconds` after `start_s`; says at the end what came of it."""
    document = place.document()
    settings = Settings.model_validate(document)
    status = Status(
        broker_name=place.broker_name,
        bootstrap_servers=place.bootstrap_servers,
        series=len(fleet.series),
        span_ms=fleet.span_ms(),
        topics=watched_topics(settings.topics),
        start_s=start_s,
        clock=time.monotonic,
    )
    asyncio.run(topics.create(settings))
    try:
        with VerbProcess(document) as worker:
            page = show_page(status, document, place.serve_port)
            return _play(status, settings, worker, page, fleet, seconds, console)
    finally:
        if place.guest_id is not None:
            _remove_topics(settings, console)


def _remove_topics(settings: Settings, console: Console) -> None:
    try:
        asyncio.run(topics.remove(settings))
    except KafkaError as error:
        say(console, f"could not delete the topics that begin with {settings.topics.prefix}; please do: {error}")


def _play(
    status: Status,
    settings: Settings,
    worker: VerbProcess,
    page: Coroutine[None, None, None],
    fleet: Fleet,
    seconds: float | None,
    console: Console,
) -> ExitCode:
    with view_on(console) as view:
        interrupted = asyncio.run(_run_until_told(status, settings, worker, page, fleet, seconds, view))
        view.draw(status)
    if interrupted and not worker.ended and not status.board.flowed:
        say(console, f"interrupted after {status.seconds:.1f} s, before predictions of every kind came")
        return ExitCode.INTERRUPTED
    say(console, *summary(status))
    if worker.ended:
        say(console, "FAILED: the worker ended by itself")
    if worker.ended or not status.board.flowed:
        say(console, "the end of the worker's log:", worker.log_tail())
        return ExitCode.FAILURE
    return ExitCode.OK


async def _run_until_told(
    status: Status,
    settings: Settings,
    worker: VerbProcess,
    page: Coroutine[None, None, None],
    fleet: Fleet,
    seconds: float | None,
    view: View,
) -> bool:
    """Run until something ends it; returns whether that was a signal."""
    stop = asyncio.Event()
    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    client, (source,) = client_options(settings), settings.sources
    async with connected(client) as producer:
        partitions = len(await producer.partitions_for(source.topic))
        feed = Feed(producer, source.topic, partitions, lambda: status.board.reached_ms)
        status.feed = feed.state
        endless = [watch(client, settings.topics, status.board), _draw(status, view), page]
        endings = [stop.wait(), _end_of(worker)]
        if seconds is not None:
            endings.append(asyncio.sleep(max(0.0, seconds - status.seconds)))
        await _first_of(*endless, _without_end(feed.run(fleet)), *endings)
    return stop.is_set()


async def _first_of(*works: Awaitable[object]) -> None:
    """Run all until one ends, and pass on its error if it has one."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _without_end(work: Awaitable[None]) -> None:
    """Do it, and wait until cancelled."""
    await work
    await asyncio.Event().wait()


async def _draw(status: Status, view: View) -> None:
    while True:
        status.note_first_prediction()
        view.draw(status)
        await asyncio.sleep(DRAW_EVERY_S)


async def _end_of(worker: VerbProcess) -> None:
    while not worker.ended:
        await asyncio.sleep(WORKER_POLL_S)
