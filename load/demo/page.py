"""Where the page is: `foreshock serve` beside the worker, where what it needs is installed."""

import asyncio
from collections.abc import Mapping
from importlib.resources import files
from importlib.util import find_spec

from load.brokers.ports import free_port, is_free
from load.demo.status import Status
from load.demo.verb_process import VerbProcess
from streams.cli.errors import needed
from streams.settings.serve import SERVE_PORT

LOOK_EVERY_S = 0.5
NEEDED = ("fastapi", "uvicorn", "sse_starlette", "grpc")


def serve_port() -> int:
    """The usual port, where nobody has it."""
    return SERVE_PORT if is_free(SERVE_PORT) else free_port()


def can_serve() -> bool:
    """Whether the extra is installed."""
    return all(find_spec(name) is not None for name in NEEDED)


def address_line(port: int) -> str:
    """Where to look, or what is missing."""
    if not can_serve():
        return f"the page {needed('serve')}"
    if not (files("streams") / "serve" / "page" / "dist" / "index.html").is_file():
        return f"http://127.0.0.1:{port}/api/v1/status (the page itself is not built)"
    return f"http://127.0.0.1:{port}/"


async def show_page(status: Status, document: Mapping[str, object], port: int) -> None:
    """Serve the page once there is a prediction, which it would only be late for; until cancelled."""
    while status.first_prediction_s is None:
        await asyncio.sleep(LOOK_EVERY_S)
    status.page = address_line(port)
    if can_serve():
        with VerbProcess(document, "serve") as serve:
            while not serve.ended:
                await asyncio.sleep(LOOK_EVERY_S)
            status.page = f"the page has ended: {serve.log_tail()[-200:]}"
    await asyncio.Event().wait()
