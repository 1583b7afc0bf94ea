"""`forecast.params`: from a path in the configuration to the parameters that a pipeline runs with."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from models.forecast.params import DEFAULTS, Gains
from streams.cli.check import check
from streams.pipeline.config import PipelineConfig
from streams.settings.errors import Problem, SettingsError
from streams.settings.load import load_settings
from streams.settings.params_text import named_params, params_text

PARAMS = named_params(Gains(level_fast=0.4), {"last": 0.5})


@pytest.fixture
def fitted(tmp_path: Path) -> Path:
    path = tmp_path / "fleet.json"
    path.write_text(params_text(PARAMS, {}))
    return path


@pytest.fixture
def config(tmp_path: Path, fitted: Path) -> Path:
    path = tmp_path / "foreshock.yaml"
    path.write_text(f"sources: [{{topic: telemetry}}]\nforecast: {{horizon: 12, params: '{fitted}'}}\n")
    return path


def problems(path: Path, environ: dict[str, str]) -> list[Problem]:
    with pytest.raises(SettingsError) as caught:
        load_settings(path, environ)
    return caught.value.problems


def test_a_pipeline_runs_with_the_parameters_of_the_file(config: Path) -> None:
    made = PipelineConfig.from_settings(load_settings(config, {}))
    assert made.params == PARAMS
    assert made.model.endswith(f"+{PARAMS.name}")


def test_without_a_file_they_are_the_defaults(config: Path) -> None:
    config.write_text("sources: [{topic: telemetry}]\n")
    settings = load_settings(config, {})
    assert settings.forecast.params is None
    assert PipelineConfig.from_settings(settings).params == DEFAULTS


def test_the_environment_may_name_the_file(config: Path, fitted: Path, tmp_path: Path) -> None:
    other = tmp_path / "007"
    fitted.rename(other)
    settings = load_settings(config, {"FORESHOCK_FORECAST__PARAMS": str(other)})
    assert settings.forecast.params is not None
    assert settings.forecast.params.path == str(other)


def test_problems_of_the_file_have_its_name_and_the_key(config: Path, fitted: Path) -> None:
    fitted.write_text(fitted.read_text().replace('"level_fast": 0.4', '"level_fast": 4'))
    [problem] = problems(config, {})
    assert problem.path == "forecast.params"
    assert problem.message == f"{fitted}: gains.level_fast: must be a number above 0 and at most 1, got 4"


def test_a_file_that_is_not_there_is_told_with_the_variable_that_named_it(config: Path) -> None:
    [problem] = problems(config, {"FORESHOCK_FORECAST__PARAMS": "nowhere.json"})
    assert problem.message == (
        "can't be read: nowhere.json: No such file or directory (set by FORESHOCK_FORECAST__PARAMS)"
    )


def test_a_file_that_is_not_text_is_refused(config: Path, fitted: Path) -> None:
    fitted.write_bytes(b"\xff")
    [problem] = problems(config, {})
    assert problem.message == f"can't be read: {fitted}: is not UTF-8 text"


@pytest.mark.parametrize("value", ["5", "''", "{path: x}"])
def test_what_is_no_path_is_refused(config: Path, value: str) -> None:
    config.write_text(f"sources: [{{topic: telemetry}}]\nforecast: {{params: {value}}}\n")
    [problem] = problems(config, {})
    assert problem.path == "forecast.params"
    assert problem.message.startswith("must be the path of a parameter file, as text, got ")


def test_check_tells_of_the_parameters_and_prints_what_reads_back(config: Path, fitted: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(check, [str(config)])
    assert f"  with the parameters {PARAMS.name} of {fitted}\n" in result.output
    printed = tmp_path / "printed.yaml"
    printed.write_text(CliRunner().invoke(check, [str(config), "--print"]).output)
    assert load_settings(printed, {}) == load_settings(config, {})
    fitted.unlink()
    result = CliRunner().invoke(check, [str(config)])
    assert result.exit_code == 2
    assert "forecast.params: can't be read" in result.output
