"""The recursion against statsmodels (tests/golden), case by case."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from models.forecast.ets import PHI, ets_step, phi_power, phi_sum

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[2] / "golden" / "ets.json").read_text())
CASES: list[dict[str, Any]] = GOLDEN["cases"]
PERIOD: int = GOLDEN["period"]

Floats = npt.NDArray[np.float64]


def _one(value: float) -> Floats:
    return np.array([value])


def _run(case: dict[str, Any], y: list[float]) -> dict[str, list[float]]:
    """States after each sample, one-step forecasts, and forecasts from the end."""
    level, trend = _one(case["initial_level"]), _one(case["initial_trend"])
    season = [_one(s) for s in case["initial_seasonal"]] or [_one(0.0)] * PERIOD
    run: dict[str, list[float]] = {"level": [], "trend": [], "season": [], "fitted": [], "forecast": []}
    for t, value in enumerate(y):
        phase = t % PERIOD
        run["fitted"].append(float((level + PHI * trend + season[phase])[0]))
        level, trend, season[phase] = ets_step(
            level, trend, season[phase], _one(value), case["alpha"], case["beta"], case["gamma"]
        )
        for name, now in (("level", level), ("trend", trend), ("season", season[phase])):
            run[name].append(float(now[0]))
    for h in range(1, len(case["forecast"]) + 1):
        ahead = level + phi_sum(np.array([h])) * trend + season[(len(y) - 1 + h) % PERIOD]
        run["forecast"].append(float(ahead[0]))
    return run


def test_every_form_and_series_is_there() -> None:
    assert len(CASES) == 24
    assert {case["form"] for case in CASES} == {"ANN", "AAdN", "ANA", "AAdA"}
    # 40 samples: fitted and level always, trend in two forms, season in two; 12 forecasts
    assert sum(len(case[name]) for case in CASES for name in ("fitted", "level", "trend", "season")) == 6 * 480
    assert sum(len(case["forecast"]) for case in CASES) == 24 * 12


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['form']}-{case['series']}")
def test_states_and_forecasts_agree(case: dict[str, Any]) -> None:
    y = GOLDEN["series"][case["series"]]
    run = _run(case, y)
    negligible = 1e-12 * float(np.mean(np.abs(y)))
    for name, ours in run.items():
        if case[name]:
            np.testing.assert_allclose(ours, case[name], rtol=1e-9, atol=negligible, err_msg=name)


def test_powers_of_the_damping_are_those_multiplied_out() -> None:
    power, total = 1.0, 0.0
    for h in range(1, 700):
        power *= PHI
        total += power
        np.testing.assert_allclose(phi_power(np.array([h])), power, rtol=1e-12, atol=1e-20)
        np.testing.assert_allclose(phi_sum(np.array([h])), total, rtol=1e-12)
    assert phi_power(np.array([0])).tolist() == [1.0]
    assert phi_sum(np.array([0])).tolist() == [0.0]
