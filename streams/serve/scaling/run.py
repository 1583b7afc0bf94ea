"""Scalers as a part of `foreshock serve`: they decide at every beat, and KEDA asks them over gRPC."""

from collections.abc import Callable, Mapping

from structlog import get_logger

from streams.serve.context import ServeContext
from streams.serve.scaling.core.desk import Desk
from streams.serve.scaling.keda.access import Access, everybody
from streams.serve.scaling.keda.credentials import credentials_of
from streams.serve.scaling.keda.server import listening
from streams.serve.scaling.keda.service import ExternalScaler
from streams.serve.scaling.rhythm import Rhythm, keep
from streams.serve.scaling.topics_board import TopicsBoard

ScopeOf = Callable[[str | None, str | None], Mapping[str, str] | None]

log = get_logger(__name__)


def desk_of(context: ServeContext) -> Desk:
    """The desk that HTTP and gRPC share."""
    return Desk(context.settings.scalers, TopicsBoard(context.board, context.standing))


async def run(context: ServeContext, desk: Desk, scope_of: ScopeOf = everybody) -> None:
    """Decide and answer until cancelled; ends at once where there are no scalers.

    Parameters
    ----------
    scope_of
        The labels that a record must have for a caller to see it, by its token and the name in its certificate; None
        where neither is known.
    """
    if not desk.scalers:
        return
    rhythm = Rhythm()

    def decide_all() -> None:
        for name in desk.scalers:
            desk.ask(name, context.now_ms())

    serve = context.settings.serve
    if serve.grpc_port is None:
        await keep(rhythm, decide_all)
        return
    service = ExternalScaler(desk, context.now_ms, rhythm, Access(scope_of))
    async with listening(service, serve.host, serve.grpc_port, credentials_of(serve)) as port:
        log.info("KEDA may ask", address=f"{serve.host}:{port}", scalers=list(desk.scalers))
        await keep(rhythm, decide_all)
