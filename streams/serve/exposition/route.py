"""`/metrics` on the port of the API."""

from fastapi import FastAPI, Request
from fastapi.responses import Response
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from streams.serve.api.auth import ANYBODY, Guest
from streams.serve.api.errors import error_response

METRICS_PATH = "/metrics"


def attach_metrics(app: FastAPI, registry: CollectorRegistry) -> None:
    """Add the route. It answers from the event loop, as the board is changed there."""

    async def metrics(request: Request) -> Response:
        guest: Guest | None = getattr(request.state, "guest", ANYBODY)
        if guest is None or guest.labels:
            return error_response(403, "forbidden", "figures are about all series: this takes a token without labels")
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), media_type=content_type)

    app.add_api_route(METRICS_PATH, metrics, methods=["GET"], include_in_schema=False)
