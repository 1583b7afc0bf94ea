"""The verb `topics`: our topics on the broker."""

import asyncio

import click
import yaml

from streams.access import access_plan
from streams.cli.errors import ExitCode
from streams.cli.options import settings_option
from streams.edge.admin import check_topics, create_sources, create_topics
from streams.settings.model import Settings
from streams.strimzi import topic_manifest, user_manifest
from streams.topics import source_plan, topic_plan


@click.group()
def topics() -> None:
    """Create or check foreshock's own topics, or describe them and their users to Strimzi."""


@topics.command()
@settings_option
@click.option("--sources", is_flag=True, help="The source topics, too, with topics.partitions: for trials.")
def create(settings: Settings, sources: bool) -> None:
    """Create the topics that are missing; those that exist stay as they are."""
    created = set(asyncio.run(create_topics(settings)))
    plan = topic_plan(settings)
    if sources:
        created.update(asyncio.run(create_sources(settings)))
        plan += source_plan(settings)
    for spec in plan:
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


@topics.command()
@settings_option
@click.option("--cluster", required=True, help="The name of the Kafka resource, for the label strimzi.io/cluster.")
@click.option("--users", is_flag=True, help="Print KafkaUsers with their permissions in place of KafkaTopics.")
def strimzi(settings: Settings, cluster: str, users: bool) -> None:
    """Print manifests for the Strimzi operators: the topics, or the users and what each may do."""
    if users:
        manifests = [user_manifest(user, cluster) for user in access_plan(settings)]
    else:
        manifests = [topic_manifest(spec, cluster) for spec in topic_plan(settings)]
    click.echo(yaml.safe_dump_all(manifests, sort_keys=False, explicit_start=True, width=120).rstrip())
