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
from streams.serve.files import file_problems
from streams.settings.doubts import doubts
from streams.settings.errors import Problem, SettingsError
from streams.settings.load import NO_FILE, load_settings
from streams.settings.model import Settings
from streams.settings.tls import broker_tls_problems


@click.command()
@click.argument("argument", metavar="[CONFIG]", type=click.Path(path_type=Path), required=False)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="FORESHOCK_CONFIG",
    show_envvar=True,
    help="The same, as other verbs have it.",
)
@click.option("--print", "as_yaml", is_flag=True, help="Print all settings as they take effect, secrets masked.")
@click.pass_context
def check(context: click.Context, argument: Path | None, config: Path | None, as_yaml: bool) -> None:
    """Check a configuration: every problem at once, or what it means. Environment variables count.

    The files that it names are looked at, too.
    """
    config = argument or config
    try:
        settings = load_settings(config, os.environ)
        _refuse_files(settings, str(config or NO_FILE))
    except SettingsError as error:
        _print_problems(error.problems, error.source)
        context.exit(ExitCode.USAGE)
    for doubt in doubts(settings):
        click.echo(f"warning: {doubt}", err=True)
    click.echo(_effective(settings) if as_yaml else "\n".join(summary(settings)))


def _refuse_files(settings: Settings, source: str) -> None:
    """Look at the files that are read only when they are needed."""
    problems = [*broker_tls_problems(settings.broker), *file_problems(settings)]
    if problems:
        raise SettingsError(problems, source)


def _print_problems(problems: Sequence[Problem], source: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for problem in problems:
        place = Text(f"{problem.path}: " if problem.path else "", style="bold")
        console.print(Text.assemble(f"{source}: ", place, problem.message))
    console.print(Text(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}", style="red"))


def _effective(settings: Settings) -> str:
    return yaml.safe_dump(settings.model_dump(mode="json", by_alias=True), sort_keys=False).rstrip()
