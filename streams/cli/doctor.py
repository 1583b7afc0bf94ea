"""The verb `doctor`: what is in a topic, and the configuration that would read it."""

import asyncio
from pathlib import Path

import click

from streams.cli.broker_options import broker_options, client_of
from streams.cli.errors import ExitCode, UserError
from streams.doctor.examination import examine
from streams.doctor.report import report
from streams.edge.topic_sample import sample_topic

MESSAGES_DEFAULT = 20_000
MESSAGES_MAX = 1_000_000


class TakenError(UserError):
    """The file to write is there already."""

    exit_code = ExitCode.USAGE


@click.command()
@click.option("--topic", required=True, help="The topic to look at.")
@broker_options
@click.option(
    "--messages",
    type=click.IntRange(1, MESSAGES_MAX),
    default=MESSAGES_DEFAULT,
    show_default=True,
    help="How many to look at, the newest of all partitions in equal parts.",
)
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), help="Write the configuration to this file.")
def doctor(topic: str, broker: str | None, config: Path | None, messages: int, write: Path | None) -> None:
    """Look at a telemetry topic: formats, series, order, what would be rejected; and print a configuration for it.

    Nothing is committed, and nothing on the broker changes.
    """
    if write is not None and write.exists():
        raise TakenError(f"{write} is there already: name another file, or remove it")
    client = client_of(broker, config)
    found = examine(asyncio.run(sample_topic(client, topic, messages)), client["bootstrap_servers"])
    for line in report(found):
        click.echo(line)
    if not found.sample.messages:
        return
    if write is None:
        click.echo(f"\n{found.text}", nl=False)
    else:
        write.write_text(found.text)
        click.echo(f"\n{write} is the configuration; `foreshock check {write}` says what it means")
