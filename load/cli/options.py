"""Options that several verbs have: which source a recording is of, on which grid, and how far to forecast."""

import time

import click
from pydantic import ValidationError

from models.forecast.horizons import HORIZON_MAX
from streams.cli.moments import parse_moment
from streams.settings.durations import parse_duration
from streams.settings.sources import SourceSettings


def _step(_context: click.Context, _parameter: click.Parameter, text: str | None) -> int | None:
    try:
        return SourceSettings.model_validate({"topic": "any", "step": text}).step_ms
    except ValidationError as error:
        raise click.BadParameter(error.errors()[0]["msg"].removeprefix("Value error, ")) from error


def moment_of(context: click.Context, _parameter: click.Parameter, text: str | None) -> int | None:
    """Milliseconds since 1970 of an option that is a moment."""
    if text is None or context.resilient_parsing:
        return None
    try:
        return parse_moment(text, time.time_ns() // 1_000_000)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def duration_of(_context: click.Context, _parameter: click.Parameter, text: str | None) -> int | None:
    """Milliseconds of an option that is a duration."""
    if text is None:
        return None
    try:
        return parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


source_option = click.option(
    "--source", metavar="TOPIC", help="Which of the configuration's sources; the first by default."
)
step_option = click.option(
    "--step", "step_ms", callback=_step, help="Time between the samples of a series; inferred by default."
)
horizon_option = click.option(
    "--horizon", type=click.IntRange(1, HORIZON_MAX), help="Steps to forecast; else the configuration's."
)
