"""Topics that are not what they were: with other partitions, with records deleted, deleted, made anew."""

import asyncio
from collections.abc import Callable, Mapping

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from load.chaos.checker import check, rows_of
from load.chaos.scenarios.scenario import Nodes, Scenario, begin
from load.chaos.topics import delete_samples, durable_offsets, read_samples, read_source, read_topics, with_earlier
from load.chaos.verdict import Verdict
from load.chaos.world import PARTITIONS, ScenarioFailedError, World, create_topic
from streams.cli.errors import ExitCode
from streams.records import InputRecord

ENDS_WITHIN_S = 60.0
SAYS_WITHIN_S = 120.0
POLL_S = 0.5
WORKS_S = 6.0


async def _mismatch(world: World, _nodes: Nodes) -> Verdict:
    worker = world.crew.workers[0].process
    for topic in (world.settings.topics.samples, world.settings.topics.state):
        await create_topic(world.client, topic, PARTITIONS + 1)
        await worker.start()
        async with asyncio.timeout(ENDS_WITHIN_S):
            code = await worker.ended()
        words = worker.last_words()
        _expect(code == ExitCode.USAGE, f"{topic}: exit code {code}, expected {ExitCode.USAGE:d}: {words}")
        _expect(topic in words, f"the worker does not name {topic}: {words}")
        world.say(f"refused with exit code {code}: {words}")
        await _delete_topic(world, topic)
    return Verdict()


