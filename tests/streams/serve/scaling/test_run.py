"""Scalers as a part of serve: encrypted, for those who have a certificate, with limits to what they see."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from streams.serve.board.board import Board
from streams.serve.context import ServeContext
from streams.serve.scaling.core.desk import Desk
from streams.serve.scaling.run import run
from tests.certificates import openssl
from tests.streams.serve import made
from tests.streams.serve.api.asking import context
from tests.streams.serve.scaling.keda.test_protocol import generated, keda
from tests.streams.serve.scaling.made import T_MS, MadeBoard, scaler

__all__ = ["generated"]


def served(**serve: Any) -> ServeContext:
    found = context(Board(made.settings()), grpc_port=0, **serve)
    found = replace(found, now_ms=lambda: T_MS)
    vars(found)["desk"] = Desk([scaler(), scaler(name="dry", dry_run=True)], MadeBoard())  # in place of the cached one
    return found


@asynccontextmanager
async def running(asked: ServeContext) -> AsyncIterator[int]:
    """Run until the block ends; gives the port that the log names."""
    with capture_logs() as logs:
        task = asyncio.create_task(run(asked))
        for _ in range(200):
            await asyncio.sleep(0.05)
            if task.done() or logs:
                break
    try:
        yield int(logs[0]["address"].rpartition(":")[2])
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def test_scalers_decide_without_being_asked(generated: Path) -> None:
    async def scenario() -> None:
        asked = served()
        async with running(asked) as port, keda(generated, port) as client:
            assert [len(asked.desk.kept(name)) for name in ("shop", "dry")] == [1, 1]
            assert "values" in await client.ask("GetMetrics")

    asyncio.run(scenario())


def test_without_scalers_nothing_listens_and_nothing_ends() -> None:
    async def scenario() -> None:
        asked = served()
        vars(asked)["desk"] = Desk([], MadeBoard())
        with pytest.raises(TimeoutError), capture_logs() as logs:
            await asyncio.wait_for(run(asked), 0.2)
        assert not logs

    asyncio.run(scenario())


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority's certificate, and pairs of ours, of KEDA's and of somebody else's."""
    folder = tmp_path_factory.mktemp("certificates")

    key = ("-newkey", "rsa:2048", "-nodes")
    for authority in ("ca", "other-ca"):
        openssl(
            folder,
            "req",
            "-x509",
            *key,
            "-keyout",
            f"{authority}.key",
            "-out",
            f"{authority}.pem",
            "-subj",
            f"/CN={authority}",
        )
    names = {
        "server": ("localhost", "ca"),
        "keda": ("keda", "ca"),
        "team": ("team", "ca"),
        "other": ("keda", "other-ca"),
    }
    (folder / "names").write_text("subjectAltName=DNS:localhost")
    for file, (name, authority) in names.items():
        openssl(folder, "req", *key, "-keyout", f"{file}.key", "-out", f"{file}.csr", "-subj", f"/CN={name}")
        signing = ("-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial", "-extfile", "names")
        openssl(folder, "x509", "-req", "-in", f"{file}.csr", "-out", f"{file}.pem", *signing)
    return folder


def test_who_has_a_certificate_is_known_by_its_name(generated: Path, certificates: Path, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text("- keda service=shop\n- team service=pay\n")
    files = {"tls_cert_file": "server.pem", "tls_key_file": "server.key", "client_ca_file": "ca.pem"}
    asked = served(tokens_file=str(tokens), **{name: str(certificates / file) for name, file in files.items()})

    async def answer(port: int, *pair: str) -> dict[str, Any]:
        paths = [certificates / file for file in ("ca.pem", *pair)]
        async with keda(generated, port, *paths) as client:
            return await client.ask("GetMetrics")

    async def scenario() -> None:
        async with running(asked) as port:
            assert "values" in await answer(port, "keda.pem", "keda.key")
            assert (await answer(port, "team.pem", "team.key"))["code"] == "NOT_FOUND"
            # Those of no authority of ours, and those without any, are not even heard.
            assert (await answer(port, "other.pem", "other.key"))["code"] == "UNAVAILABLE"
            assert (await answer(port))["code"] == "UNAVAILABLE"

    asyncio.run(scenario())
