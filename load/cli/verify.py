"""`foreshock verify`: the predictions on the topics are those of a backtest, record for record."""

import asyncio
import math
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import product
from pathlib import Path

import click
from rich.console import Console

from load.brokers.apache import ApacheKafka
from load.cli.replay import Speed
from load.recordings.recording import open_recording
from load.verify.hostile import hostile_messages
from load.verify.live import LiveRun
from load.verify.verify import expected_predictions, verify_runs
from streams.cli.errors import ExitCode
from streams.settings.load import load_settings


@click.command()
@click.argument("recording", type=click.Path(path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), required=True, help="The worker's settings.")
@click.option("--broker", help="Broker as host:port; by default an Apache Kafka of our own is started.")
@click.option("--metrics", multiple=True, metavar="GLOB", help="Only metrics that match; may be given several times.")
@click.option("--speed", "speeds", type=Speed(), multiple=True, default=("max",), help="Replay speed; several: each.")
@click.option(
    "--fetch", "fetches", type=click.IntRange(min=1), multiple=True, default=(1 << 20,), help="Bytes fetched."
)
@click.option("--batch", type=click.IntRange(min=1), default=1, show_default=True, help="Samples per message.")
@click.option("--kills", type=click.IntRange(min=0), default=0, show_default=True, help="kill -9 the worker so often.")
@click.option("--hostile", type=click.IntRange(min=0), default=0, show_default=True, help="Hostile messages mixed in.")
def verify(
    recording: Path,
    config: Path,
    broker: str | None,
    metrics: tuple[str, ...],
    speeds: tuple[float, ...],
    fetches: tuple[int, ...],
    batch: int,
    kills: int,
    hostile: int,
) -> int:
    """Replay RECORDING into a worker, at each speed and fetch size, and compare its predictions with a backtest's."""
    console = Console()
    settings = load_settings(config, {})
    source = open_recording(recording, metrics)
    expected = expected_predictions(recording, config, metrics)
    first = next(iter(source.tables(1)))
    aimed_at = first.series[int(first.index[0])]
    with nullcontext(broker) if broker else _own_broker() as bootstrap_servers:
        runs = [
            LiveRun(
                client={"bootstrap_servers": bootstrap_servers},
                config=config,
                prefix="verify",
                topic="",
                partitions=settings.topics.partitions,
                entity_labels=frozenset(settings.sources[0].entity),
                speed=None if math.isinf(speed) else speed,
                batch=batch,
                fetch_bytes=fetch,
                kills=kills,
                hostile=hostile_messages(hostile, aimed_at.metric, dict(aimed_at.labels)),
            )
            for speed, fetch in product(speeds, fetches)
        ]
        agreed = asyncio.run(verify_runs(runs, source, expected, console))
    return ExitCode.OK if agreed else ExitCode.FAILURE


@contextmanager
def _own_broker() -> Iterator[str]:
    with ApacheKafka() as kafka:
        yield kafka.bootstrap_servers
