"""How verbs that work without a configuration are told where the broker is."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from streams.settings.client import client_options
from streams.settings.load import load_settings

BROKER_DEFAULT = "127.0.0.1:9092"

Command = TypeVar("Command", bound=Callable[..., object])


def broker_options(command: Command) -> Command:
    """The options ``--broker`` and ``--config``; `client_of` takes what the command gets of them."""
    settings = click.option(
        "--config",
        type=click.Path(path_type=Path),
        envvar="FORESHOCK_CONFIG",
        show_envvar=True,
        help="The worker's settings, for how to reach the broker.",
    )
    about = f"Broker as host:port; by default the configuration's, or {BROKER_DEFAULT}."
    return click.option("--broker", help=about)(settings(command))


def client_of(broker: str | None, config: Path | None) -> dict[str, Any]:
    """Arguments of an aiokafka client; `broker` goes over the configuration's addresses."""
    client = {} if config is None else client_options(load_settings(config, os.environ))
    if broker is not None or config is None:
        client["bootstrap_servers"] = [broker or BROKER_DEFAULT]
    return client
