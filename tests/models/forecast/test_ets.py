"""The recursion against statsmodels (tests/golden), case by case."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.arrays import Floats
from models.forecast.ets import ets_step, phi_power, phi_sum

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[2] / "golden" / "ets.json").read_text())
CASES: list[dict[str, Any]] = GOLDEN["cases"]
PERIOD: int = GOLDEN["period"]


def _one(value: float) -> Floats:
    return np.array([value])


def _run(case: dict[str, Any], y: list[float]) -> dict[str, list[float]]:
    """States after each sample, one-step forecasts, and forecasts from the end."""
    level, trend = _one(case["initial_level"]), _one(case["initial_trend"])
    season = [_one(s) for s in case["initial_seasonal"]] or [_one(0.0)] * PERIOD
    run: dict[str, list[float]] = {"level": [], "trend": [], "season": [], "fitted": [], "forecast": []}
    for t, value in enumerate(y):
        phase = t % PERIOD
        run["fitted"].append(float((level + case["phi"] * trend + season[phase])[0]))
        level, trend, season[phase] = ets_step(
            level, trend, season[phase], _one(value), case["alpha"], case["beta"], case["gamma"], case["phi"]
        )
        for name, now in (("level", level), ("trend", trend), ("season", season[phase])):
            run[name].append(float(now[0]))
    for h in range(1, len(case["forecast"]) + 1):
        ahead = level + phi_sum(case["phi"], np.array([h])) * trend + season[(len(y) - 1 + h) % PERIOD]
        run["forecast"].append(float(ahead[0]))
    return run


def test_every_form_and_series_is_there() -> None:
    assert len(CASES) == 36
    assert {case["form"] for case in CASES} == {"ANN", "ANA", "AAdN fast", "AAdN slow", "AAdA fast", "AAdA slow"}
    assert {case["phi"] for case in CASES if case["trend"]} == {0.9, 0.98}
    # 40 samples: fitted and level in six forms, trend in four, season in three; 12 forecasts
    assert sum(len(case[name]) for case in CASES for name in ("fitted", "level", "trend", "season")) == 6 * 19 * 40
    assert sum(len(case["forecast"]) for case in CASES) == 36 * 12


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['form']}-{case['series']}")
def test_states_and_forecasts_agree(case: dict[str, Any]) -> None:
    y = GOLDEN["series"][case["series"]]
    run = _run(case, y)
    negligible = 1e-12 * float(np.mean(np.abs(y)))
    for name, ours in run.items():
        if case[name]:
            np.testing.assert_allclose(ours, case[name], rtol=1e-9, atol=negligible, err_msg=name)


@pytest.mark.parametrize("phi", [0.9, 0.98])
def test_powers_of_the_damping_are_those_multiplied_out(phi: float) -> None:
    powers = [1.0]
    for _ in range(3000):
        powers.append(powers[-1] * phi)
    sums = np.concatenate([[0.0], np.cumsum(powers[1:])])
    steps = np.arange(3001)
    # Past 2048 steps the last entry is read: what is left of the power is less than 1e-17.
    np.testing.assert_allclose(phi_power(phi, steps), powers, rtol=1e-12, atol=1e-17)
    np.testing.assert_allclose(phi_sum(phi, steps), sums, rtol=1e-12)
    assert (phi_power(phi, np.array([0])).item(), phi_sum(phi, np.array([0])).item()) == (1.0, 0.0)
