"""The trials, at their short size."""

import pytest

from load.chaos.registry import TRIALS
from load.chaos.trials import series_flood
from load.chaos.world import ScenarioFailedError


@pytest.mark.parametrize("name", TRIALS)
def test_what_must_hold_holds(name: str) -> None:
    said: list[str] = []
    TRIALS[name].run(TRIALS[name].short, said.append)
    assert said


def test_a_flood_that_floods_nothing_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series_flood, "OVERFULL", 0.1)
    with pytest.raises(ScenarioFailedError, match="nothing was refused"):
        TRIALS["series-flood"].run(10, lambda _: None)
