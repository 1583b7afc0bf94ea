"""The verb `topics`: our topics on the broker."""

import asyncio

import click

from streams.cli.errors import ExitCode
from streams.cli.options import settings_option
from streams.edge.admin import check_topics, create_topics
from streams.settings.model import Settings
from streams.topics import topic_plan


@click.group()
def topics() -> None:
    """Create or check foreshock's own topics."""


@topics.command()
@settings_option
def create(settings: Settings) -> None:
    """Create the topics that are missing; those that exist stay as they are."""
    created = set(asyncio.run(create_topics(settings)))
    for spec in topic_plan(settings):
        click.echo(f"{spec.name}: {'created' if spec.name in created else 'exists'}")


@topics.command()
@settings_option
@click.pass_context
def check(context: click.Context, settings: Settings) -> None:
    """Compare the topics on the broker with the settings; exit code 1 if they differ."""
    problems = asyncio.run(check_topics(settings))
    for problem in problems:
        click.echo(str(problem))
    if problems:
        context.exit(ExitCode.FAILURE)
    click.echo(f"{len(topic_plan(settings))} topics are as they should be")
