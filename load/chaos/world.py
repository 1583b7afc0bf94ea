"""The world of a chaos run: topics of its own on a broker, telemetry that flows into them, and a crew of workers."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from load.chaos.crew import Crew
from load.chaos.feed import Feed
from load.chaos.telemetry import Telemetry
from load.verify.topics import lag
from load.verify.worker_process import WorkerEndedError
from streams.cli.errors import UserError
from streams.settings.model import Settings

PARTITIONS = 4
HOSTS = 16
ROUNDS_PER_S = 8.0
SESSION_TIMEOUT_S = 4.0
CHECKPOINT_INTERVAL = "1s"
SETTLE_WITHIN_S = 300.0
SETTLE_POLL_S = 0.5
PROGRESS_POLL_S = 0.1


class ScenarioFailedError(UserError):
    """Something else happened than had to; the message says what."""


@dataclass(frozen=True, slots=True)
class World:
    """What a scenario acts on. `size` is how often it does what it does; `say` tells people what is done."""

    client: dict[str, Any]
    settings: Settings
    crew: Crew
    feed: Feed
    chance: Random
    size: int
    say: Callable[[str], None]

    @property
    def source(self) -> str:
        """The telemetry topic."""
        return self.settings.sources[0].topic

    async def settled(self, within_s: float = SETTLE_WITHIN_S) -> None:
        """Wait until the workers have applied, and made durable, all there is."""
        prefix = self.settings.topics.prefix
        seen = -1
        try:
            async with asyncio.timeout(within_s):
                while True:
                    seen = await self._lag(f"{prefix}-ingest", self.source)
                    seen += await self._lag(f"{prefix}-forecast", self.settings.topics.samples)
                    if seen == 0 and self._all_ready():
                        return
                    await asyncio.sleep(SETTLE_POLL_S)
        except TimeoutError:
            raise ScenarioFailedError(
                f"not settled after {within_s:g} s: {seen} records are not applied; workers that ended by themselves: "
                f"{self.crew.endings or 'none'}"
            ) from None

    async def ingested(self) -> None:
        """Wait until all telemetry is on the samples topic; a running worker of that role does it."""
        async with _ingested_within(SETTLE_WITHIN_S):
            while await self._lag(f"{self.settings.topics.prefix}-ingest", self.source):
                await asyncio.sleep(SETTLE_POLL_S)

    async def ingested_up_to(self, offsets: Mapping[int, int], within_s: float = SETTLE_WITHIN_S) -> None:
        """Wait until these offsets of the telemetry are committed."""
        admin = AIOKafkaAdminClient(**self.client)
        await admin.start()
        try:
            async with _ingested_within(within_s):
                while True:
                    committed = await admin.list_consumer_group_offsets(f"{self.settings.topics.prefix}-ingest")
                    found = {
                        place.partition: at.offset for place, at in committed.items() if place.topic == self.source
                    }
                    if all(found.get(partition, 0) >= offset for partition, offset in offsets.items()):
                        return
                    await asyncio.sleep(PROGRESS_POLL_S)
        finally:
            await admin.close()

    async def progress(self, within_s: float) -> bool:
        """Wait until more was published; False where nothing was in that time."""
        before = await self._published()
        try:
            async with asyncio.timeout(within_s):
                while await self._published() == before:
                    await asyncio.sleep(PROGRESS_POLL_S)
        except TimeoutError:
            return False
        return True

    async def stop(self) -> None:
        """End the telemetry, let the workers do what is left, and end them cleanly."""
        await self.feed.stop()
        await self.settled()
        await self.crew.stop()

    async def _lag(self, group: str, topic: str) -> int:
        try:
            return await lag(self.client, group, topic)
        except KafkaError:
            return 1  # a broker is on its way back

    async def _published(self) -> int:
        try:
            return await lag(self.client, "nobody", self.settings.topics.forecasts)
        except KafkaError:
            return -1

    def _all_ready(self) -> bool:
        try:
            return all(worker.process.check() and worker.process.is_ready() for worker in self.crew.workers)
        except WorkerEndedError:
            return False


def settings_of(bootstrap_servers: str, prefix: str, replicas: int, **sections: Any) -> dict[str, Any]:
    """The workers' settings: short intervals, so that much happens in a short time."""
    return {
        "broker": {
            "bootstrap_servers": bootstrap_servers.split(","),
            "session_timeout": f"{SESSION_TIMEOUT_S * 1000:.0f}ms",
            "request_timeout": "15s",
        },
        "topics": {"prefix": prefix, "partitions": PARTITIONS, "replication_factor": replicas},
        "sources": [{"topic": f"{prefix}-telemetry", "entity": ["host"], "step": "1m"}],
        "forecast": {"horizon": 12, "emit_every": 12},
        "capacity": [
            {"name": "memory", "metric": "memory_used_bytes", "limit": {"metric": "memory_total_bytes"}},
        ],
        "failures": [{"name": "hot", "metric": "cpu_percent", "above": 80, "for": "5m", "within": "1h"}],
        "worker": {"checkpoint_interval": CHECKPOINT_INTERVAL, "log_format": "json", "metrics": {"port": 0}},
    } | sections


@asynccontextmanager
async def _ingested_within(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise ScenarioFailedError(f"the telemetry is not ingested after {seconds:g} s") from None


@asynccontextmanager
async def world_on(
    bootstrap_servers: str, prefix: str, seed: int, size: int, workers: int, replicas: int, say: Callable[[str], None]
) -> AsyncIterator[World]:
    """A world with its source topic; the crew and the feed are not started. All of it is gone afterwards."""
    document = settings_of(bootstrap_servers, prefix, replicas)
    settings = Settings.model_validate(document)
    client = {"bootstrap_servers": bootstrap_servers}
    telemetry = Telemetry(seed, HOSTS, PARTITIONS)
    with tempfile.TemporaryDirectory(prefix="foreshock-chaos-") as directory:
        config = Path(directory) / "foreshock.yaml"
        config.write_text(yaml.safe_dump(document))
        crew = Crew(workers, config, {"PYTHONFAULTHANDLER": "1"}, Path(directory))
        feed = Feed(client, settings.sources[0].topic, telemetry, ROUNDS_PER_S)
        await create_topic(client, settings.sources[0].topic, PARTITIONS, replicas)
        try:
            yield World(client, settings, crew, feed, Random(seed), size, say)  # noqa: S311  # not for secrets
        finally:
            await feed.stop()
            await crew.end()


async def create_topic(client: dict[str, Any], topic: str, partitions: int, replicas: int = 1) -> None:
    """Make a topic, which must not be there."""
    admin = AIOKafkaAdminClient(**client)
    try:
        await admin.start()
        made = await admin.create_topics([NewTopic(topic, partitions, replicas)])
    finally:
        await admin.close()
    [(_, code, *detail)] = made.topic_errors
    if code:
        raise ScenarioFailedError(f"the broker does not make the topic {topic}: {detail}")
