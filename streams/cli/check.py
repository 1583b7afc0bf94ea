"""The verb `check`: is a configuration right, and what does it mean."""

import os
from collections.abc import Sequence
from pathlib import Path

import click
import yaml
from rich.console import Console
from rich.text import Text

from streams.cli.errors import ExitCode
from streams.cli.summary import summary
from streams.settings.errors import Problem, SettingsError
from streams.settings.load import load_settings
from streams.settings.model import Settings


@click.command()
@click.argument("config", type=click.Path(path_type=Path))
@click.option("--print", "as_yaml", is_flag=True, help="Print all settings as they take effect, secrets masked.")
@click.pass_context
def check(context: click.Context, config: Path, as_yaml: bool) -> None:
    """Check a configuration: every problem at once, or what it means. Environment variables count."""
    try:
        settings = load_settings(config, os.environ)
    except SettingsError as error:
        _print_problems(error.problems, error.source)
        context.exit(ExitCode.USAGE)
    click.echo(_effective(settings) if as_yaml else "\n".join(summary(settings)))


def _print_problems(problems: Sequence[Problem], source: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for problem in problems:
        place = Text(f"{problem.path}: " if problem.path else "", style="bold")
        console.print(Text.assemble(f"{source}: ", place, problem.message))
    console.print(Text(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}", style="red"))


def _effective(settings: Settings) -> str:
    return yaml.safe_dump(settings.model_dump(mode="json", by_alias=True), sort_keys=False).rstrip()
