"""The API as an ASGI application."""

from collections.abc import Callable, Sequence
from importlib.metadata import version

from fastapi import APIRouter, FastAPI

from streams.serve.api import live
from streams.serve.api.errors import handle_errors
from streams.serve.api.gate import Gate
from streams.serve.api.live import Clients
from streams.serve.api.page import attach_page
from streams.serve.api.routes import incidents, ranked, series, status
from streams.serve.context import ServeContext
from streams.serve.scaling import router as scaling

API_PREFIX = "/api/v1"
API_ROUTERS: tuple[APIRouter, ...] = (
    status.router,
    series.router,
    ranked.router,
    incidents.router,
    live.router,
    scaling.router,
)
"""What is asked under `API_PREFIX`."""

Attach = Callable[[FastAPI, ServeContext], None]

ATTACHED: tuple[Attach, ...] = (attach_page,)
"""What else is served by the same port, such as the page: each adds its routes."""


def make_app(context: ServeContext, attached: Sequence[Attach] = ATTACHED) -> Gate:
    """The app, behind its gate.

    Parameters
    ----------
    attached
        What else is served by the same port.

    Raises
    ------
    TokensFileError
        If `serve.tokens_file` can't be used.
    """
    return Gate(make_routes(context, attached), context.guest_list)


def make_routes(context: ServeContext, attached: Sequence[Attach] = ATTACHED) -> FastAPI:
    """The app without its gate: nobody is asked who they are."""
    app = FastAPI(
        title="foreshock",
        version=version("foreshock"),
        summary="What is about to happen: forecasts, capacity, failures, anomalies and incidents.",
        # Their pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.context, app.state.clients = context, Clients()
    handle_errors(app)
    app.include_router(status.health)
    for router in API_ROUTERS:
        app.include_router(router, prefix=API_PREFIX)
    for attach in attached:
        attach(app, context)
    return app
