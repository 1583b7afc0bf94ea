"""What a role waits for while its damaged state is read again; the rest is tested on a broker."""

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


@pytest.mark.parametrize("rebuilding", [(), (1,), (3, 1)])
def test_a_role_is_not_ready_while_its_state_is_rebuilt(
    monkeypatch: pytest.MonkeyPatch, rebuilding: tuple[int, ...]
) -> None:
    for name in ("is_assigned", "is_recovered", "is_ready"):
        monkeypatch.setattr(health, name, lambda app: True)
    monkeypatch.setattr(health, "lag_of", lambda role: {})
    figures = PipelineFigures(0, 0, None, 0, Counter(), 0, 0)
    views = [PartitionView(number, figures, 0.0, number in rebuilding) for number in (3, 1, 0)]
    app = SimpleNamespace(contact=SimpleNamespace(is_lost=False), rebalancing=False)
    role: Any = SimpleNamespace(name="forecast", has_state=True, app=app, partitions=lambda: views)
    [said] = Health([RoleHealth(role, Standstill())], Fatal()).readiness().values()
    assert said["ready"] == (not rebuilding)
    if rebuilding:
        numbers = ", ".join(map(str, sorted(rebuilding)))
        assert said["waits_for"] == f"its state of partitions {numbers}, which is rebuilt from its log"
