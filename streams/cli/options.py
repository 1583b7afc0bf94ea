"""Options that several verbs share."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from streams.settings.load import load_settings
from streams.settings.model import Settings

Command = TypeVar("Command", bound=Callable[..., object])


def _load(context: click.Context, _parameter: click.Parameter, path: Path | None) -> Settings | None:
    # While the shell completes a command line, nothing is run and nothing may fail.
    return None if context.resilient_parsing else load_settings(path, os.environ)


def settings_option(command: Command) -> Command:
    """The option ``--config``; the command gets the loaded settings as its argument `settings`."""
    return click.option(
        "--config",
        "settings",
        type=click.Path(path_type=Path),
        envvar="FORESHOCK_CONFIG",
        show_envvar=True,
        callback=_load,
        help="The YAML file with the settings; FORESHOCK_<SECTION>__<KEY> variables go over it.",
    )(command)
