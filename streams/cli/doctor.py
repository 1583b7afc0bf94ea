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


class CantWriteError(UserError):
    """The file to write is there already, or its folder is not."""

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
    if write is not None:
        _refuse_unwritable(write)
    client = client_of(broker, config)
    found = examine(asyncio.run(sample_topic(client, topic, messages)), client["bootstrap_servers"])
    for line in report(found):
        click.echo(line)
    if not found.sample.messages:
        return
    if write is None:
        click.echo(f"\n{found.text}", nl=False)
    else:
        try:
            write.write_text(found.text)
        except OSError as error:
            raise CantWriteError(f"{write} can't be written: {error.strerror}") from error
        click.echo(f"\n{write} is the configuration; `foreshock check {write}` says what it means")


def _refuse_unwritable(path: Path) -> None:
    """What would else be noticed after everything is read."""
    if path.exists():
        raise CantWriteError(f"{path} is there already: name another file, or remove it")
    if not path.parent.is_dir():
        raise CantWriteError(f"{path} can't be written: there is no folder {path.parent}")
