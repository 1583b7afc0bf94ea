"""KEDA's protocol against the running server, by a client that is generated from the published proto."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_tools import protoc

from streams.serve.api.auth import GuestList, parse_guests
from streams.serve.scaling.core.desk import Desk
from streams.serve.scaling.keda.access import Access
from streams.serve.scaling.keda.server import PortTakenError, listening
from streams.serve.scaling.keda.service import ExternalScaler
from streams.serve.scaling.rhythm import Rhythm
from streams.serve.scaling.run import access_of
from streams.settings.scalers import Scaler
from tests.streams.serve.scaling.made import MINUTE_MS, SERIES, T_MS, MadeBoard, record, scaler

ROOT = Path(__file__).parents[5]
PROTO = ROOT / "streams" / "serve" / "scaling" / "proto" / "externalscaler.proto"
CLIENT = Path(__file__).parent / "client.py"


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a client's modules."""
    folder = tmp_path_factory.mktemp("generated")
    arguments = ["protoc", f"-I{PROTO.parent}", f"--python_out={folder}", f"--grpc_python_out={folder}", PROTO.name]
    assert protoc.main(arguments) == 0
    return folder


class World:
    """A server with a board, a clock and a rhythm that a test moves."""

    def __init__(self, *scalers: Scaler) -> None:
        self.board = MadeBoard()
        self.now_ms = T_MS
        self.rhythm = Rhythm()
        self.desk = Desk(scalers or [scaler()], self.board)
        self.access = access_of(GuestList(None))

    def pass_to(self, now_ms: int) -> None:
        self.now_ms = now_ms
        self.rhythm.beat()

    @asynccontextmanager
    async def served(self, port: int = 0, credentials: grpc.ServerCredentials | None = None) -> AsyncIterator[int]:
        service = ExternalScaler(self.desk, lambda: self.now_ms, self.rhythm, self.access)
        async with listening(service, "127.0.0.1", port, credentials) as bound:
            yield bound
            self.rhythm.end()


