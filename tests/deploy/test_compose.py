"""The composition: valid by Compose's own schema, reached from this machine alone; what it names is right."""

import os
import re
import stat
import subprocess
import tomllib
from functools import cache
from importlib.metadata import entry_points
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from load.brokers.distribution import Distribution
from streams.serve.api.auth import guests_of
from streams.settings.load import load_settings
from streams.settings.model import Settings
from streams.topics import topic_plan
from tests.deploy.dockerfile import DOCKERFILE, ROOT, stages
from tests.go_modules import GoModule
from tests.programs import ProgramUnavailableError, give_up, program

COMPOSE = ROOT / "deploy" / "compose"
SCHEMA = GoModule("github.com/compose-spec/compose-go/v2", "v2.9.0"), "schema/compose-spec.json"
OURS = ("topics", "worker-1", "worker-2", "serve", "trainer")


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((COMPOSE / "compose.yaml").read_text())
    return loaded


def settings(**variables: str) -> Settings:
    """What a container loads."""
    environment = {name: value for name, value in variables.items() if name != "FORESHOCK_CONFIG"}
    return load_settings(COMPOSE / "foreshock.yaml", environment)


def test_it_is_what_the_schema_of_compose_says() -> None:
    module, path = SCHEMA
    try:
        schema = yaml.safe_load((module.path() / path).read_text())
    except ProgramUnavailableError as error:
        give_up(error, os.environ)
    jsonschema.Draft7Validator(schema).validate(document())


def test_ports_are_bound_to_the_loopback_interface() -> None:
    ports = [port for service in document()["services"].values() for port in service.get("ports", [])]
    assert len(ports) == 4
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_everything_that_is_named_is_there() -> None:
    services, compose = document()["services"], document()
    for kind in ("configs", "secrets", "volumes"):
        declared = compose[kind].keys()
        for name, service in services.items():
            for used in service.get(kind, []):
                source = used["source"] if isinstance(used, dict) else used.split(":")[0]
                is_path = kind == "volumes" and source.startswith(("/", "."))
                assert source in declared or is_path, (name, source)
                assert not is_path or (COMPOSE / source).exists(), (name, source)
    for config in compose["configs"].values():
        assert (COMPOSE / config["file"]).is_file()
    for service in services.values():
        assert service.get("depends_on", {}).keys() <= services.keys()
        assert "build" not in service or (COMPOSE / service["build"]["context"]).resolve() == ROOT


def test_our_services_run_the_image_that_the_dockerfile_makes_and_write_nowhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for name in OURS:
        service = document()["services"][name]
        assert service["build"]["target"] in stages(DOCKERFILE.read_text())
        assert service["image"].endswith(f":{version}")
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_images_have_versions_and_kafka_is_the_one_that_tests_run_on() -> None:
    images = {name: service["image"] for name, service in document()["services"].items()}
    assert all(re.search(r":v?\d+\.\d+", image) for image in images.values()), images
    assert images["kafka"] == images["telemetry"] == f"apache/kafka:{Distribution().version}"


@pytest.mark.parametrize("name", ["worker-1", "worker-2"])
def test_workers_start_with_these_settings(name: str) -> None:
    loaded = settings(**document()["services"][name]["environment"])
    assert loaded.worker.instance_id == name
    assert loaded.worker.metrics.host == "0.0.0.0"


def test_the_trainer_calls_verbs_that_are_there_with_options_that_they_have() -> None:
    [script] = document()["services"]["trainer"]["command"]
    lines = [line.split() for line in script.splitlines()]
    assert [line[:2] for line in lines] == [["foreshock", "record"], ["foreshock", "fit"]]
    [recording] = [value for option, value in pairwise(lines[0]) if option == "--out"]
    assert recording in lines[1]
    for _, verb, *arguments in lines:
        [entry] = entry_points(group="foreshock.verbs", name=verb)
        command = entry.load()
        with command.make_context(verb, arguments, resilient_parsing=True) as context:
            assert not context.args, "an option that the verb does not have"
    samples = {spec.name for spec in topic_plan(settings())}
    [topic] = [value for option, value in pairwise(lines[0]) if option == "--topic"]
    assert topic in samples


