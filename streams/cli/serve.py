"""The verb `serve`: the API, the page, and what autoscalers and alert managers ask, until told to stop."""

import asyncio
import signal
from importlib.util import find_spec

import click

from streams.cli.errors import ExtraMissingError
from streams.cli.options import settings_option
from streams.logs import configure_logs
from streams.settings.model import Settings

EXTRA = ("fastapi", "uvicorn", "sse_starlette", "grpc")


@click.command()
@settings_option
def serve(settings: Settings) -> None:
    """Answer what is predicted, over HTTP, until SIGTERM or Ctrl-C, which end it cleanly with exit code 0."""
    if any(find_spec(name) is None for name in EXTRA):
        raise ExtraMissingError("serve", "serve")
    configure_logs(settings.worker.log_format)
    asyncio.run(_run_until_signalled(settings))


async def _run_until_signalled(settings: Settings) -> None:
    from streams.edge.admin import ask_broker
    from streams.serve.server import run_server

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await ask_broker(settings)
    await run_server(settings, stop)
