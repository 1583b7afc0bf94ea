"""`foreshock soak`: a worker under a steady load for a long time, and what it takes of the machine."""

import asyncio
from typing import BinaryIO

import click
import orjson
from rich.console import Console

from load.bench.machine import machine_facts, machine_line
from load.brokers.apache import ApacheKafka
from load.soak.report import courses_of, document_of
from load.soak.run import Soak, SoakResult, run_soak

SHORTEST_MINUTES = 0.2


@click.command()
@click.option(
    "--minutes", type=click.FloatRange(min=SHORTEST_MINUTES), default=30.0, show_default=True, help="How long."
)
@click.option("--rate", type=click.FloatRange(min=1), required=True, help="Samples a second: half of what bench finds.")
@click.option("--series", type=click.IntRange(min=1), default=10_000, show_default=True, help="So many series.")
@click.option("--json", "json_file", type=click.File("wb", lazy=False), help="Write every look to this file, too.")
def soak(minutes: float, rate: float, series: int, json_file: BinaryIO | None) -> None:
    """Run a worker on an Apache Kafka of our own at a steady rate, and look at it every five seconds.

    Tells its memory, file descriptors and threads at the start, when warm and at the end, how fast they still grow, how
    far behind it was at the end, and how long a clean end took.
    """
    console, facts = Console(highlight=False, soft_wrap=True, markup=False), machine_facts()
    with ApacheKafka() as broker:
        console.print(machine_line(facts, broker.name))
        console.print(f"{rate:,.0f} samples/s of {series:,} series for {minutes:g} minutes")
        result = asyncio.run(run_soak(Soak(broker.bootstrap_servers, minutes, rate, series), console))
    for line in _lines(result):
        console.print(line)
    if json_file is not None:
        run = {"minutes": minutes, "rate": rate, "series": series, "lag": result.lag, "stop_s": result.stop_s, **facts}
        json_file.write(orjson.dumps(document_of(result.footprints, run), option=orjson.OPT_INDENT_2))


def _lines(result: SoakResult) -> list[str]:
    sent = result.replayed
    return [
        f"{sent.samples:,} samples in {sent.seconds:,.0f} s; late by more than 0.1 s: {sent.late:,} messages",
        *[course.line() for course in courses_of(result.footprints)],
        f"CPU: {100 * result.cpu_share:.0f} % of a core",
        f"{result.lag:,} records were not yet durable when the telemetry ended",
        f"ended cleanly, with a last checkpoint, {result.stop_s:.1f} s after SIGTERM",
    ]
