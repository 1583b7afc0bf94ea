"""Loading: defaults, the environment over the file, secrets from files."""

from pathlib import Path

import pytest

from streams.settings.errors import Problem, SettingsError
from streams.settings.load import load_settings
from streams.settings.model import Settings

FILE = """\
broker: {bootstrap_servers: "file:9092"}
sources:
  - topic: telemetry
    entity: [host]
  - topic: more
"""
SASL = """\
broker: {security_protocol: SASL_PLAINTEXT, sasl_mechanism: PLAIN, username: me%s}
sources: [{topic: telemetry}]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "foreshock.yaml"
    path.write_text(FILE)
    return path


def problems(path: Path | None, environ: dict[str, str]) -> list[Problem]:
    with pytest.raises(SettingsError) as caught:
        load_settings(path, environ)
    return caught.value.problems


def test_everything_but_sources_has_a_default(file: Path) -> None:
    settings = load_settings(file, {})
    assert settings.broker.bootstrap_servers == ("file:9092",)
    assert settings.broker.session_timeout_ms == 30_000
    assert settings.topics.partitions == 8
    assert settings.topics.samples == "foreshock.samples"
    assert settings.topics.forecasts == "foreshock.forecasts"
    assert settings.topics.capacity == "foreshock.capacity"
    assert settings.topics.failures == "foreshock.failures"
    assert settings.topics.rejects == "foreshock.rejects"
    assert settings.topics.state == "foreshock-forecast-state-changelog"
    assert settings.sources[1].step_ms is None
    assert settings.forecast.quantiles == (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    assert settings.capacity == ()
    assert settings.limits.timestamp_min_ms == 946_684_800_000
    assert settings.limits.evict_after_ms == 604_800_000
    assert settings.worker.log_format == "console"


def test_what_is_written_in_full_reads_back(file: Path) -> None:
    settings = load_settings(file, {})
    assert Settings.model_validate(settings.model_dump(mode="json", by_alias=True)) == settings


def test_environment_goes_over_the_file(file: Path) -> None:
    environ = {
        "FORESHOCK_BROKER__BOOTSTRAP_SERVERS": "a:1,b:2",
        "FORESHOCK_SOURCES__0__STEP": "1m",
        "FORESHOCK_SOURCES__0__ENTITY": "[pod, namespace]",
        "FORESHOCK_SOURCES__1__COUNTERS": "*_bytes",
        "FORESHOCK_SOURCES__2": "{topic: third}",
        "FORESHOCK_SOURCES__2__CODEC": "json",
        "FORESHOCK_FORECAST__QUANTILES": "[0.5]",
        "FORESHOCK_FAILURES__0__NAME": "errors",
        "FORESHOCK_FAILURES__0__METRIC": "error_rate",
        "FORESHOCK_FAILURES__0__ABOVE": "0.05",
        "FORESHOCK_FAILURES__0__FOR": "300",
        "FORESHOCK_FAILURES__0__WITHIN": "1h",
        "FORESHOCK_CONFIG": "elsewhere.yaml",
        "FORESHOCK_TEST_BROKER": "c:3",
        "HOME": "/",
    }
    settings = load_settings(file, environ)
    assert settings.broker.bootstrap_servers == ("a:1", "b:2")
    assert settings.sources[0].step_ms == 60_000
    assert settings.sources[0].entity == ("pod", "namespace")
    assert settings.sources[1].counters == ("*_bytes",)
    assert (settings.sources[2].topic, settings.sources[2].codec) == ("third", "json")
    assert settings.forecast.quantiles == (0.5,)
    assert settings.failures[0].for_ms == 300_000


def test_environment_alone_is_enough() -> None:
    assert load_settings(None, {"FORESHOCK_SOURCES__0__TOPIC": "telemetry"}).sources[0].topic == "telemetry"


@pytest.mark.parametrize(("port", "taken"), [("null", None), ("0", 0), ("9500", 9500)])
def test_each_worker_of_a_machine_may_have_its_own_name_and_port(file: Path, port: str, taken: int | None) -> None:
    """Though the name may be a number, and Kubernetes has variables that end in _PORT."""
    worker = load_settings(file, {"FORESHOCK_WORKER__INSTANCE_ID": "7", "FORESHOCK_WORKER__METRICS__PORT": port}).worker
    assert (worker.instance_id, worker.metrics.port) == ("7", taken)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("FORESHOCK_BROKER__BOOTSTRAP_SERVER", "a:1", "did you mean FORESHOCK_BROKER__BOOTSTRAP_SERVERS?"),
        ("FORESHOCK_BROKER_BOOTSTRAP_SERVERS", "a:1", "did you mean FORESHOCK_BROKER__BOOTSTRAP_SERVERS?"),
        ("FORESHOCK_SOURCES__7__STP", "1m", "did you mean FORESHOCK_SOURCES__0__STEP?"),
        ("FORESHOCK_", "1", "names no setting"),
        ("FORESHOCK_QQQQQQ", "1", "names no setting"),
        ("FORESHOCK_TOPICS__SAMPLES", "1", "names no setting"),
        ("FORESHOCK_SOURCES__5__STEP", "1m", "sets item 5 of a list of 2: items are counted from 0, without gaps"),
        ("FORESHOCK_FORECAST__QUANTILES", "[0.5", "expected ',' or ']'"),
    ],
)
def test_refuses_variables(file: Path, variable: str, value: str, message: str) -> None:
    [problem] = problems(file, {variable: value})
    assert problem.path == variable
    assert message in problem.message


def test_a_wrong_value_from_the_environment_names_its_variable(file: Path) -> None:
    [problem] = problems(file, {"FORESHOCK_FORECAST__HORIZON": "0"})
    assert problem.path == "forecast.horizon"
    assert problem.message == "must be at least 1, got 0 (set by FORESHOCK_FORECAST__HORIZON)"


def test_kubernetes_service_variables_are_not_ours(file: Path) -> None:
    address = "tcp://10.0.0.1:8080"
    environ = {
        "FORESHOCK_SERVICE_HOST": "10.0.0.1",
        "FORESHOCK_SERVICE_PORT_HTTP": "8080",
        "FORESHOCK_PORT": address,
        "FORESHOCK_PORT_8080_TCP": address,
        "FORESHOCK_SERVE_PORT_8080_TCP_ADDR": "10.0.0.1",
    }
    assert load_settings(file, environ) == load_settings(file, {})


def test_items_that_share_an_anchor_are_set_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "foreshock.yaml"
    file.write_text("capacity:\n- &a {name: x, metric: m, limit: {value: 1}}\n- *a\nsources: [{topic: t}]")
    settings = load_settings(file, {"FORESHOCK_CAPACITY__1__NAME": "y"})
    assert [rule.name for rule in settings.capacity] == ["x", "y"]


def test_problems_of_file_and_environment_come_together(tmp_path: Path) -> None:
    file = tmp_path / "foreshock.yaml"
    file.write_text("broker: [\n")
    assert len(problems(file, {"FORESHOCK_BROKR": "1"})) == 2
    file.write_text("worker: 5\nworker: 5\n")
    assert [problem.path for problem in problems(file, {"FORESHOCK_BROKR": "1"})] == [
        "line 2, column 1",
        "FORESHOCK_BROKR",
        "sources",
        "worker",
    ]


def test_the_error_names_the_file(file: Path) -> None:
    with pytest.raises(SettingsError, match=r"foreshock\.yaml: forecast\.horizon: must be at least 1"):
        load_settings(file, {"FORESHOCK_FORECAST__HORIZON": "0"})


@pytest.mark.parametrize("text", ["0123", "0123\n", "0123\r\n"])
def test_the_password_comes_from_its_file(tmp_path: Path, text: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text(text)
    file = tmp_path / "foreshock.yaml"
    file.write_text(SASL % f", password_file: {secret}")
    settings = load_settings(file, {})
    assert settings.broker.password is not None
    assert settings.broker.password.get_secret_value() == "0123"


def test_the_password_comes_from_the_environment_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "foreshock.yaml"
    file.write_text(SASL % "")
    settings = load_settings(file, {"FORESHOCK_BROKER__PASSWORD": "*0123: #"})
    assert settings.broker.password is not None
    assert settings.broker.password.get_secret_value() == "*0123: #"
    for shown in (repr(settings), str(settings.model_dump()), settings.model_dump_json()):
        assert "0123" not in shown


def test_a_password_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "foreshock.yaml"
    file.write_text(SASL % f", password_file: {tmp_path}/missing")
    [problem] = problems(file, {})
    assert problem.path == "broker.password_file"
    assert problem.message == f"can't be read: {tmp_path}/missing: No such file or directory"
