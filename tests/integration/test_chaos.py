"""Short runs of the main chaos scenarios; `make chaos` runs them all, and for longer."""

import asyncio

import pytest

from load.brokers.apache import ApacheKafka
from load.chaos.registry import SCENARIOS
from load.chaos.run import run_scenario


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["kills", "pauses", "broker-loss", "partitions-mismatch", "samples-deleted"])
def test_nothing_is_lost_or_doubled(name: str, kafka: ApacheKafka) -> None:
    """The fixture says whether Apache Kafka can run here; a scenario has nodes of its own to kill."""
    assert kafka.pid
    scenario = SCENARIOS[name]
    said: list[str] = []
    verdict = asyncio.run(run_scenario(scenario, 1, scenario.short, said.append))
    assert verdict.agrees, [*said, *verdict.lines()]
    assert said
