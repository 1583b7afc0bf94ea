"""What a role waits for while its state is read again or a topic is missing; the rest is tested on a broker."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from streams.edge import health
from streams.edge.fatal import Fatal
from streams.edge.health import Health, RoleHealth
from streams.edge.standstill import Standstill
from streams.pipeline.figures import PipelineFigures
from streams.runtime.figures import PartitionView


@pytest.fixture(autouse=True)
def _joined(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("is_assigned", "is_recovered", "is_ready"):
        monkeypatch.setattr(health, name, lambda app: True)
    monkeypatch.setattr(health, "lag_of", lambda role: {})
    monkeypatch.setattr(health, "absent_topics", lambda app: app.absent)


@pytest.mark.parametrize("rebuilding", [(), (1,), (3, 1)])
def test_a_role_is_not_ready_while_its_state_is_rebuilt(rebuilding: tuple[int, ...]) -> None:
    figures = PipelineFigures(0, 0, None, 0, Counter(), 0, 0)
    views = [PartitionView(number, figures, 0.0, number in rebuilding) for number in (3, 1, 0)]
    app = SimpleNamespace(contact=SimpleNamespace(is_lost=False), rebalancing=False, absent=set())
    role: Any = SimpleNamespace(name="forecast", has_state=True, app=app, partitions=lambda: views)
    [said] = Health([RoleHealth(role, Standstill())], Fatal()).readiness().values()
    assert said["ready"] == (not rebuilding)
    if rebuilding:
        numbers = ", ".join(map(str, sorted(rebuilding)))
        assert said["waits_for"] == f"its state of partitions {numbers}, which is rebuilt from its log"


@pytest.mark.parametrize(
    ("absent", "waits_for"),
    [
        (set(), None),
        ({"telemetri"}, "topic 'telemetri', which the broker does not have"),
        ({"b", "a"}, "topics 'a', 'b', which the broker does not have"),
    ],
)
def test_a_role_is_not_ready_without_its_topics(absent: set[str], waits_for: str | None) -> None:
    app = SimpleNamespace(contact=SimpleNamespace(is_lost=False), rebalancing=False, absent=absent)
    role: Any = SimpleNamespace(name="ingest", has_state=False, app=app, partitions=lambda: ())
    [said] = Health([RoleHealth(role, Standstill())], Fatal()).readiness().values()
    assert (said["ready"], said["waits_for"]) == (waits_for is None, waits_for)
