"""The server itself: TLS, clients' certificates, and what uvicorn refuses before the app sees it."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from streams.serve.api.app import make_app
from streams.serve.context import ServeContext
from streams.serve.http import HEADER_BYTES_MAX, AddressError, HttpServer
from tests.certificates import openssl
from tests.streams.serve import made
from tests.streams.serve.api.asking import TOKENS, context


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, and what it signed: of the server, and of two clients."""
    folder = tmp_path_factory.mktemp("certificates")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=authority")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    for name in ("server", "keda.example", "mallory"):
        openssl(folder, "req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names")
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", *signed, "-out", f"{name}.pem")
    return folder


def _answered(asked: ServeContext, ask: Callable[[str], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        server = HttpServer(asked.settings.serve, make_app(asked))
        task = asyncio.ensure_future(server.run())
        try:
            async with asyncio.timeout(60):
                return await ask(server.address)
        finally:
            server.stop()
            await task

    return asyncio.run(run())


def test_a_clients_certificate_is_its_name(certificates: Path) -> None:
    (certificates / "tokens").write_text(TOKENS)
    names = {"tls_cert_file": "server.pem", "tls_key_file": "server.key", "client_ca_file": "ca.pem"}
    files: dict[str, Any] = {
        setting: str(certificates / name) for setting, name in (names | {"tokens_file": "tokens"}).items()
    }

    async def ask(address: str) -> list[int]:
        codes = []
        for name in ("keda.example", "mallory", None):
            trusted = ssl.create_default_context(cafile=str(certificates / "ca.pem"))
            if name is not None:
                trusted.load_cert_chain(certificates / f"{name}.pem", certificates / f"{name}.key")
            async with httpx.AsyncClient(verify=trusted) as client:
                codes.append((await client.get(f"{address}/api/v1/status")).status_code)
                codes.append((await client.get(f"{address}/livez")).status_code)
        return codes

    assert _answered(context(port=0, **files), ask) == [200, 200, 403, 200, 401, 200]


def test_headers_without_end_are_refused() -> None:
    async def ask(address: str) -> bytes:
        host, port = address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"y" * (2 * HEADER_BYTES_MAX))
        answer = await reader.read()
        writer.close()
        return answer

    assert _answered(context(port=0), ask).startswith(b"HTTP/1.1 400")


def test_an_address_that_is_taken_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = made.settings(serve={"port": taken.getsockname()[1]}).serve
        with pytest.raises(AddressError, match=r"can't listen on 127\.0\.0\.1:"):
            HttpServer(settings, make_app(context()))


def test_files_that_are_no_certificates_are_said(tmp_path: Path) -> None:
    (tmp_path / "nonsense").write_text("nonsense")
    file = str(tmp_path / "nonsense")
    settings = made.settings(serve={"port": 0, "tls_cert_file": file, "tls_key_file": file}).serve
    with pytest.raises(AddressError, match="tls_cert_file"):
        HttpServer(settings, make_app(context()))
