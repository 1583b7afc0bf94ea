"""Brokers that go away and come back, under load: the only one, and one of three."""

import asyncio

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from load.chaos.scenarios.scenario import Nodes, Scenario, begin, finished
from load.chaos.verdict import Verdict
from load.chaos.world import ScenarioFailedError, World

WORKS_S = (0.5, 3.0)
AWAY_S = (0.0, 6.0)
PROGRESS_WITHIN_S = 60.0
IN_SYNC_WITHIN_S = 90.0
IN_SYNC_POLL_S = 0.5


async def _restarts(world: World, nodes: Nodes) -> Verdict:
    [node] = nodes
    await begin(world)
    for number in range(world.size):
        await world.progress(PROGRESS_WITHIN_S)
        await asyncio.sleep(world.chance.uniform(*WORKS_S))
        await asyncio.to_thread(node.kill if number % 2 else node.shut_down)
        await asyncio.sleep(world.chance.uniform(*AWAY_S))
        await asyncio.to_thread(node.start)
    clean = (world.size + 1) // 2
    world.say(f"stopped the broker {clean} times, killed it -9 {world.size - clean} times, and started it again")
    return await finished(world)


async def _loss_of_one(world: World, nodes: Nodes) -> Verdict:
    await begin(world)
    for _ in range(world.size):
        node = world.chance.choice(nodes)
        await asyncio.to_thread(node.kill)
        if not await world.progress(PROGRESS_WITHIN_S):
            raise ScenarioFailedError(f"nothing was published within {PROGRESS_WITHIN_S:g} s of the loss of one broker")
        await asyncio.sleep(world.chance.uniform(*AWAY_S))
        await asyncio.to_thread(node.start)
        await _in_sync(world, len(nodes))
    world.say(f"killed one of three brokers -9 and got it back, {world.size} times; work went on each time")
    return await finished(world)


async def _in_sync(world: World, nodes: int) -> None:
    """Wait until every node has every record: a second loss would be one too many."""
    try:
        async with asyncio.timeout(IN_SYNC_WITHIN_S):
            while await _copies_least(world) < nodes:
                await asyncio.sleep(IN_SYNC_POLL_S)
    except TimeoutError:
        raise ScenarioFailedError(f"the brokers are not in sync within {IN_SYNC_WITHIN_S:g} s") from None


async def _copies_least(world: World) -> int:
    admin = AIOKafkaAdminClient(**world.client)
    try:
        await admin.start()
        topics = await admin.describe_topics()
    except KafkaError:
        return 0
    finally:
        await admin.close()
    return min([len(partition["isr"]) for topic in topics for partition in topic["partitions"]])


RESTARTS = Scenario("broker-restarts", "the only broker stops, or is killed, and comes back", _restarts, 8, 2)
LOSS = Scenario(
    "broker-loss", "three brokers, copies on all, two must take a record: one is lost", _loss_of_one, 4, 1, nodes=3
)