def test_serve_starts_with_these_settings_and_its_tokens(tmp_path: Path) -> None:
    variables = document()["services"]["serve"]["environment"]
    loaded = settings(**variables).serve
    assert loaded.asks_who
    made = subprocess.run(["sh", str(secrets_in(tmp_path))], capture_output=True, text=True, check=True)
    guests = guests_of(loaded.model_copy(update={"tokens_file": str(tmp_path / "secrets" / "serve-tokens")}))
    assert guests is not None
    shown = guests.with_token(made.stdout.split()[-1])
    assert shown is not None
    assert shown.name == "people"


def secrets_in(folder: Path) -> Path:
    """The script that makes tokens, in a folder of its own."""
    script = folder / "secrets.sh"
    script.write_text((COMPOSE / "secrets.sh").read_text())
    return script


def test_the_topic_that_telegraf_fills_is_made_and_is_no_name_of_ours() -> None:
    [source] = settings().sources
    command = document()["services"]["telemetry"]["command"]
    assert command[command.index("--topic") + 1] == source.topic
    assert source.topic not in {spec.name for spec in topic_plan(settings())}
    telegraf = tomllib.loads((COMPOSE / "telegraf.conf").read_text())
    [kafka] = telegraf["outputs"]["kafka"]
    assert kafka["topic"] == source.topic
    assert (kafka["data_format"], source.codec) == ("json", "telegraf")
    assert kafka["brokers"] == list(settings().broker.bootstrap_servers)
    assert telegraf["agent"]["interval"] == f"{source.step_ms // 1000}s" if source.step_ms else False


def test_prometheus_asks_services_that_are_there_and_reads_its_configuration(tmp_path: Path) -> None:
    text = (COMPOSE / "prometheus.yaml").read_text()
    targets = [
        target
        for job in yaml.safe_load(text)["scrape_configs"]
        for group in job["static_configs"]
        for target in group["targets"]
    ]
    assert {target.split(":")[0] for target in targets} == {"worker-1", "worker-2", "serve"}
    assert {target for target in targets if target.startswith("worker")} == {
        f"worker-{number}:{settings().worker.metrics.port}" for number in (1, 2)
    }
    try:
        promtool = program("promtool", "prometheus")
    except ProgramUnavailableError as error:
        give_up(error, os.environ)
    (tmp_path / "token").write_text("token")
    config = tmp_path / "prometheus.yaml"
    rules = str(ROOT / "deploy" / "prometheus")
    config.write_text(
        text.replace("/run/secrets/metrics-token", str(tmp_path / "token")).replace("/etc/prometheus/rules", rules)
    )
    done = subprocess.run(
        [promtool.path, "check", "config", str(config)],
        env={**os.environ, **promtool.environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_grafana_finds_its_data_source_and_its_dashboards() -> None:
    provisioning = COMPOSE / "grafana" / "provisioning"
    [source] = yaml.safe_load((provisioning / "datasources" / "prometheus.yaml").read_text())["datasources"]
    assert source["url"] == "http://prometheus:9090"
    [provider] = yaml.safe_load((provisioning / "dashboards" / "foreshock.yaml").read_text())["providers"]
    mounts = dict(volume.split(":")[:2] for volume in document()["services"]["grafana"]["volumes"])
    assert mounts["../grafana"] == provider["options"]["path"]
    home = document()["services"]["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert (ROOT / "deploy" / "grafana" / Path(home).name).is_file()


def test_tokens_are_made_once_and_nobody_else_can_list_them(tmp_path: Path) -> None:
    script = secrets_in(tmp_path)
    first = subprocess.run(["sh", str(script)], capture_output=True, text=True, check=True)
    tokens = (tmp_path / "secrets" / "serve-tokens").read_text()
    assert [line.split()[1] for line in tokens.splitlines()] == ["people", "prometheus"]
    assert all(len(line.split()[0]) == 64 for line in tokens.splitlines())
    assert tokens.splitlines()[0].split()[0] in first.stdout
    assert (tmp_path / "secrets" / "metrics-token").read_text() == tokens.splitlines()[1].split()[0]
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o711
    subprocess.run(["sh", str(script)], capture_output=True, check=True)
    assert (tmp_path / "secrets" / "serve-tokens").read_text() == tokens
