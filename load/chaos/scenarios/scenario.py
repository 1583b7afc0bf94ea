"""What a scenario is."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from load.brokers.apache import ApacheKafka
from load.chaos.checker import check
from load.chaos.topics import read_topics
from load.chaos.verdict import Verdict
from load.chaos.world import World

READY_WITHIN_S = 90.0

Nodes = Sequence[ApacheKafka]


class Scenario(NamedTuple):
    """A fault, done on purpose.

    `size` is how often by default, `short` how often where there is no time; `nodes` and `workers` how many there are.
    """

    name: str
    title: str
    run: Callable[[World, Nodes], Awaitable[Verdict]]
    size: int
    short: int
    nodes: int = 1
    workers: int = 2


async def begin(world: World) -> None:
    """Let the telemetry flow and the workers work, until they publish."""
    world.feed.start()
    await world.crew.start()
    await world.progress(READY_WITHIN_S)


async def finished(world: World) -> Verdict:
    """Let the workers do what is left, and check all."""
    await world.stop()
    return check(world.settings, await read_topics(world.client, world.settings))
