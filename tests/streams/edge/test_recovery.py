"""A part of a recovery that takes too long: Faust takes it for the end of the service, and never recovers again."""

import asyncio
from typing import Any, cast

import pytest
from faust.tables.recovery import RebalanceAgain, Recovery, ServiceStopped

from streams.edge.app import build_app
from streams.edge.limits import TransportLimits
from streams.edge.recovery import ATTEMPTS_MAX, PatientRecovery
from tests.integration.counting import settings_of

TOO_LONG_S = 60.0
AT_MOST_S = 0.01
IN_TIME_S = 10.0


def recovery_of_an_app() -> PatientRecovery:
    app = build_app(settings_of("127.0.0.1:1", "prefix", "source"), "ingest", TransportLimits())
    recovery = cast(Any, app.tables).recovery
    assert isinstance(recovery, PatientRecovery)
    recovery.recovery_delay = 0.0
    return recovery


def test_what_takes_too_long_begins_anew() -> None:
    async def wait() -> None:
        recovery = recovery_of_an_app()
        with pytest.raises(RebalanceAgain):
            await recovery._wait(asyncio.sleep(TOO_LONG_S), AT_MOST_S)
        assert recovery.signal_recovery_start.is_set()

    asyncio.run(wait())


def test_patience_ends_and_begins_again_with_another_generation() -> None:
    async def wait() -> None:
        recovery = recovery_of_an_app()
        recovery._generation_id = 7
        for expected in [*[RebalanceAgain] * ATTEMPTS_MAX, ServiceStopped, ServiceStopped]:
            recovery.signal_recovery_start.clear()
            with pytest.raises(expected):
                await recovery._wait(asyncio.sleep(TOO_LONG_S), AT_MOST_S)
        recovery._generation_id = 8
        recovery.signal_recovery_start.clear()
        with pytest.raises(RebalanceAgain):
            await recovery._wait(asyncio.sleep(TOO_LONG_S), AT_MOST_S)

    asyncio.run(wait())


def test_stock_faust_takes_it_for_a_stop() -> None:
    async def wait() -> None:
        patient = recovery_of_an_app()
        stock = Recovery(patient.app, patient.tables)
        with pytest.raises(ServiceStopped):
            await stock._wait(asyncio.sleep(TOO_LONG_S), AT_MOST_S)

    asyncio.run(wait())


def test_a_stop_is_a_stop() -> None:
    async def wait() -> None:
        recovery = recovery_of_an_app()
        recovery._stopped.set()
        with pytest.raises(ServiceStopped):
            await recovery._wait(asyncio.sleep(TOO_LONG_S), AT_MOST_S)

    asyncio.run(wait())


def test_the_loop_of_recoveries_goes_on_after_one_that_took_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> list[int]:
        recovery = recovery_of_an_app()
        tried: list[int] = []
        done = asyncio.Event()

        async def resume(generation_id: int = 0) -> None:
            tried.append(generation_id)
            if len(tried) == 1:
                await recovery._wait(asyncio.sleep(TOO_LONG_S), AT_MOST_S)
            done.set()

        monkeypatch.setattr(recovery, "_resume_streams", resume)
        recovery._generation_id = 7
        recovery.signal_recovery_start.set()
        loop = asyncio.ensure_future(cast(Any, recovery._restart_recovery).fun(recovery))
        try:
            await asyncio.wait_for(done.wait(), IN_TIME_S)
        finally:
            loop.cancel()
        return tried

    assert asyncio.run(run()) == [7, 7]
