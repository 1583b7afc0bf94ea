"""`foreshock kafka`: one Apache Kafka node to try things on."""

import time
from contextlib import suppress

import click
from rich.console import Console

from load.brokers.apache import ApacheKafka
from load.brokers.broker import BrokerFailedError

__all__ = ["kafka"]


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1; a free one by default.")
def kafka(port: int | None) -> None:
    """Run one Apache Kafka node on this machine until Ctrl-C.

    It comes from Maven Central the first time (40 MB), and needs Java 17 and Maven. It listens on 127.0.0.1 only; its
    data is gone when it ends.
    """
    console = Console()
    with console.status("starting Apache Kafka; the first time ever it is downloaded"):
        begun = time.monotonic()
        node = ApacheKafka(port)
        node.start()
    with node, suppress(KeyboardInterrupt):
        _introduce(console, node, time.monotonic() - begun)
        node.wait()
        raise BrokerFailedError(f"{node.name} ended by itself. The end of its log:\n{node.log_tail()}")
    console.print(f"{node.name} stopped, its data removed")


def _introduce(console: Console, node: ApacheKafka, took_s: float) -> None:
    address = node.bootstrap_servers
    console.print(f"[bold]{node.name}[/] serves on [bold]{address}[/] (ready in {took_s:.1f} s)", highlight=False)
    for label, text in (
        ("data", f"{node.directory}, removed at the end"),
        ("foreshock", f"export FORESHOCK_BROKER__BOOTSTRAP_SERVERS={address}"),
        ("topics", "foreshock topics create --sources makes foreshock's and your configuration's; nothing else does"),
        ("tests", f"FORESHOCK_TEST_BROKER={address} make test"),
        ("stop", "Ctrl-C"),
    ):
        console.print(f"  {label:<10} {text}", soft_wrap=True, markup=False, highlight=False)
