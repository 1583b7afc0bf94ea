"""The gate that every request passes: what it may be like, who asks, and headers of every answer.

It stands outside of the app, so that whatever the app does, an answer has its headers; and what is not said to be open
is closed.
"""

from collections.abc import Iterable
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from streams.serve.api.auth import ANYBODY, Guest, GuestList, Guests
from streams.serve.api.errors import error_response
from streams.settings.serve import is_loopback

QUERY_BYTES_MAX = 8_192
PATH_BYTES_MAX = 2_048
HEADERS_MAX = 64
BODY_BYTES_MAX = 0
"""There is nothing to send here."""

OPEN_PATHS = ("/livez", "/readyz", "/")
OPEN_FOLDER = "/assets/"
"""The page's own files: they say nothing, and ask the API as any client does."""

LIVE_PATH = "/api/v1/live"
"""It never ends, so it has no HEAD."""

CLIENT_NAME = "client_name"
"""Where the server puts the CN of a client's certificate, in the scope's state."""

SECURITY_HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " object-src 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Gate:
    """An app behind a gate.

    Parameters
    ----------
    guest_list
        Who may ask, at each request anew. Answers that are under way, live ones too, go on.
    """

    def __init__(self, app: ASGIApp, guest_list: GuestList) -> None:
        self._app, self._list = app, guest_list

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            # No websockets here; what the server itself asks (its lifespan) is none of the gate's business.
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"
        send = _finished(send, is_head)
        refusal = _refuse(scope) or self._refuse_stranger(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self._app({**scope, "method": "GET"} if is_head else scope, receive, send)

    def _refuse_stranger(self, scope: Scope) -> Response | None:
        """Find out who asks, for the app to know."""
        state = scope.setdefault("state", {})
        guests = self._list.guests
        if guests is None:
            state["guest"] = ANYBODY
            return None if _names_this_machine(Headers(scope=scope).get("host")) else _other_host()
        if scope["path"] in OPEN_PATHS or scope["path"].startswith(OPEN_FOLDER):
            state["guest"] = None
            return None
        guest = self._who_asks(scope, guests)
        if isinstance(guest, Response):
            return guest
        state["guest"] = guest
        return None

    def _who_asks(self, scope: Scope, guests: Guests) -> Guest | Response:
        headers = Headers(scope=scope)
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind:
            guest = guests.with_token(token.strip()) if kind.lower() == "bearer" else None
            return guest or _unauthorized("this token is not known here")
        name = scope["state"].get(CLIENT_NAME)
        if name is not None:
            guest = guests.with_certificate(name)
            return guest or error_response(403, "forbidden", f"{name!r:.80} is not in serve.tokens_file")
        return _unauthorized("a token is required, in the header `Authorization: Bearer ...`")


def _finished(send: Send, is_head: bool) -> Send:
    """Answers with the headers of all answers; without a body where only headers are asked for."""

    async def finish(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", "no-store")
            message = {**message, "headers": headers.raw}
        elif is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return finish


def _refuse(scope: Scope) -> Response | None:
    """What no request may be like, whoever asks."""
    if len(scope["query_string"]) > QUERY_BYTES_MAX:
        return error_response(413, "too_large", f"a query may have {QUERY_BYTES_MAX} bytes")
    if len(scope["headers"]) > HEADERS_MAX:
        return error_response(413, "too_large", f"a request may have {HEADERS_MAX} headers")
    if _is_tricky(scope["path"]):
        return error_response(400, "bad_path", "a path may have no empty, dotted or unprintable parts")
    if _has_body(scope["headers"]):
        return error_response(413, "too_large", "requests have no body here")
    if scope["method"] not in ("GET", "HEAD"):
        return error_response(405, "method_not_allowed", "there is GET and HEAD here", headers={"allow": "GET, HEAD"})
    if scope["method"] == "HEAD" and scope["path"] == LIVE_PATH:
        return error_response(405, "method_not_allowed", "a stream has no HEAD", headers={"allow": "GET"})
    return None


def _is_tricky(path: str) -> bool:
    parts = path.split("/")
    return (
        len(path) > PATH_BYTES_MAX
        or not path.isprintable()
        or "\\" in path
        or "" in parts[1:-1]
        or any(part in {".", ".."} for part in parts)
    )


def _has_body(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    for name, value in headers:
        if name == b"transfer-encoding":
            return True
        if name == b"content-length" and value.strip() not in (b"", b"0"):
            return True
    return False


def _names_this_machine(host: str | None) -> bool:
    """Whether a browser was told to ask this machine: other names may be tricks of other sites (DNS rebinding)."""
    if host is None:
        return False
    name = host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    return is_loopback(name) or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _other_host() -> Response:
    message = "without serve.tokens_file this answers to 127.0.0.1 and localhost only"
    return error_response(403, "forbidden", message)


def _unauthorized(message: str) -> Response:
    return error_response(401, "unauthorized", message, headers={"www-authenticate": 'Bearer realm="foreshock"'})
