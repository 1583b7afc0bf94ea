"""`foreshock fit`: a file that a backtest runs with, and what is said of it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from click.testing import CliRunner, Result

from load.cli.fit import fit
from load.fit.errors import FitError
from load.recordings.table import matrix_table
from models.forecast.bank import ForecastBank
from models.forecast.params import DEFAULTS
from streams.series import parse_series
from streams.settings.params_text import parse_params
from tests.load.backtest.helpers import MINUTE_MS, START_MS, recorded, run, samples

NAMES = [f'cpu{{host="{place}"}}' for place in range(6)]


def called(*arguments: str) -> Result:
    return CliRunner().invoke(fit, [*arguments, "--jobs", "1"], catch_exceptions=False)


def document(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text())
    return read


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("fit") / "fleet.parquet", samples(NAMES, 420))


@pytest.fixture(scope="module")
def fitted(recording: Path) -> tuple[Path, Result]:
    out = recording.with_name("fleet.json")
    return out, called(str(recording), "--out", str(out), "--horizon", "12", "--seed", "7")


def test_the_file_can_be_used_and_says_how_it_was_made(fitted: tuple[Path, Result]) -> None:
    out, _ = fitted
    params, problems = parse_params(out.read_text())
    assert not problems
    assert params is not None
    assert params.gains.level_slow == DEFAULTS.gains.level_slow
    assert params.loss_ratio.keys() == set(ForecastBank(12, np.array([0.5])).expert_names)
    made = document(out)["made"]
    assert 0.3 < made["likeliest"]["level_fast"] <= 1.0
    assert (made["seed"], made["horizon"], made["series_by_gain"]["level_fast"]) == (7, 12, 6)
    [share] = made["recordings"]
    assert (share["name"], share["series"], share["samples"], share["step"]) == ("fleet.parquet", 6, 2_520, "1m")
    assert share["held_out"]["relative_loss"] == pytest.approx(made["relative_loss"])
    assert 0.0 < share["held_out"]["crps_fitted"] < 2 * share["held_out"]["crps_defaults"]
    assert made["shapes"] == {}
    assert str(out.parent) not in out.read_text()


def test_the_exit_code_says_whether_it_is_better(fitted: tuple[Path, Result]) -> None:
    out, result = fitted
    better = document(out)["made"]["relative_loss"] < 1.0
    assert result.exit_code == (0 if better else 1)
    assert ("NOT better than the defaults" in result.output) != better
    assert f"{document(out)['name']} in {out}" in result.output


def test_the_same_call_gives_the_same_file(recording: Path, fitted: tuple[Path, Result], tmp_path: Path) -> None:
    again = tmp_path / "again.json"
    called(str(recording), "--out", str(again), "--horizon", "12", "--seed", "7")
    assert again.read_bytes() == fitted[0].read_bytes()


def test_a_backtest_and_its_records_name_the_fitted_parameters(
    recording: Path, fitted: tuple[Path, Result], tmp_path: Path
) -> None:
    out, _ = fitted
    settings = {"sources": [{"topic": "telemetry", "entity": []}], "forecast": {"horizon": 12, "params": str(out)}}
    summary = run(recording, tmp_path / "results", "--records", settings=settings)
    assert summary["model"].endswith(f"+{document(out)['name']}")
    lines = (tmp_path / "results" / "records.jsonl").read_bytes().splitlines()
    forecasts = [line["value"] for line in map(orjson.loads, lines) if line["topic"].endswith(".forecasts")]
    models = {orjson.loads(value)["model"] for value in forecasts}
    assert models == {summary["model"]}


def test_shapes_of_a_day_are_written_and_told(tmp_path: Path) -> None:
    """Eight days of half hours: a day in common, of series of several sizes."""
    rng, step = np.random.default_rng(1), np.arange(8 * 48)
    day = 50 + 40 * np.sin(2 * np.pi * step / 48)
    values = day[:, None] * np.array([1, 2, 5, 10, 100, 1000]) * rng.lognormal(0, 0.05, (len(step), 6))
    table = matrix_table([parse_series(name) for name in NAMES], START_MS + 30 * MINUTE_MS * step, values)
    out = tmp_path / "day.json"
    result = called(str(recorded(tmp_path / "day.parquet", table)), "--out", str(out), "--horizon", "8")
    params, _ = parse_params(out.read_text())
    assert params is not None
    assert list(params.shapes) == ["cpu"]
    made = document(out)["made"]
    assert made["shapes"]["cpu"]["taken"] is True
    assert made["shapes"]["cpu"]["series"] == 6
    assert made["relative_loss_young"] == made["recordings"][0]["held_out"]["relative_loss_young"] < 0.9
    assert f"cpu of 6 series: {made['shapes']['cpu']['relative_loss_young']:.3f}, taken" in result.output
    assert "of the loss under a day of age" in result.output


def test_recordings_are_pooled(recording: Path, tmp_path: Path) -> None:
    """Two recordings of three series tell of a gain that neither tells of alone."""
    halves = [recorded(tmp_path / f"{n}.parquet", samples(NAMES[:3], 420, seed=n)) for n in (1, 2)]
    out = tmp_path / "both.json"
    called(*map(str, halves), "--out", str(out), "--horizon", "12")
    made = document(out)["made"]
    assert [share["name"] for share in made["recordings"]] == ["1.parquet", "2.parquet"]
    assert made["series_by_gain"]["level_fast"] == 6
    relative = [share["held_out"]["relative_loss"] for share in made["recordings"]]
    assert made["relative_loss"] == pytest.approx(float(np.sqrt(relative[0] * relative[1])))


def test_what_is_held_out_is_not_fitted_to(tmp_path: Path) -> None:
    """Six windows of 12 minutes fit into the last fifth of 419 minutes: what comes after minute 347 is held out."""
    rng = np.random.default_rng(3)
    times = START_MS + MINUTE_MS * np.arange(420)
    known = 50 + np.cumsum(rng.normal(size=(420, 6)), axis=0)
    other = np.where(np.arange(420)[:, None] < 348, known, rng.normal(0, 100, (420, 6)))
    figures = []
    for name, values in (("known", known), ("other", other)):
        table = matrix_table([parse_series(series) for series in NAMES], times, values)
        called(str(recorded(tmp_path / f"{name}.parquet", table)), "--out", str(tmp_path / name), "--horizon", "12")
        figures.append(document(tmp_path / name))
    assert figures[0]["name"] == figures[1]["name"]
    assert figures[0]["made"]["relative_loss"] != figures[1]["made"]["relative_loss"]


def test_a_folder_that_is_not_there_is_told_first(recording: Path, tmp_path: Path) -> None:
    with pytest.raises(FitError, match="there is no folder"):
        called(str(recording), "--out", str(tmp_path / "nowhere" / "x.json"))


def test_a_horizon_that_nothing_was_compared_at_is_told(recording: Path, tmp_path: Path) -> None:
    with pytest.raises(FitError, match="no forecast could be compared"):
        called(str(recording), "--out", str(tmp_path / "x.json"), "--horizon", "200")
