"""The verb `worker`: run the roles until told to stop."""

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Sequence

import click

from streams.cli.errors import ExitCode, UserError
from streams.cli.options import settings_option
from streams.edge.engine import engine_of
from streams.edge.roles import RoleName
from streams.edge.worker import ALL_ROLES, run_worker
from streams.logs import configure_logs, end_logs
from streams.settings.model import Settings

GC_THRESHOLDS = (50_000, 20, 100)

LAST_S = 3.0
"""What is left to the event loop and the interpreter once the worker has ended."""


def _parse_roles(_context: click.Context, _parameter: click.Parameter, text: str) -> list[RoleName]:
    known = {role.value: role for role in RoleName}
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.BadParameter(f"there is no role {unknown[0]!r}; the roles are {', '.join(known)}")
    return [known[name] for name in dict.fromkeys(names)]


@click.command()
@settings_option
@click.option(
    "--roles",
    default=",".join(ALL_ROLES),
    show_default=True,
    callback=_parse_roles,
    help="What this process does, separated by commas.",
)
def worker(settings: Settings, roles: list[RoleName]) -> None:
    """Read telemetry and publish predictions until SIGTERM or Ctrl-C, which end it cleanly with exit code 0."""
    configure_logs(settings.worker.log_format)
    asyncio.run(_run_until_signalled(settings, roles))


async def _run_until_signalled(settings: Settings, roles: Sequence[RoleName]) -> None:
    # Messages make many short-lived objects and no cycles: the collector need not look at them all the time.
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        await run_worker(settings, roles, stop, engine=engine_of(settings))
    except UserError as error:
        _end_at_last(error.exit_code, f"foreshock: {error}\n")
        raise
    _end_at_last(ExitCode.OK, "")


def _end_at_last(code: ExitCode, last_words: str) -> None:
    """Have the process end a little later, come what may: with a dead broker, clients hold on to the event loop."""

    def end() -> None:
        sys.stderr.write(last_words)
        sys.stderr.flush()
        os._exit(code)

    end_logs()
    timer = threading.Timer(LAST_S, end)
    timer.daemon = True
    timer.start()
