"""How long requests take, by route: a layer around the app, for Prometheus."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from streams.metrics.durations import Durations

ELSEWHERE = "other"
"""What leads nowhere: paths that somebody made up become no labels."""

Requests = dict[tuple[str, str], Durations]
"""By route, as its pattern, and by class of the answer, such as 2xx."""


class Timed:
    """An app whose requests are timed from their beginning to the end of the answer.

    What streams for as long as a client stays is left out: `/live` would say only how long people watch.
    """

    def __init__(self, app: ASGIApp, requests: Requests, streaming: str) -> None:
        self._app, self._requests, self._streaming = app, requests, streaming

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["path"] == self._streaming:
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            # The router writes it here once it has found one.
            route = getattr(scope.get("route"), "path", ELSEWHERE)
            self._note((route, f"{status // 100}xx"), time.perf_counter() - began)

    def _note(self, place: tuple[str, str], seconds: float) -> None:
        if place not in self._requests:
            self._requests[place] = Durations()
        self._requests[place].observe(seconds)
