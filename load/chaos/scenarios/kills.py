"""kill -9 of workers, at random moments: in their work, in a rebalance, in a recovery, at their start."""

import asyncio

from load.chaos.scenarios.scenario import Nodes, Scenario, begin, finished
from load.chaos.verdict import Verdict
from load.chaos.world import World

AMID_WORK = 0.6
"""So often a kill waits until something is published again; else it comes whatever the workers are at."""

WAITS_AT_MOST_S = 15.0
THEN_S = 1.5


async def _run(world: World, _nodes: Nodes) -> Verdict:
    await begin(world)
    amid_work = 0
    for _ in range(world.size):
        if world.chance.random() < AMID_WORK:
            amid_work += await world.progress(WAITS_AT_MOST_S)
        await asyncio.sleep(world.chance.uniform(0.0, THEN_S))
        world.chance.choice(world.crew.workers).kill()
    world.say(f"killed -9 {world.crew.kills} times, {amid_work} of them right after something was published")
    return await finished(world)


KILLS = Scenario("kills", "kill -9 of two workers at random moments", _run, size=50, short=5)
