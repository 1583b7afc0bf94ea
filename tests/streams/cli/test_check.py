"""The verb `check`."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from streams.cli.check import check
from streams.settings.load import load_settings

GOOD = """\
broker: {security_protocol: SASL_PLAINTEXT, sasl_mechanism: PLAIN, username: me, password: hunter2}
sources:
  - {topic: telemetry, codec: json, step: 1m, aggregate: max}
  - {topic: other, entity: [], timezone: Europe/Berlin}
calendar:
  - {name: sale, dates: [2027-11-26, 2026-11-27]}
  - {name: new-year, dates: [2027-01-01]}
  - {name: month-begin, first_days_of_month: 1}
  - {name: month-end, last_days_of_month: 2}
capacity:
  - {name: disk, metric: disk_used, labels: {env: prod}, limit: {value: 90}}
  - {name: memory, metric: memory_free, limit: {metric: memory_low}, direction: down}
failures:
  - {name: errors, metric: error_rate, above: 0.05, for: 5m, within: 1h}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "foreshock.yaml"
    path.write_text(GOOD)
    return path


def test_a_good_configuration_is_put_in_words(config: Path) -> None:
    result = CliRunner().invoke(check, [str(config)])
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "broker: 127.0.0.1:9092 (SASL_PLAINTEXT)",
        "sources:",
        "  telemetry: json messages; entities by host; steps of 1m; max of each step; days of UTC",
        (
            "  other: auto-detected messages; entities by all labels; steps inferred; first sample of a step counts; "
            "days of Europe/Berlin"
        ),
        "topics (8 partitions, replication factor 1):",
        "  foreshock.events: all records for 7d, on one partition",
        "  foreshock.samples: all records for 7d",
        "  foreshock.forecasts: the newest of each key for 7d",
        "  foreshock.capacity: the newest of each key for 7d",
        "  foreshock.failures: the newest of each key for 7d",
        "  foreshock.anomalies: the newest of each key for 7d",
        "  foreshock.incidents: the newest of each key for 7d",
        "  foreshock.quality: the newest of each key for 7d",
        "  foreshock.rejects: all records for 7d",
        "  foreshock.signals: all records for 7d",
        "  foreshock-forecast-state-changelog: the newest of each key",
        "  foreshock-correlate-state-changelog: the newest of each key",
        "forecasts: 48 steps ahead, every 12 steps, at quantiles 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9",
        "calendar:",
        "  sale: 2 days, 2026-11-27 to 2027-11-26",
        "  new-year: 1 day, 2027-01-01 to 2027-01-01",
        "  month-begin: the first 1 day of every month",
        "  month-end: the last 2 days of every month",
        "capacity rules:",
        '  disk: when disk_used{env="prod"} reaches 90',
        "  memory: when memory_free falls to its entity's memory_low",
        "failure rules:",
        "  errors: how likely error_rate is above 0.05 for 5m within the next 1h",
        "incidents: entities are compared within one fleet; 4 a day may open for no reason",
    ]


def test_every_problem_is_printed_on_a_line_of_its_own(config: Path) -> None:
    config.write_text("sources: [{topic: t, step: '[bold]x'}]\nforecast: {horizon: 0}\nbrokr: {}\n")
    result = CliRunner().invoke(check, [str(config)])
    assert result.exit_code == 2
    assert result.output.splitlines() == [
        f"{config}: sources[0].step: is not a duration: '[bold]x'; write it as 500ms, 10s, 5m, 1h30m or 7d",
        f"{config}: forecast.horizon: must be at least 1, got 0",
        f"{config}: brokr: unknown key 'brokr'; did you mean 'broker'?",
        "3 problems",
    ]


def test_the_environment_counts(config: Path) -> None:
    result = CliRunner(env={"FORESHOCK_FORECAST__HORIZON": "0"}).invoke(check, [str(config)])
    assert result.exit_code == 2
    assert "(set by FORESHOCK_FORECAST__HORIZON)\n1 problem\n" in result.output


def test_print_gives_a_configuration_without_its_secrets(config: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(check, [str(config), "--print"])
    assert result.exit_code == 0
    assert "hunter2" not in result.output
    assert yaml.safe_load(result.output)["sources"][0]["step"] == "1m"
    printed = tmp_path / "printed.yaml"
    printed.write_text(result.output)
    password = {"FORESHOCK_BROKER__PASSWORD": "hunter2"}
    assert load_settings(printed, password) == load_settings(config, {})


def test_the_files_that_are_read_later_are_looked_at(config: Path, tmp_path: Path) -> None:
    config.write_text(
        f"{GOOD}serve: {{tokens_file: tokens}}\nremote_write: {{token_file: secret}}\n"
        "alerting: {alertmanagers: [{url: 'http://a:1', token_file: am}], webhooks: [{url: 'http://b:1'}]}\n"
    )
    (tmp_path / "am").write_text("token")
    result = CliRunner().invoke(check, [str(config)])
    assert result.exit_code == 2
    assert result.output.splitlines() == [
        f"{config}: serve.tokens_file: can't be read: {tmp_path}/tokens: No such file or directory",
        f"{config}: remote_write.token_file: can't be read: {tmp_path}/secret: No such file or directory",
        "2 problems",
    ]


def test_contradictions_are_warned_of(config: Path) -> None:
    config.write_text(f"{GOOD}incidents: {{quiet: 5h, life: 4h}}\n")
    result = CliRunner().invoke(check, [str(config)])
    assert result.exit_code == 0
    assert result.stderr == (
        "warning: incidents.quiet: 5h is longer than life, 4h: every incident ends by that, and none by quiet\n"
    )


@pytest.mark.parametrize("by", ["argument", "option", "environment"])
def test_the_configuration_is_named_as_elsewhere(config: Path, by: str) -> None:
    arguments = {"argument": [str(config)], "option": ["--config", str(config)], "environment": []}[by]
    environ = {"FORESHOCK_CONFIG": str(config) if by == "environment" else None}
    assert CliRunner(env=environ).invoke(check, arguments).exit_code == 0


def test_no_configuration() -> None:
    result = CliRunner(env={"FORESHOCK_CONFIG": None}).invoke(check, [])
    assert result.exit_code == 2
    assert "give --config FILE or set FORESHOCK_CONFIG" in result.output