async def _truncated_before(world: World, _nodes: Nodes) -> Verdict:
    """Retention takes what was applied long ago: nothing happens."""
    await begin(world)
    await asyncio.sleep(WORKS_S)
    earlier = await read_samples(world.client, world.settings)
    durable = await durable_offsets(world.client, world.settings)
    await delete_samples(
        world.client, world.settings, {partition: offset // 2 for partition, offset in durable.items()}
    )
    for worker in world.crew.workers:
        worker.kill()
    await asyncio.sleep(WORKS_S)
    await world.stop()
    topics = await read_topics(world.client, world.settings)
    topics.samples = with_earlier(topics.samples, earlier)
    world.say("deleted the older half of what the state includes, and killed the workers: they went on")
    return check(world.settings, topics)


async def _truncated_after(world: World, _nodes: Nodes) -> Verdict:
    """Retention takes what nobody has applied: it is lost, and must be said, partition by partition."""
    await begin(world)
    await asyncio.sleep(WORKS_S)
    await world.stop()
    durable = await durable_offsets(world.client, world.settings)
    applied = await read_samples(world.client, world.settings)
    await _ingest_more(world)
    gone_until = {partition: log[-1].offset - 1 for partition, log in (await _samples(world)).items()}
    gone = _between(await _samples(world), durable, gone_until)
    await delete_samples(world.client, world.settings, gone_until)
    await world.crew.start()
    await world.settled()
    await world.crew.stop()
    topics = await read_topics(world.client, world.settings)
    topics.samples = with_earlier(topics.samples, applied)
    verdict = check(world.settings, topics)
    said = "\n".join(world.crew.logs())
    for partition, offset in durable.items():
        place = f'"{world.settings.topics.samples}[{partition}]"'
        _expect(f'{place},"from_offset":{offset},' in said, f"the log does not say that {place} lost records")
    lost = len(set(rows_of(gone)))
    _expect(verdict.lost == lost, f"{verdict.lost:,} rows are missing, {lost:,} were deleted")
    world.say(f"deleted {lost:,} rows that nobody had applied: the workers named each range, and went on behind it")
    verdict.lost = 0
    verdict.differences = [each for each in verdict.differences if "does not hold" not in each]
    return verdict


async def _deleted(world: World, _nodes: Nodes) -> Verdict:
    """The log that the state belongs to is gone: no worker may go on with another one."""
    samples = world.settings.topics.samples
    await begin(world)
    await asyncio.sleep(WORKS_S)
    await _delete_topic(world, samples)
    await _until(lambda: _refusals(world, samples) >= len(world.crew.workers), "no worker refuses", world)
    words = [words for _, words in world.crew.endings if samples in words][-1]
    _expect(samples not in await _topics(world), f"{samples} was made anew, although the state belongs to the old one")
    world.say(f"deleted {samples}: {words}")
    return Verdict()


async def _source_anew(world: World, _nodes: Nodes) -> Verdict:
    """A telemetry topic is deleted and made again, as people do: its offsets begin at 0 again.

    First while no worker runs, then under running workers, slowly and at once.
    """
    await begin(world)
    await asyncio.sleep(WORKS_S)
    await world.stop()
    deleted = [await read_source(world.client, world.source)]
    await _delete_topic(world, world.source)
    await create_topic(world.client, world.source, PARTITIONS)
    await world.crew.start()
    await _feed_for(world, 2 * WORKS_S)
    deleted.append(await read_source(world.client, world.source))
    await _delete_topic(world, world.source)
    await create_topic(world.client, world.source, PARTITIONS)
    await _feed_for(world, WORKS_S)
    deleted.append(await read_source(world.client, world.source))
    await _make_anew_at_once(world)
    await _feed_for(world, WORKS_S)
    await world.stop()
    topics = await read_topics(world.client, world.settings)
    topics.deleted = deleted
    lengths = ", ".join([f"{sum(map(len, logs.values())):,}" for logs in [*deleted, topics.sources]])
    world.say(f"deleted {world.source} and made it again, once without workers and twice with; messages: {lengths}")
    return check(world.settings, topics)


async def _feed_for(world: World, seconds: float) -> None:
    """Let telemetry flow, and all of it be applied."""
    world.feed.start()
    await asyncio.sleep(seconds)
    await world.feed.stop()
    await world.settled()


async def _samples_anew(world: World, _nodes: Nodes) -> Verdict:
    """The samples topic is deleted and made again by hand, and is longer than what the state has reached."""
    samples = world.settings.topics.samples
    await begin(world)
    await asyncio.sleep(WORKS_S)
    await world.stop()
    durable = await durable_offsets(world.client, world.settings)
    await _delete_topic(world, samples)
    await create_topic(world.client, samples, PARTITIONS)
    await _fill(world, samples, {partition: offset + 10 for partition, offset in durable.items()})
    worker = world.crew.workers[0].process
    await worker.start()
    async with asyncio.timeout(ENDS_WITHIN_S):
        code = await worker.ended()
    words = worker.last_words()
    _expect(code == ExitCode.USAGE, f"exit code {code}, expected {ExitCode.USAGE:d}: {words}")
    _expect(samples in words and "made again" in words, f"the worker does not say what is wrong: {words}")
    world.say(f"made {samples} anew, longer than the state: refused with exit code {code}: {words}")
    return Verdict()


async def _make_anew_at_once(world: World) -> None:
    """Delete the telemetry topic and make it again, too fast for a client to see that it is missing."""
    admin = AIOKafkaAdminClient(**world.client)
    try:
        await admin.start()
        await admin.delete_topics([world.source])
        await admin.create_topics([NewTopic(world.source, PARTITIONS, 1)])
    finally:
        await admin.close()


async def _fill(world: World, topic: str, records: Mapping[int, int]) -> None:
    """Write so many records to each partition."""
    async with AIOKafkaProducer(**world.client) as producer:
        for partition, count in records.items():
            for _ in range(count):
                await producer.send(topic, b"x", partition=partition)


async def _ingest_more(world: World) -> None:
    """Telemetry that only ingest has seen."""
    worker = world.crew.workers[0].process.of_roles("ingest")
    await worker.start()
    try:
        world.feed.start()
        await asyncio.sleep(WORKS_S)
        await world.feed.stop()
        await world.ingested()
        await worker.stop()
    finally:
        await worker.end()


def _between(
    samples: Mapping[int, list[InputRecord]], start: Mapping[int, int], end: Mapping[int, int]
) -> list[InputRecord]:
    return [
        record
        for partition, log in samples.items()
        for record in log
        if start[partition] <= record.offset < end[partition]
    ]


async def _samples(world: World) -> dict[int, list[InputRecord]]:
    return await read_samples(world.client, world.settings)


def _refusals(world: World, topic: str) -> int:
    """Workers that ended by themselves and whose last words name the topic."""
    return sum([any(topic in words for _, words in worker.endings) for worker in world.crew.workers])


async def _until(condition: Callable[[], bool], otherwise: str, world: World) -> None:
    try:
        async with asyncio.timeout(SAYS_WITHIN_S):
            while not condition():
                await asyncio.sleep(POLL_S)
    except TimeoutError:
        raise ScenarioFailedError(f"{otherwise} within {SAYS_WITHIN_S:g} s; {world.crew.endings}") from None


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ScenarioFailedError(otherwise)


async def _delete_topic(world: World, topic: str) -> None:
    admin = AIOKafkaAdminClient(**world.client)
    try:
        await admin.start()
        await admin.delete_topics([topic])
        async with asyncio.timeout(ENDS_WITHIN_S):
            while topic in await admin.list_topics():
                await asyncio.sleep(POLL_S)
    finally:
        await admin.close()


async def _topics(world: World) -> list[str]:
    admin = AIOKafkaAdminClient(**world.client)
    try:
        await admin.start()
        return list(await admin.list_topics())
    finally:
        await admin.close()


MISMATCH = Scenario("partitions-mismatch", "samples or state with other partitions than the settings", _mismatch, 1, 1)
TRUNCATED_BEFORE = Scenario("truncated-before", "samples that the state includes are deleted", _truncated_before, 1, 1)
TRUNCATED_AFTER = Scenario("truncated-after", "samples that nobody has applied are deleted", _truncated_after, 1, 1)
DELETED = Scenario("samples-deleted", "the samples topic is deleted", _deleted, 1, 1)
SOURCE_ANEW = Scenario("source-anew", "the telemetry topic is deleted and made again", _source_anew, 1, 1)
SAMPLES_ANEW = Scenario("samples-anew", "the samples topic is deleted and made again", _samples_anew, 1, 1)
