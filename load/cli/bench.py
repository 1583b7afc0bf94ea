"""`foreshock bench`: samples per second, beside what the broker's client and stock Faust can do."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import click
import orjson
from rich.console import Console

from load.bench.machine import machine_facts, machine_line
from load.bench.report import Contender, document_of, table_of
from load.bench.run import Bench
from load.bench.workload import EMIT_EVERY_STEPS, PARTITIONS, Workload
from load.brokers.apache import ApacheKafka
from load.brokers.embedded import EmbeddedBroker

SAMPLES_DEFAULT = 970_000
SERIES_DEFAULT = 10_000


@click.command()
@click.option("--broker", metavar="HOST:PORT", help="A broker that runs; by default one of our own is started.")
@click.option("--kafka/--embedded", default=True, show_default=True, help="Which one: Apache Kafka, or the small one.")
@click.option("--samples", type=click.IntRange(min=1), default=SAMPLES_DEFAULT, show_default=True, help="At least.")
@click.option("--series", type=click.IntRange(min=1), default=SERIES_DEFAULT, show_default=True, help="So many series.")
@click.option("--rounds", type=click.IntRange(min=1), default=1, show_default=True, help="Measure all so many times.")
@click.option(
    "--only",
    type=click.Choice([str(contender) for contender in Contender]),
    multiple=True,
    help="Leave out the others; may be given several times.",
)
@click.option("--json", "json_file", type=click.File("wb", lazy=False), help="Write the results to this file, too.")
def bench(
    broker: str | None,
    kafka: bool,
    samples: int,
    series: int,
    rounds: int,
    only: tuple[str, ...],
    json_file: BinaryIO | None,
) -> None:
    """Measure foreshock end to end, beside a raw consumer and stock Faust, on one broker.

    One-minute series, 12 horizons, 9 quantiles, a forecast of every series per 48 samples. It takes two to three
    minutes, and wants a machine that does nothing else.
    """
    # What they complain of comes back to us as errors, which are told in our words.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    console, facts, workload = Console(), machine_facts(), Workload.of_about(samples, series)
    with _broker(broker, kafka, console) as (name, bootstrap_servers):
        console.print(machine_line(facts, name), highlight=False, soft_wrap=True)
        console.print(_workload_line(workload), highlight=False, soft_wrap=True)
        contenders = [contender for contender in Contender if not only or contender in only]
        results = list(Bench(bootstrap_servers, workload, contenders, rounds, console).run())
    console.print(table_of(results))
    if json_file is not None:
        run = {"broker": name, "series": workload.series, "samples": workload.samples, "rounds": rounds}
        json_file.write(orjson.dumps(document_of(results, facts, run), option=orjson.OPT_INDENT_2))


@contextmanager
def _broker(address: str | None, kafka: bool, console: Console) -> Iterator[tuple[str, str]]:
    """Name and address of the broker to use."""
    if address is not None:
        yield f"broker at {address}", address
        return
    with console.status("starting the broker; Apache Kafka is downloaded the first time ever"):
        own = ApacheKafka() if kafka else EmbeddedBroker()
        own.start()
    with own:
        yield own.name, own.bootstrap_servers


def _workload_line(workload: Workload) -> str:
    return (
        f"{workload.samples:,} samples: {workload.series:,} one-minute series in {PARTITIONS} partitions;"
        f" forecast every {EMIT_EVERY_STEPS} steps, {workload.forecasts:,} forecasts"
    )
