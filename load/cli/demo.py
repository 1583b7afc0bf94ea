"""`foreshock demo`: the whole engine on one machine, with a generated fleet to watch."""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console

from load.brokers.apache import ApacheKafka
from load.brokers.embedded import EmbeddedBroker
from load.demo.page import serve_port
from load.demo.run import Place, run_demo
from load.demo.scenario import fleet_spec
from load.generate.fleet import generate_fleet


@click.command()
@click.option("--for", "seconds", type=click.FloatRange(min=1), metavar="SECONDS", help="End after so long.")
@click.option("--broker", help="A broker of yours as host:port; the demo removes its topics from it at the end.")
@click.option("--kafka", is_flag=True, help="Start Apache Kafka in place of the embedded broker; needs Java and Maven.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Same seed, same fleet.")
@click.option("--hosts", type=click.IntRange(min=1, max=200), default=6, show_default=True)
@click.option("--services", type=click.IntRange(min=1, max=200), default=4, show_default=True)
@click.option("--volumes", type=click.IntRange(min=1, max=200), default=5, show_default=True)
def demo(
    seconds: float | None, broker: str | None, kafka: bool, seed: int, hosts: int, services: int, volumes: int
) -> int:
    """Watch predictions arrive: a broker, a worker and a generated fleet, until Ctrl-C.

    The fleet's history is replayed as fast as the worker takes it, the rest ten minutes of event time a second.
    Everything is in memory and on 127.0.0.1, and gone at the end. Exit code 0 says that forecasts, capacity and failure
    predictions came; 130 that it was interrupted before they did.
    """
    start_s = time.monotonic()
    if broker and kafka:
        raise click.UsageError("give --broker or --kafka, not both")
    # Its complaints come back to us as errors, and would be written across the tables.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    fleet = generate_fleet(fleet_spec(seed, hosts, services, volumes))
    with _place(broker, kafka) as place:
        return run_demo(place, fleet, start_s, seconds, Console())


@contextmanager
def _place(broker: str | None, kafka: bool) -> Iterator[Place]:
    if broker is not None:
        yield Place(broker, f"broker at {broker}", uuid.uuid4().hex[:8], serve_port())
        return
    with ApacheKafka() if kafka else EmbeddedBroker() as own:
        yield Place(own.bootstrap_servers, own.name, serve_port=serve_port())
