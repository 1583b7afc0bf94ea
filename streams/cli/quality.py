"""The verb `quality`: how failure predictions fared, added up over all series and entities of each rule."""

import asyncio

import click
import orjson

from streams.cli.options import settings_option
from streams.cli.sums import Sum, lines_of, sums_of
from streams.edge.whole_topic import read_newest
from streams.settings.model import Settings


@click.command()
@settings_option
@click.option("--json", "as_json", is_flag=True, help="One sum a line, with all its counts.")
def quality(settings: Settings, as_json: bool) -> None:
    """Show how the predictions of each failure rule, hazard and objective fared, over the whole fleet."""
    newest = asyncio.run(read_newest(settings, settings.topics.quality))
    sums = sums_of(newest.values())
    if not sums:
        click.echo(f"{settings.topics.quality} has no record of failure predictions yet", err=True)
    for one in sums:
        click.echo(_json(one) if as_json else "\n".join(lines_of(one)))


def _json(one: Sum) -> str:
    return orjson.dumps(one, option=orjson.OPT_SERIALIZE_NUMPY).decode()
