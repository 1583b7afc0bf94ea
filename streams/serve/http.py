"""The HTTP server: uvicorn, on a socket that is bound before anything else is done."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from streams.cli.errors import ExitCode, UserError
from streams.serve.api.gate import CLIENT_NAME
from streams.settings.serve import ServeSettings
from streams.settings.tls import serve_tls_problems

HEADER_BYTES_MAX = 16_384
KEEP_ALIVE_S = 30
END_WITHIN_S = 3
CONNECTIONS_MAX = 2_000


class AddressError(UserError):
    """The address or its certificates can't be used."""

    exit_code = ExitCode.USAGE


class NamingProtocol(H11Protocol):
    """Tells the app the CN of a client's certificate, which the handshake has verified."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Find out who it is, once for the connection."""
        super().connection_made(transport)
        name = _common_name(transport.get_extra_info("peercert") or {})
        if name is not None:
            self.app_state = {**self.app_state, CLIENT_NAME: name}


class _Server(uvicorn.Server):
    """Signals are the verb's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class HttpServer:
    """The app on an address.

    Raises
    ------
    AddressError
        If the address is taken or not ours, or a file of TLS can't be used.
    """

    def __init__(self, settings: ServeSettings, app: ASGIApp) -> None:
        self._socket = _bound(settings)
        config = uvicorn.Config(
            app,
            http=NamingProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            h11_max_incomplete_event_size=HEADER_BYTES_MAX,
            limit_concurrency=CONNECTIONS_MAX,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=END_WITHIN_S,
            **_tls(settings),
        )
        problems = serve_tls_problems(settings)
        if problems:
            self._socket.close()
            raise AddressError("\n".join([str(problem) for problem in problems]))
        config.load()
        self._server = _Server(config)
        host, port = self._socket.getsockname()[:2]
        scheme = "http" if settings.tls_cert_file is None else "https"
        self.address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"

    async def run(self) -> None:
        """Answer until `stop`."""
        await self._server.serve([self._socket])

    def stop(self) -> None:
        """Take no more requests, and end when those under way are answered."""
        self._server.should_exit = True


def _tls(settings: ServeSettings) -> dict[str, Any]:
    if settings.tls_cert_file is None:
        return {}
    asked: dict[str, Any] = {"ssl_certfile": settings.tls_cert_file, "ssl_keyfile": settings.tls_key_file}
    if settings.client_ca_file is not None:
        # Not required: probes have none, and whoever has none has to have a token.
        asked |= {"ssl_ca_certs": settings.client_ca_file, "ssl_cert_reqs": ssl.CERT_OPTIONAL}
    return asked


def _bound(settings: ServeSettings) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        # Those who come before the first turn of the event loop wait.
        bound.listen()
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise AddressError(
            f"can't listen on {where} (serve.host, serve.port): {error.strerror or error}. Another serve may be there:"
            " give each its own port (FORESHOCK_SERVE__PORT goes over the file), or 0 for any free one"
        ) from error
    return bound


def _common_name(certificate: dict[str, Any]) -> str | None:
    for attributes in certificate.get("subject", ()):
        for name, value in attributes:
            if name == "commonName":
                return str(value)
    return None
