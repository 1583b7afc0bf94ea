"""What the command says when it can't run."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from load.cli.backtest import backtest
from streams.cli.errors import UserError
from tests.load.backtest.helpers import recorded, run, samples

SOURCE = {"topic": "telemetry", "entity": ["host"]}


def refusal(tmp_path: Path, *options: str, settings: dict[str, Any] | None = None) -> str:
    recording = recorded(tmp_path / "r.parquet", samples(['cpu{host="a"}'], 60))
    with pytest.raises(UserError) as caught:
        run(recording, tmp_path / "out", *options, settings=settings)
    return str(caught.value)


def test_a_metric_that_is_not_there(tmp_path: Path) -> None:
    assert "--metrics" in refusal(tmp_path, "--metrics", "memory")


def test_a_horizon_that_does_not_fit(tmp_path: Path) -> None:
    assert "ask for a shorter --horizon" in refusal(tmp_path, "--horizon", "100")


def test_a_source_that_is_not_configured(tmp_path: Path) -> None:
    assert "its sources are telemetry" in refusal(tmp_path, "--source", "x", settings={"sources": [SOURCE]})


def test_records_without_the_deciles(tmp_path: Path) -> None:
    quantiles = {"sources": [SOURCE], "forecast": {"quantiles": [0.1, 0.5, 0.9]}}
    assert "lacks 0.2, 0.3" in refusal(tmp_path, "--records", settings=quantiles)


def test_deciles_are_added_where_no_records_are_asked_for(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "r.parquet", samples(['cpu{host="a"}'], 200))
    quantiles = {"sources": [SOURCE], "forecast": {"quantiles": [0.05, 0.5], "horizon": 12}}
    assert run(recording, tmp_path / "out", settings=quantiles)["errors"]["crps"] > 0


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    assert "can't be made" in refusal(tmp_path, "--horizon", "5", "--out", str(tmp_path / "taken" / "out"))


@pytest.mark.parametrize("step", ["5 apples", "50ms", "40d"])
def test_a_step_that_no_source_could_have(step: str) -> None:
    result = CliRunner().invoke(backtest, ["r.parquet", "--out", "o", "--step", step])
    assert result.exit_code == 2
    assert "--step" in result.output
