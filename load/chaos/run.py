"""Runs scenarios one after the other, each in a world of its own, and tells what came of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

from load.brokers.apache import ApacheKafka
from load.brokers.cluster import KafkaCluster
from load.chaos.scenarios.scenario import Nodes, Scenario
from load.chaos.trials.trial import Trial
from load.chaos.verdict import Verdict
from load.chaos.world import world_on
from streams.cli.errors import UserError

Say = Callable[[str], None]


async def run_all(chosen: Sequence[Scenario | Trial], seed: int, size: int | None, short: bool, say: Say) -> bool:
    """Run them; whether nothing was lost, doubled, different or otherwise than it had to be."""
    good = True
    for each in chosen:
        times = size or (each.short if short else each.size)
        say(f"{each.name}: {each.title} (seed {seed}, size {times})")
        try:
            good &= await _run(each, seed, times, lambda line: say(f"  {line}"))
        except UserError as error:
            say(f"  FAILED: {error}")
            good = False
    say("lost 0, doubled 0, all as it must be" if good else "NOT all as it must be")
    return good


async def _run(each: Scenario | Trial, seed: int, size: int, say: Say) -> bool:
    if isinstance(each, Trial):
        each.run(size, say)
        return True
    verdict = await run_scenario(each, seed, size, say)
    for line in verdict.lines():
        say(line)
    return verdict.agrees


async def run_scenario(scenario: Scenario, seed: int, size: int, say: Say) -> Verdict:
    """Run one, on brokers of its own."""
    async with _brokers(scenario.nodes) as (bootstrap_servers, nodes):
        prefix = f"{scenario.name}-{uuid4().hex[:6]}"
        async with world_on(bootstrap_servers, prefix, seed, size, scenario.workers, scenario.nodes, say) as world:
            verdict = await scenario.run(world, nodes)
            endings = [f"code {code}: {words:.300}" for code, words in world.crew.endings]
            if endings:
                say(f"workers that ended by themselves and were started again: {len(endings)}; the last: {endings[-1]}")
            return verdict


@asynccontextmanager
async def _brokers(count: int) -> AsyncIterator[tuple[str, Nodes]]:
    brokers = ApacheKafka() if count == 1 else KafkaCluster(count)
    try:
        await asyncio.to_thread(brokers.start)
        yield brokers.bootstrap_servers, [brokers] if isinstance(brokers, ApacheKafka) else brokers.nodes
    finally:
        await asyncio.to_thread(brokers.stop)
