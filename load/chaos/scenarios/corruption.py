"""A record of the state's changelog that is damaged, as by a disk: it must be named, and leave no hole.

The worker goes on: it reads the samples topic again and rebuilds what was lost. Afterwards all must be as if nothing
had happened.
"""

import asyncio
from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaProducer

from load.chaos.scenarios.scenario import READY_WITHIN_S, Nodes, Scenario, begin, finished
from load.chaos.topics import read_topics
from load.chaos.verdict import Verdict
from load.chaos.world import ScenarioFailedError, World
from streams.checkpoint import find

SECTION = "forecast/00000"
REBUILT = "rebuilt whole"
PARTITION = 0
WORKS_S = 6.0
SAYS_WITHIN_S = 90.0
POLL_S = 0.5


async def _run(world: World, _nodes: Nodes) -> Verdict:
    await begin(world)
    await asyncio.sleep(WORKS_S)
    await world.stop()
    changelog = (await read_topics(world.client, world.settings)).changelog[PARTITION]
    key = _key_of(SECTION, changelog)
    whole = changelog[key]
    await _write(world, key, whole[:-1] + bytes([whole[-1] ^ 0x10]))
    already_said = world.crew.logs()
    await world.crew.start()
    words = await _said(world, SECTION, already_said)
    await _said(world, REBUILT, already_said)
    world.feed.start()
    await world.progress(READY_WITHIN_S)
    verdict = await finished(world)
    if world.crew.endings:
        raise ScenarioFailedError(f"the worker ended: {world.crew.endings}")
    world.say(f"damaged {key.decode()}; the worker went on, and rebuilt it: {words}")
    return verdict


async def _said(world: World, what: str, already_said: Sequence[str]) -> str:
    """Wait until a worker says something new; the line that says so."""
    try:
        async with asyncio.timeout(SAYS_WITHIN_S):
            while True:
                grown = zip(world.crew.logs(), already_said, strict=True)
                lines = [line for log, old in grown for line in log[len(old) :].splitlines() if what in line]
                if lines:
                    return lines[0]
                await asyncio.sleep(POLL_S)
    except TimeoutError:
        raise ScenarioFailedError(f"no worker says {what!r} within {SAYS_WITHIN_S:g} s") from None


def _key_of(section: str, changelog: Mapping[bytes, bytes]) -> bytes:
    """The record that the manifest names for a section."""
    manifest = find(changelog).manifest
    if manifest is None:
        raise ScenarioFailedError(f"partition {PARTITION} has no durable state")
    return manifest.sections[section].key(section)


async def _write(world: World, key: bytes, value: bytes) -> None:
    producer = AIOKafkaProducer(**world.client, max_request_size=2 << 20)
    await producer.start()
    try:
        await producer.send_and_wait(world.settings.topics.state, value, key=key, partition=PARTITION)
    finally:
        await producer.stop()


CORRUPTION = Scenario("corrupt-state", "a record of the state's changelog is damaged", _run, 1, 1)
