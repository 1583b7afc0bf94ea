"""Workers that stand still until others have taken their partitions, and go on as if no time had passed."""

import asyncio

from load.chaos.scenarios.scenario import Nodes, Scenario, begin, finished
from load.chaos.verdict import Verdict
from load.chaos.world import SESSION_TIMEOUT_S, World

FENCED_AFTER_S = (1.3 * SESSION_TIMEOUT_S, 2.2 * SESSION_TIMEOUT_S)
LONGER_THAN_A_REQUEST_S = 18.0
EVERY_WHICH_IS_LONG = 4
THEN_S = 2.0
PROGRESS_WITHIN_S = 20.0


async def _pauses(world: World, _nodes: Nodes) -> Verdict:
    await begin(world)
    for number in range(1, world.size + 1):
        worker = world.chance.choice(world.crew.workers)
        await world.progress(PROGRESS_WITHIN_S)
        await asyncio.sleep(world.chance.uniform(0.0, THEN_S))
        is_long = number % EVERY_WHICH_IS_LONG == 0
        worker.pause()
        await asyncio.sleep(LONGER_THAN_A_REQUEST_S if is_long else world.chance.uniform(*FENCED_AFTER_S))
        worker.resume()
    world.say(f"stopped a worker {world.size} times for longer than its session, and let it go on")
    return await finished(world)


async def _duel(world: World, _nodes: Nodes) -> Verdict:
    await begin(world)
    sleeper, other = world.crew.workers
    for _ in range(world.size):
        sleeper.pause()
        await asyncio.sleep(world.chance.uniform(*FENCED_AFTER_S))
        # The one that was given the partitions stops amid its work, while the one that had them goes on with them.
        other.pause()
        sleeper.resume()
        await asyncio.sleep(world.chance.uniform(0.1, 1.5))
        other.resume()
        sleeper, other = other, sleeper
        await asyncio.sleep(world.chance.uniform(0.0, THEN_S))
    world.say(f"two workers took each other's partitions {world.size} times while both believed that they had them")
    return await finished(world)


PAUSES = Scenario("pauses", "SIGSTOP of a worker until it is fenced, then SIGCONT", _pauses, size=10, short=1)
DUEL = Scenario("duel", "two workers that both believe they own a partition", _duel, size=10, short=2)
