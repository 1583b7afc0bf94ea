"""The worker's own HTTP server: `/metrics`, `/livez`, `/readyz`, and nothing else.

It answers from the worker's event loop, on purpose: a loop that hangs does not answer, which is what `/livez` is for.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.aiohttp import make_aiohttp_handler
from structlog import get_logger

from streams.cli.errors import ExitCode, UserError
from streams.edge.health import Health
from streams.settings.metrics import MetricsSettings

log = get_logger(__name__)

SHUTDOWN_S = 1.0
"""What scrapers that are in the middle of an answer are given at the end."""


class AddressTakenError(UserError):
    """The address for metrics and health can't be listened on."""

    exit_code = ExitCode.USAGE


@asynccontextmanager
async def serving_metrics(
    settings: MetricsSettings, registry: CollectorRegistry, health: Health
) -> AsyncIterator[int | None]:
    """Serve metrics and health within; gives the port, or None where the settings want none.

    Raises
    ------
    AddressTakenError
        If it can't listen there.
    """
    if settings.port is None:
        yield None
        return
    runner = web.AppRunner(_application(registry, health), access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        port = await _listen(runner, settings.host, settings.port)
        log.info("metrics and health", address=f"http://{_in_url(settings.host)}:{port}/metrics")
        yield port
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> int:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise AddressTakenError(
            f"worker.metrics.port: can't listen on {_in_url(host)}:{port}: {error.strerror or error}. Another worker"
            " may be there: give each its own port (FORESHOCK_WORKER__METRICS__PORT goes over the file), 0 for any"
            " free one, or null for none"
        ) from error
    bound: int = runner.addresses[0][1]
    return bound


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _application(registry: CollectorRegistry, health: Health) -> web.Application:
    async def live(_: web.Request) -> web.Response:
        reason = health.ending_for()
        return _json({"live": reason is None, "ends_for": reason}, reason is None)

    async def ready(_: web.Request) -> web.Response:
        roles = health.readiness()
        is_ready = all(role["ready"] for role in roles.values())
        return _json({"ready": is_ready, "roles": roles}, is_ready)

    application = web.Application()
    application.router.add_get("/metrics", make_aiohttp_handler(registry))
    application.router.add_get("/livez", live)
    application.router.add_get("/readyz", ready)
    return application


def _json(body: object, fine: bool) -> web.Response:
    status = 200 if fine else 503
    return web.Response(status=status, body=orjson.dumps(body) + b"\n", content_type="application/json")
