"""A record of the state's changelog that is damaged, as by a disk: it must be named, and leave no hole.

What a worker does about it is its own affair: it may end, until someone brings the record back, or it may build anew
what was lost. Afterwards all must be as if nothing had happened.
"""

import asyncio
from collections.abc import Mapping

import orjson
from aiokafka import AIOKafkaProducer

from load.chaos.scenarios.scenario import READY_WITHIN_S, Nodes, Scenario, begin, finished
from load.chaos.topics import read_topics
from load.chaos.verdict import Verdict
from load.chaos.world import ScenarioFailedError, World

SECTION = "forecast/00000"
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
    already_said = len(world.crew.logs())
    await world.crew.start()
    words = await _named(world, already_said)
    ended = bool(world.crew.endings)
    if ended:
        await _write(world, key, whole)
    world.feed.start()
    await world.progress(READY_WITHIN_S)
    world.say(f"damaged {key.decode()}; the worker {'ended' if ended else 'went on'}: {words}")
    return await finished(world)


async def _named(world: World, already_said: int) -> str:
    """Wait until a worker says which section is damaged; the line that says so."""
    try:
        async with asyncio.timeout(SAYS_WITHIN_S):
            while True:
                # Without the traceback, which says it again.
                said = [line.partition(',"exception":')[0] for line in world.crew.logs()[already_said:].splitlines()]
                lines = [line for line in said if SECTION in line]
                if lines:
                    await asyncio.sleep(POLL_S)  # it may be about to end
                    return lines[-1]
                await asyncio.sleep(POLL_S)
    except TimeoutError:
        raise ScenarioFailedError(f"no worker names section {SECTION} within {SAYS_WITHIN_S:g} s") from None


def _key_of(section: str, changelog: Mapping[bytes, bytes]) -> bytes:
    """The record that the manifest names for a section."""
    ref = orjson.loads(changelog[b"m"])["sections"][section]
    return f"s/{section}/{ref['buffer']}".encode()


async def _write(world: World, key: bytes, value: bytes) -> None:
    producer = AIOKafkaProducer(**world.client, max_request_size=2 << 20)
    await producer.start()
    try:
        await producer.send_and_wait(world.settings.topics.state, value, key=key, partition=PARTITION)
    finally:
        await producer.stop()


CORRUPTION = Scenario("corrupt-state", "a record of the state's changelog is damaged", _run, 1, 1)
