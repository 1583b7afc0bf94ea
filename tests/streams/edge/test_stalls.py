"""What is found to have stalled, and when; the rest is tested on a broker that is hurt."""

from types import SimpleNamespace
from typing import Any

import pytest

from streams.edge import stalls
from streams.edge.stalls import GroupLostError, StalledError, _Finder
from streams.edge.standstill import Standstill
from streams.runtime.figures import RestoreFigures
from streams.runtime.log import Place
from streams.runtime.stalls import Reading

TIMEOUT_MS = 60_000
TIMEOUT_S = TIMEOUT_MS / 1000
SAMPLES = Place("samples", 2)


class FakeRole:
    """A role that is ready, hears from its group, and stands at an offset."""

    def __init__(self) -> None:
        self.is_ready, self.silence_s, self.restored_records, self.offset = True, 0.0, 0, 5
        contact = SimpleNamespace(silence_s=lambda: self.silence_s)
        self.app = SimpleNamespace(contact=contact, conf=SimpleNamespace(id="p-forecast"), rebalancing_count=1)
        self.cursor = SimpleNamespace(positions=lambda: {SAMPLES: self.offset}, taken=0)

    def restored(self) -> RestoreFigures:
        return RestoreFigures(records=self.restored_records)


@pytest.fixture
def role(monkeypatch: pytest.MonkeyPatch) -> FakeRole:
    role = FakeRole()
    monkeypatch.setattr(stalls, "is_ready", lambda app: role.is_ready)
    monkeypatch.setattr(stalls, "reading_of", lambda one: Reading({SAMPLES: 9}))
    monkeypatch.setattr(stalls, "lag_of", lambda one: {SAMPLES: 9 - role.offset})
    return role


def finder(role: Any) -> _Finder:
    return _Finder(role, Standstill(), TIMEOUT_MS)


def test_a_partition_that_stands_still_for_the_whole_time(role: FakeRole) -> None:
    found = finder(role)
    assert [found.look(now_s) for now_s in (0.0, 1.0, TIMEOUT_S)] == [None] * 3
    stall = found.look(1.0 + TIMEOUT_S)
    assert isinstance(stall, StalledError)
    assert "nothing was taken for 1m (worker.stall_timeout) of samples[2] (4 records to read)" in str(stall)


def test_a_partition_that_moves_in_between(role: FakeRole) -> None:
    found = finder(role)
    for now_s in range(0, 200, 10):
        role.offset += now_s % 50 == 0
        assert found.look(float(now_s)) is None


def test_a_restore_without_progress(role: FakeRole) -> None:
    role.is_ready, found = False, finder(role)
    for now_s in range(0, 300, 30):
        role.restored_records += 1
        assert found.look(float(now_s)) is None
    assert found.look(270.0 + TIMEOUT_S - 1) is None
    stall = found.look(270.0 + TIMEOUT_S)
    assert isinstance(stall, StalledError)
    assert "neither joined nor recovered" in str(stall)
    assert "changelog records read: 10" in str(stall)


def test_a_silent_coordinator_whatever_else_is_the_matter(role: FakeRole) -> None:
    role.silence_s, role.is_ready = TIMEOUT_S, False
    assert isinstance(finder(role).look(0.0), GroupLostError)
