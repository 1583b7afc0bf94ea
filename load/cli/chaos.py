"""`foreshock chaos`: break things on Apache Kafka, and check that nothing is lost or doubled."""

import asyncio
import logging

import click
from rich.console import Console

from load.chaos.registry import SCENARIOS, TRIALS
from load.chaos.run import run_all
from load.chaos.scenarios.scenario import Scenario
from load.chaos.trials.trial import Trial
from streams.cli.errors import ExitCode


@click.command()
@click.option(
    "--only", type=click.Choice([*SCENARIOS, *TRIALS]), multiple=True, help="Only these; may be given several times."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the telemetry, and of what is done when.")
@click.option(
    "--size", type=click.IntRange(min=1), help="How often to do what is done; by default each scenario's own."
)
@click.option("--short", is_flag=True, help="A few times only.")
@click.option("--list", "listed", is_flag=True, help="Say what there is, and end.")
def chaos(only: tuple[str, ...], seed: int, size: int | None, short: bool, listed: bool) -> int:
    """Kill workers and brokers, stop them, take topics away, and compare what is left with a plain fold over the input.

    Each scenario starts an Apache Kafka of its own, and workers as processes. Exit code 1 if anything was lost, doubled
    or different. All of it takes about half an hour.
    """
    every: dict[str, Scenario | Trial] = {**SCENARIOS, **TRIALS}
    if listed:
        for each in every.values():
            click.echo(f"{each.name:20} {each.title}; size {each.size}, short {each.short}")
        return ExitCode.OK
    # What clients complain of, while brokers are away, is what is wanted here.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    console = Console(highlight=False, soft_wrap=True, markup=False)
    chosen = [each for name, each in every.items() if (not only or name in only)]
    good = asyncio.run(run_all(chosen, seed, size, short, console.print))
    return ExitCode.OK if good else ExitCode.FAILURE
