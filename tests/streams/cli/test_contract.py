"""The verb `contract`."""

from pathlib import Path

import orjson
import pytest
import yaml
from click.testing import CliRunner, Result

from streams.cli.contract import contract
from streams.cli.errors import UserError
from streams.contract.schemas import schema_names, schema_of


def call(*arguments: str) -> Result:
    return CliRunner(env={"FORESHOCK_CONFIG": None}).invoke(contract, arguments)


def test_the_document_for_a_configuration(tmp_path: Path) -> None:
    config = tmp_path / "foreshock.yaml"
    config.write_text("sources: [{topic: metrics}]\ntopics: {prefix: shop}\n")
    document = yaml.safe_load(call("--config", str(config), "asyncapi").output)
    assert document["asyncapi"] == "3.0.0"
    assert document["channels"]["capacity"]["address"] == "shop.capacity"
    assert "metrics" in document["channels"]


def test_a_schema() -> None:
    assert orjson.loads(call("schema", "capacity").output) == schema_of("capacity")


def test_a_kind_that_is_none() -> None:
    assert call("schema", "weather").exit_code == 2


def test_nothing_that_was_asked_for() -> None:
    result = call()
    assert result.exit_code == 2
    assert "asyncapi" in result.output


def test_a_folder_that_is_kept(tmp_path: Path) -> None:
    assert str(tmp_path / "asyncapi.yaml") in call("--out", str(tmp_path)).output
    result = call("check", str(tmp_path))
    assert result.exit_code == 0
    assert result.output == f"{len(schema_names())} schemas are kept\n"


def test_a_promise_that_is_broken(tmp_path: Path) -> None:
    call("--out", str(tmp_path))
    path = tmp_path / "schemas" / "v1" / "capacity.json"
    schema = orjson.loads(path.read_bytes())
    schema["properties"]["headroom"] = {"type": "number", "description": "what is left"}
    path.write_bytes(orjson.dumps(schema))
    result = call("check", str(tmp_path))
    assert result.exit_code == 1
    assert "capacity: headroom was released and is gone" in result.output


def test_a_record_that_is_no_more_and_a_version_that_is_another(tmp_path: Path) -> None:
    (tmp_path / "v1").mkdir()
    (tmp_path / "v0").mkdir()
    (tmp_path / "v1" / "weather.json").write_text("{}")
    (tmp_path / "v0" / "capacity.json").write_text("{}")
    result = call("check", str(tmp_path))
    assert result.exit_code == 1
    assert result.output == "weather: there is no such record any more\n"


def test_folders_that_hold_none(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no schema"):
        CliRunner().invoke(contract, ["check", str(tmp_path)], catch_exceptions=False)
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1" / "capacity.json").write_text("{")
    with pytest.raises(UserError, match="not JSON"):
        CliRunner().invoke(contract, ["check", str(tmp_path)], catch_exceptions=False)
