"""`foreshock recovery`: how long a worker takes to come back, and what its checkpoints cost to write."""

import asyncio
import logging
from typing import BinaryIO

import click
import orjson
from rich.console import Console

from load.bench.machine import machine_facts, machine_line
from load.brokers.apache import ApacheKafka
from load.recovery.plan import EMIT_EVERY_STEPS, SERIES_PER_HOST, Plan
from load.recovery.report import costs_table, document, lines_of, sections_table
from load.recovery.run import Result, measure
from streams.cli.errors import ExitCode

STEPS_MAX = EMIT_EVERY_STEPS - 1


@click.command()
@click.option("--series", type=click.IntRange(min=SERIES_PER_HOST), default=100_000, show_default=True)
@click.option("--partitions", type=click.IntRange(min=1), default=8, show_default=True)
@click.option(
    "--replay-steps",
    type=click.IntRange(1, STEPS_MAX),
    default=8,
    show_default=True,
    help="Steps of five minutes since the last checkpoint.",
)
@click.option(
    "--checkpoints",
    type=click.IntRange(1, 3),
    default=2,
    show_default=True,
    help="Written before; with one, the changelog holds every section once.",
)
@click.option("--train-days", type=click.IntRange(min=1), default=22, show_default=True, help="What the series know.")
@click.option("--json", "json_file", type=click.File("wb", lazy=False), help="Write the results to this file, too.")
def recovery(
    series: int, partitions: int, replay_steps: int, checkpoints: int, train_days: int, json_file: BinaryIO | None
) -> int:
    """Measure the recovery of a worker whose series know their seasons, on an Apache Kafka of our own.

    Load and replay are told apart, and a raw consumer reads the same changelog beside it. It takes three minutes and
    6 GB of memory, less with fewer series, and wants a machine that does nothing else.
    """
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    console, facts = Console(), machine_facts()
    plan = Plan(series // SERIES_PER_HOST, partitions, replay_steps, checkpoints, train_days)
    name, result = _measure(plan, console)
    console.print(machine_line(facts, name), highlight=False, soft_wrap=True)
    console.print(_plan_line(plan), highlight=False, soft_wrap=True)
    for line in lines_of(result):
        console.print(line, highlight=False, soft_wrap=True, markup=False)
    console.print(sections_table(result.stock.sizes, result.stock.sized_series))
    console.print(f"checkpoints at a sample a minute a series, {plan.series:,} series:", highlight=False)
    console.print(costs_table(result))
    if json_file is not None:
        json_file.write(orjson.dumps(document(result, facts, name), option=orjson.OPT_INDENT_2))
    return ExitCode.OK if result.check.is_right else ExitCode.FAILURE


def _measure(plan: Plan, console: Console) -> tuple[str, Result]:
    """The broker's name, and what was measured on it."""
    with console.status("starting the broker; Apache Kafka is downloaded the first time ever"):
        own = ApacheKafka()
        own.start()
    with own:
        return own.name, asyncio.run(measure(plan, own.bootstrap_servers, own.data, console))


def _plan_line(plan: Plan) -> str:
    return (
        f"{plan.series:,} series in {plan.partitions} partitions, trained on {plan.train_days} days of five-minute"
        f" steps; checkpoints: {plan.checkpoints}, then steps: {plan.replay_steps}"
    )
