"""The report: rates since the last line, lag over all partitions, age of the oldest checkpoint."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from streams.edge import reporting, watchdog
from streams.edge.reporting import progress_of, report
from streams.edge.roles import RoleName
from streams.runtime.cursor import Cursor
from streams.runtime.log import Place


class FakeRole:
    """A role that reads two partitions."""

    name = RoleName.FORECAST
    app: Any = None

    def __init__(self) -> None:
        self.cursor = Cursor()
        self.cursor.start({Place("samples", 0): 5, Place("samples", 1): 9})
        self.totals = Counter(records=10)

    def oldest_checkpoint_s(self) -> float | None:
        return 12.34


@pytest.fixture
def role(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(reporting, "is_ready", lambda app: True)
    monkeypatch.setattr(watchdog, "log_ends", lambda app: {Place("samples", 0): 8, Place("samples", 1): 9})
    return FakeRole()


def test_progress_has_totals_lag_and_age(role: Any) -> None:
    assert progress_of(role) == {"records": 10, "partitions": 2, "lag": 3, "checkpoint_age_s": 12.3}


def test_an_end_that_is_not_known_is_no_lag(role: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "log_ends", lambda app: {})
    assert progress_of(role)["lag"] == 0


def test_rates_are_of_the_time_since_the_last_line(role: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[dict[str, Any]] = []

    class Log:
        def info(self, event: str, **fields: Any) -> None:
            lines.append(fields)

    async def check() -> None:
        monkeypatch.setattr(reporting, "log", Log())
        reporting_on = asyncio.create_task(report(role, interval_s=0.05))
        await asyncio.sleep(0)
        role.totals["records"] += 100
        while len(lines) < 2:
            await asyncio.sleep(0.01)
        reporting_on.cancel()

    asyncio.run(check())
    assert lines[0]["records_per_s"] == pytest.approx(2000, rel=0.5)
    assert "records_per_s" not in lines[1]