class Keda:
    """The client's process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, call: str, scaler: str | None = "shop", **more: Any) -> dict[str, Any]:
        """The first answer to a call."""
        assert self._process.stdin is not None
        named = {} if scaler is None else {"scaler": scaler}
        self._process.stdin.write(json.dumps({"call": call, **named, **more}).encode() + b"\n")
        return await self.hear()

    async def hear(self) -> dict[str, Any]:
        """What comes next."""
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(await asyncio.wait_for(self._process.stdout.readline(), 30))
        return answer


@asynccontextmanager
async def keda(generated: Path, port: int, *files: Path) -> AsyncIterator[Keda]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(CLIENT), str(generated), f"localhost:{port}", *[str(file) for file in files]),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Keda(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def test_a_scaler_is_asked_for_its_metric_and_its_value(generated: Path) -> None:
    async def scenario() -> None:
        world = World(scaler(), scaler(name="load", output="load", per_replica=7.5))
        async with world.served() as port, keda(generated, port) as client:
            assert await client.ask("GetMetricSpec") == {"specs": [["foreshock-shop", 1, 1.0]]}
            assert await client.ask("GetMetrics") == {"values": [["foreshock-shop", 4, 4.0]]}
            assert await client.ask("IsActive") == {"result": True}
            assert await client.ask("GetMetricSpec", "load") == {"specs": [["foreshock-load", 8, 7.5]]}
            assert await client.ask("GetMetrics", "load") == {"values": [["foreshock-load", 40, 40.0]]}

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("changes", "code", "reason"),
    [
        ({"quality": "unfit"}, "FAILED_PRECONDITION", "unfit"),
        ({"quality": "warming"}, "FAILED_PRECONDITION", "warming"),
        ({"expires_at_ms": T_MS}, "UNAVAILABLE", "expired"),
        (None, "NOT_FOUND", "unknown_series"),
    ],
)
def test_what_is_not_fit_is_an_error_and_the_metric_is_there_all_the_same(
    generated: Path, changes: dict[str, Any] | None, code: str, reason: str
) -> None:
    async def scenario() -> None:
        world = World()
        world.board.records = {} if changes is None else {SERIES: record(**changes)}
        async with world.served() as port, keda(generated, port) as client:
            for call in ("GetMetrics", "IsActive"):
                answer = await client.ask(call)
                assert (answer["code"], answer["reason"]) == (code, reason)
                assert answer["details"].startswith(f"{reason}: ")
            assert "specs" in await client.ask("GetMetricSpec")

    asyncio.run(scenario())


def test_a_forecast_goes_stale_and_a_new_one_comes(generated: Path) -> None:
    async def scenario() -> None:
        world = World()
        async with world.served() as port, keda(generated, port) as client:
            assert "values" in await client.ask("GetMetrics")
            world.now_ms += 2 * MINUTE_MS
            assert (await client.ask("GetMetrics"))["reason"] == "expired"
            world.board.records[SERIES] = record(origin_ms=world.now_ms, expires_at_ms=world.now_ms + MINUTE_MS)
            world.now_ms += 1_000
            assert "values" in await client.ask("GetMetrics")

    asyncio.run(scenario())


def test_a_server_that_comes_back_answers_the_same_client(generated: Path) -> None:
    async def scenario() -> None:
        world = World()
        async with world.served() as port:
            pass
        again = World()
        async with keda(generated, port) as client:
            assert (await client.ask("GetMetrics"))["code"] == "UNAVAILABLE"
            async with again.served(port):
                for _ in range(20):
                    answer = await client.ask("GetMetrics")
                    if "values" in answer:
                        break
                    await asyncio.sleep(0.5)
                assert answer == {"values": [["foreshock-shop", 4, 4.0]]}

    asyncio.run(scenario())


def test_changes_are_pushed_and_an_unfit_forecast_is_no_change(generated: Path) -> None:
    async def scenario() -> None:
        world = World(scaler(min_replicas=0))
        async with world.served() as port, keda(generated, port) as client:
            streamed = asyncio.create_task(client.ask("StreamIsActive", messages=3))
            await until_asked(world, 1)
            courses: list[dict[str, Any]] = [{"quality": "unfit"}, {}, {"quantiles": [[0.0] * 3] * 6}, {}]
            for minute, changes in enumerate(courses, start=2):
                now_ms = T_MS + minute * MINUTE_MS
                world.board.records[SERIES] = record(origin_ms=now_ms, expires_at_ms=now_ms + MINUTE_MS) | changes
                world.pass_to(now_ms)
                await until_asked(world, minute)
            answers = [await streamed, await client.hear(), await client.hear()]
            assert answers == [{"result": True}, {"result": False}, {"result": True}]

    asyncio.run(scenario())


async def until_asked(world: World, times: int) -> None:
    for _ in range(400):
        if sum(world.desk.counts().values()) >= times:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nobody asked")


def test_targets_are_not_pushed(generated: Path) -> None:
    async def scenario() -> None:
        async with World().served() as port, keda(generated, port) as client:
            assert (await client.ask("StreamMetricSpec", messages=1))["code"] == "UNIMPLEMENTED"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("name", "code", "details"),
    [
        ("nobody", "NOT_FOUND", "no scaler 'nobody'; there are shop, dry"),
        (None, "INVALID_ARGUMENT", "the trigger's metadata must name a scaler: scaler: NAME"),
    ],
)
def test_a_trigger_that_names_no_scaler_is_told_so(generated: Path, name: str | None, code: str, details: str) -> None:
    async def scenario() -> None:
        async with World(scaler(), scaler(name="dry")).served() as port, keda(generated, port) as client:
            for call in ("IsActive", "GetMetricSpec"):
                answer = await client.ask(call, name)
                assert (answer["code"], answer["details"]) == (code, details)
            answer = await client.ask("StreamIsActive", name, messages=1)
            assert answer["code"] == code

    asyncio.run(scenario())


def test_a_dry_run_has_a_metric_and_no_value(generated: Path) -> None:
    async def scenario() -> None:
        world = World(scaler(dry_run=True))
        async with world.served() as port, keda(generated, port) as client:
            answer = await client.ask("GetMetrics")
            assert (answer["code"], answer["reason"]) == ("FAILED_PRECONDITION", "dry_run")
            assert answer["details"] == "dry_run: shop is on a dry run: it would have said 4"
            assert "specs" in await client.ask("GetMetricSpec")

    asyncio.run(scenario())


def test_who_is_nobody_gets_nothing_and_a_team_sees_its_own(generated: Path) -> None:
    def scope_of(token: str | None, _name: str | None) -> Mapping[str, str] | None:
        return {"all": {}, "shop": {"service": "shop"}, "pay": {"service": "pay"}}.get(token or "")

    async def scenario() -> None:
        world = World()
        world.access = Access(scope_of)
        async with world.served() as port, keda(generated, port) as client:
            wrong: list[dict[str, Any]] = [{}, {"headers": {"authorization": "Bearer wrong"}}]
            for more in [*wrong, {"metadata": {"tokenFromEnv": ""}}]:
                for call in ("GetMetrics", "IsActive", "GetMetricSpec"):
                    assert (await client.ask(call, **more))["code"] == "UNAUTHENTICATED"
            assert "values" in await client.ask("GetMetrics", headers={"authorization": "Bearer all"})
            assert "values" in await client.ask("GetMetrics", metadata={"tokenFromEnv": "shop"})
            answer = await client.ask("GetMetrics", metadata={"tokenFromEnv": "pay"})
            assert (answer["code"], answer["details"]) == ("NOT_FOUND", "no scaler 'shop'; there is none")

    asyncio.run(scenario())


def test_whoever_is_taken_off_the_list_is_let_in_no_more(generated: Path) -> None:
    old, new = "an-old-token-of-somebody", "a-new-token-of-somebody"

    async def scenario() -> None:
        world, guest_list = World(), GuestList(parse_guests([f"{old} somebody"]))
        world.access = access_of(guest_list)
        async with world.served() as port, keda(generated, port) as client:
            assert "values" in await client.ask("GetMetrics", metadata={"tokenFromEnv": old})
            guest_list.guests = parse_guests([f"{new} somebody"])
            assert (await client.ask("GetMetrics", metadata={"tokenFromEnv": old}))["code"] == "UNAUTHENTICATED"
            assert "values" in await client.ask("GetMetrics", metadata={"tokenFromEnv": new})

    asyncio.run(scenario())


def test_a_port_that_is_taken_is_said_to_be(generated: Path) -> None:
    async def scenario() -> None:
        async with World().served() as port:
            with pytest.raises(PortTakenError, match=r"set serve\.grpc_port"):
                async with World().served(port):
                    raise AssertionError

    asyncio.run(scenario())
