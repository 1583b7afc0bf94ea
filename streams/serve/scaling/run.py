"""Scalers as a part of `foreshock serve`: they decide at every beat, and KEDA asks them over gRPC."""

import asyncio
from collections.abc import Mapping

from structlog import get_logger

from streams.serve.api.auth import GuestList
from streams.serve.context import ServeContext
from streams.serve.scaling.keda.access import Access
from streams.serve.scaling.keda.credentials import credentials_of
from streams.serve.scaling.keda.server import listening
from streams.serve.scaling.keda.service import ExternalScaler
from streams.serve.scaling.rhythm import Rhythm, keep

log = get_logger(__name__)


async def run(context: ServeContext) -> None:
    """Decide and answer until cancelled."""
    desk, serve, rhythm = context.desk, context.settings.serve, Rhythm()
    if not desk.scalers:
        await asyncio.Event().wait()

    def decide_all() -> None:
        for name in desk.scalers:
            desk.ask(name, context.now_ms())

    if serve.grpc_port is None:
        await keep(rhythm, decide_all)
        return
    service = ExternalScaler(desk, context.now_ms, rhythm, access_of(context.guest_list))
    async with listening(service, serve.host, serve.grpc_port, credentials_of(serve)) as port:
        log.info("KEDA may ask", address=f"{serve.host}:{port}", scalers=list(desk.scalers))
        await keep(rhythm, decide_all)


def access_of(guest_list: GuestList) -> Access:
    """Access for those who may ask."""

    def scope_of(token: str | None, name: str | None) -> Mapping[str, str] | None:
        guests = guest_list.guests
        if guests is None:
            return {}
        guest = guests.with_token(token) if token else guests.with_certificate(name) if name else None
        return None if guest is None else dict(guest.labels)

    return Access(scope_of)
