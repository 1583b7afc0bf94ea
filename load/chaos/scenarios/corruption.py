"""Records of the state's changelog that are damaged, as by a disk: each must be named, and leave no hole.

The worker goes on: it reads the samples topic again and rebuilds what was lost. Where the topic has all of its records,
all must be afterwards as if nothing had happened. Where retention has cut its beginning off, the series that were not
damaged stay as they are, byte for byte, and the worker says from which offset the others have learned.
"""

import asyncio
from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaProducer

from load.chaos.scenarios.scenario import READY_WITHIN_S, Nodes, Scenario, begin, finished
from load.chaos.telemetry import Telemetry
from load.chaos.topics import delete_samples, durable_offsets, read_samples, read_topics
from load.chaos.verdict import Verdict
from load.chaos.world import HOSTS, PARTITIONS, ScenarioFailedError, World
from streams.checkpoint import find
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline

SERIES, HEAD = "forecast/00001", "head"
"""A range of series, which can be mended by itself, and what all series hang on."""

MANY_HOSTS, ROUNDS = 128, 60
"""Telemetry before that of the feed, so that a partition has several ranges of series."""

REBUILT, REBUILT_PARTLY = "rebuilt whole", "rebuilt from what the topic still holds"
PARTITION = 0
WORKS_S = 6.0
SAYS_WITHIN_S = 90.0
POLL_S = 0.5


async def _run(world: World, _nodes: Nodes) -> Verdict:
    await _fill(world)
    await begin(world)
    for section in (SERIES, HEAD):
        await asyncio.sleep(WORKS_S)
        await world.stop()
        before = await _sections(world)
        await _damage(world, section)
        words = await _rebuilt(world, section, REBUILT)
        await world.settled()
        await world.crew.stop()
        _expect(await _sections(world) == before, f"the state after {section} was damaged is not what it was")
        world.say(f"damaged {section}; the worker went on, and rebuilt it, the same {len(before)} sections: {words}")
        world.feed.start()
        await world.crew.start()
        await world.progress(READY_WITHIN_S)
    verdict = await finished(world)
    _expect(not world.crew.endings, f"the worker ended: {world.crew.endings}")
    return verdict


async def _run_cut(world: World, _nodes: Nodes) -> Verdict:
    await _fill(world)
    await begin(world)
    await asyncio.sleep(WORKS_S)
    await world.stop()
    durable = await durable_offsets(world.client, world.settings)
    await delete_samples(world.client, world.settings, {PARTITION: durable[PARTITION] // 2})
    for section in (SERIES, HEAD):
        before = await _sections(world)
        await _damage(world, section)
        due = await _mended(world, section)
        words = await _rebuilt(world, section, REBUILT_PARTLY)
        cut = f'"from_offset":{durable[PARTITION] // 2}'
        _expect(cut in words, f"the log does not say {cut}: {words}")
        await world.settled()
        await world.crew.stop()
        after = await _sections(world)
        _expect(after == due, f"the state after {section} was damaged is not what the rest of the log makes of it")
        kept = sum([after.get(name) == value for name, value in before.items()])
        world.say(f"damaged {section} where the log begins at {durable[PARTITION] // 2:,}: {kept} of {len(before)}")
        world.say(f"sections are as they were, byte for byte; the others are what the rest of the log makes: {words}")
        if section == SERIES:
            others = [name for name in before if name.startswith("forecast/") and name != SERIES]
            _expect(all(after[name] == before[name] for name in others), "series that were not damaged have changed")
            _expect(after[SERIES] != before[SERIES], "series were damaged, the log is cut, and nothing is lost")
    _expect(not world.crew.endings, f"the worker ended: {world.crew.endings}")
    return Verdict()


async def _fill(world: World) -> None:
    telemetry = Telemetry(world.chance.randrange(2**31), MANY_HOSTS, PARTITIONS, first_host=HOSTS)
    async with AIOKafkaProducer(**world.client, acks="all", linger_ms=20) as producer:
        for _ in range(ROUNDS):
            for partition, key, value in telemetry.round():
                await producer.send(world.source, value, key=key, partition=partition)


async def _damage(world: World, section: str) -> None:
    """Damage a section of the durable state."""
    changelog = (await read_topics(world.client, world.settings)).changelog[PARTITION]
    key = _key_of(section, changelog)
    whole = changelog[key]
    await _write(world, key, whole[:-1] + bytes([whole[-1] ^ 0x10]))


async def _rebuilt(world: World, section: str, word: str) -> str:
    """Start the worker, and wait until it has rebuilt a section; its words."""
    already_said = world.crew.logs()
    await world.crew.start()
    await _said(world, section, already_said)
    return await _said(world, word, already_said)


async def _sections(world: World) -> dict[str, bytes]:
    """The durable state."""
    found = find((await read_topics(world.client, world.settings)).changelog[PARTITION])
    _expect(found.manifest is not None and not found.damage, f"partition {PARTITION} has no whole state")
    return found.sections


async def _mended(world: World, section: str) -> dict[str, bytes]:
    """What is to be made of the damaged state and the samples that are left, by the pure functions alone."""
    changelog = (await read_topics(world.client, world.settings)).changelog[PARTITION]
    found = find(changelog)
    if found.manifest is None or [damage.section for damage in found.damage] != [section]:
        raise ScenarioFailedError(f"not {section} alone is damaged: {found.damage}")
    config = PipelineConfig.from_settings(world.settings)
    log = (await read_samples(world.client, world.settings))[PARTITION]
    rebuilt = PartitionPipeline(config, PARTITION)
    rebuilt.step([record for record in log if record.offset < found.manifest.next_offset])
    if not rebuilt.can_mend([section]):
        return rebuilt.dump()
    mended = PartitionPipeline(config, PARTITION)
    mended.mend(found.sections, [section], rebuilt)
    return mended.dump()


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ScenarioFailedError(otherwise)


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


CORRUPTION = Scenario("corrupt-state", "records of the state's changelog are damaged", _run, 1, 1, workers=1)
CORRUPTION_CUT = Scenario("corrupt-cut", "the same, where samples have expired", _run_cut, 1, 1, workers=1)
