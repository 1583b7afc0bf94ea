"""What the documents say of settings, records, rejects, verbs and targets is what there is; their links lead somewhere.

A table that has fallen behind is printed in full by the failing test, to be pasted.
"""

import os
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Annotated, Any

import click
import orjson
import pytest
import yaml
from click.testing import CliRunner
from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from streams.cli.main import foreshock
from streams.codecs.events import READERS, decode_event
from streams.codecs.registry import codec
from streams.contract.schemas import schema_of
from streams.contract.specimens import specimens
from streams.events import Event
from streams.rejects import RejectReason
from streams.schema import AnomalyKind, ForecastQuality, RecordKind
from streams.serve.api.app import API_PREFIX, make_routes
from streams.serve.api.asking import ListParameters
from streams.serve.board.board import Board
from streams.serve.context import ServeContext
from streams.settings.limits import LimitSettings
from streams.settings.limits_text import parse_limits
from streams.settings.model import Settings
from tests.contract import common_rows, own_rows, table_of, without_links

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "streams" / "README.md"
EXAMPLES = sorted((ROOT / "deploy" / "examples").glob("*.yaml"))
DOCUMENTS = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")] + [
    path
    for room in ("streams", "models", "load", "deploy", "tests")
    for path in sorted((ROOT / room).rglob("*.md"))
    # Packages of npm have documents of their own.
    if "node_modules" not in path.parts
]

_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")

ALTERNATIVES = {
    *[f"capacity[].limit.{name}" for name in ("value", "label", "file")],
    "failures[].below",
    *[f"objectives[].{part}.{key}" for part in ("good", "ratio") for key in ("metric", "labels")],
    *[f"scalers[].{name}" for name in ("metric", "labels")],
}
"""Settings of which the full example shows another one: exactly one of them may be given."""

PREDICTIONS = [
    ("forecast", "Forecasts"),
    ("quality", "Quality"),
    ("capacity", "Capacity"),
    ("failure", "Failures"),
    ("failure_quality", "Failure quality"),
    ("anomaly", "Anomalies"),
]
"""Kinds of predictions of series, and the headings of their own fields."""

OTHERS = [
    ("samples", "Samples"),
    ("silence", "Silences among the samples"),
    ("event", "Events among the samples"),
    ("reject", "Rejects"),
    ("incident", "Incidents"),
    ("signals", "Signals"),
    ("hazard", "Hazards"),
    ("hazard_quality", "Hazard quality"),
    ("objective", "Objectives"),
    ("objective_quality", "Objective quality"),
]
"""The other kinds of records, and the headings of all their fields."""


def _section(path: Path, heading: str) -> str:
    """The text under a heading, up to the next one."""
    parts = re.split(r"^#+ (.+)\n", path.read_text(), flags=re.MULTILINE)
    assert heading in parts[1::2], f"{path.name} has no heading {heading!r}"
    return parts[parts.index(heading) + 1]


def _rows_of(path: Path, heading: str) -> list[str]:
    """The rows of the table under a heading."""
    lines = [line for line in _section(path, heading).splitlines() if line.startswith("|")]
    return lines[2:]


def _first_cells(path: Path, heading: str) -> set[str]:
    cells = [row.split("|")[1].strip().strip("`") for row in _rows_of(path, heading)]
    assert len(cells) == len(set(cells))
    return set(cells)


def _fenced(path: Path, language: str) -> list[str]:
    return [text for found, text in _FENCED.findall(path.read_text()) if found == language]


def _commands(path: Path) -> list[str]:
    """The lines of a document's shell examples that call foreshock, lines that go on joined."""
    lines = "".join(_fenced(path, "sh")).replace("\\\n", " ").splitlines()
    return [line.partition("#")[0] for line in lines if line.startswith("foreshock ")]


# Settings


def _settings_fields(section: type[BaseModel], path: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every setting, as in ``sources[].topic``."""
    for name, field in section.model_fields.items():
        key = path + (field.alias or name)
        inner, place = _section_within(field)
        if inner is None:
            yield key, field
        else:
            yield from _settings_fields(inner, f"{key}{place}.")


def _settings_rows() -> Iterator[str]:
    for key, field in _settings_fields(Settings):
        assert field.description
        meaning = field.description.replace("*", r"\*")
        yield f"| `{key}` | {_default(field)} | {meaning} |"


def _section_within(field: FieldInfo) -> tuple[type[BaseModel] | None, str]:
    """The section that a field holds, and how its place in a list is written."""
    annotation: Any = field.annotation
    if NoneType in getattr(annotation, "__args__", ()):
        annotation = annotation.__args__[0]
    place = "[]" if getattr(annotation, "__origin__", None) is tuple else ""
    kind = annotation.__args__[0] if place else annotation
    return (kind, place) if isinstance(kind, type) and issubclass(kind, BaseModel) else (None, "")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    value = TypeAdapter(kind).dump_python(field.default, mode="json")
    return f"`{value if isinstance(value, str) else orjson.dumps(value).decode()}`"


def test_the_settings_reference_has_every_setting_with_its_default() -> None:
    documented = _rows_of(REFERENCE, "Settings reference")
    assert documented == list(_settings_rows()), "\n".join(_settings_rows())


# Records


@cache
def records() -> dict[str, dict[str, Any]]:
    """A real record of each kind."""
    return {str(kind): orjson.loads(record.value or b"") for kind, record in specimens().items()}


def _documented(heading: str) -> list[str]:
    return [without_links(row) for row in _rows_of(REFERENCE, heading)]


def test_every_kind_of_record_has_its_table() -> None:
    assert set(records()) == set(RecordKind) == {kind for kind, _ in PREDICTIONS + OTHERS}


def test_the_fields_of_every_prediction_are_documented() -> None:
    assert _documented("Fields of every prediction") == common_rows(), "\n".join(common_rows())


@pytest.mark.parametrize(("kind", "heading"), PREDICTIONS)
def test_every_field_of_a_prediction_is_documented(kind: str, heading: str) -> None:
    assert _documented(heading) == own_rows(kind), "\n".join(own_rows(kind))


@pytest.mark.parametrize(("kind", "heading"), OTHERS)
def test_every_field_of_the_other_records_is_documented(kind: str, heading: str) -> None:
    assert _documented(heading) == table_of(kind), "\n".join(table_of(kind))


def test_every_field_of_an_event_is_documented() -> None:
    rows = [row.split("|") for row in _rows_of(REFERENCE, "Events")]
    assert [cells[1].strip() for cells in rows] == [f"`{name}`" for name in ("v", *READERS)]
    meanings = {name: field["description"] for name, field in schema_of("event_message")["properties"].items()}
    assert {cells[1].strip(" `"): without_links(cells[3].strip()) for cells in rows} == meanings


def test_every_quality_of_a_forecast_has_its_sentence() -> None:
    assert _first_cells(REFERENCE, "Quality of forecasts") == set(ForecastQuality)


def test_every_kind_of_an_anomaly_has_its_sentence() -> None:
    assert _first_cells(REFERENCE, "Kinds of anomalies") == set(AnomalyKind)


def test_every_reason_of_a_reject_has_its_sentence() -> None:
    rows = [row.split("|") for row in _rows_of(REFERENCE, "Reasons of rejects")]
    assert [cells[1].strip() for cells in rows] == [f"`{reason}`" for reason in RejectReason]
    assert all(cells[2].strip().endswith(".") for cells in rows)


@pytest.mark.parametrize(("document", "text"), [(path, text) for path in DOCUMENTS for text in _fenced(path, "json")])
def test_records_in_the_documents_are_real(document: Path, text: str) -> None:
    """An example is an event, a file of limits, one of our records with its fields, or telemetry that a codec reads."""
    example = orjson.loads(text)
    if isinstance(example, dict) and "id" in example:
        assert isinstance(decode_event(orjson.dumps(example), LimitSettings()), Event)
    elif isinstance(example, list) and "limit" in example[0]:
        assert not parse_limits(text, is_json=True)[1]
    elif isinstance(example, dict) and "kind" in example:
        assert list(example) == list(records()[example["kind"]])
    else:
        columns = codec("auto").decode(orjson.dumps(example), 100)
        assert columns.series
        assert not columns.rejects


# Endpoints


def _asked_for() -> dict[str, set[str]]:
    """The API's paths, and the parameters that each takes beside those of every list."""
    settings = Settings.model_validate({"sources": [{"topic": "telemetry", "entity": ["host"]}]})
    paths = make_routes(ServeContext(settings, Board(settings), lambda: 0)).openapi()["paths"]
    asked_for = {}
    for path, operations in paths.items():
        if path.startswith(API_PREFIX):
            taken = {one["name"] for one in operations["get"].get("parameters", ()) if one["in"] == "query"}
            shared = set(ListParameters.model_fields)
            asked_for[path.removeprefix(API_PREFIX)] = taken - shared if shared <= taken else taken
    return asked_for


def test_every_endpoint_is_described_and_its_parameters_are_named() -> None:
    described = {}
    for row in _rows_of(ROOT / "streams" / "serve" / "README.md", "Endpoints"):
        paths, _, description = row.strip("|").partition("|")
        assert re.search(r"[a-z]+ [a-z]+ [a-z]+", description), f"{paths} has no description: {row}"
        for path in re.findall(r"`(/[^`?]*)", paths):
            described[re.sub(r"/[A-Z]+", "/*", path)] = row
    asked_for = {re.sub(r"\{\w+\}", "*", path): names for path, names in _asked_for().items()}
    assert set(described) == set(asked_for)
    for path, names in asked_for.items():
        unnamed = {name for name in names if not re.search(rf"[`?&]{name}[`=]", described[path])}
        assert not unnamed, path


# Commands and links


def test_every_verb_is_in_the_readme_with_options_that_it_has() -> None:
    shown = [line.split() for line in _commands(ROOT / "README.md")]
    verbs = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["foreshock.verbs"])
    assert {words[1] for words in shown if words[1] in verbs} == verbs


@pytest.mark.parametrize("line", sorted({line for path in DOCUMENTS for line in _commands(path)}))
def test_command_lines_in_the_documents_are_understood(line: str) -> None:
    command: click.Command = foreshock
    context = click.Context(foreshock)
    for word in line.split()[1:]:
        if isinstance(command, click.Group) and not word.startswith("-"):
            found = command.get_command(context, word)
            assert found is not None, f"no verb {word}"
            command = found
        elif word.startswith("--"):
            options = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
            assert word.partition("=")[0] in options | {"--help"}


def test_every_target_is_in_the_contributors_page() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert _first_cells(ROOT / "CONTRIBUTING.md", "Targets") == {f"make {target}" for target in targets}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    text = _FENCED.sub("", document.read_text())
    for link in [link for link in _LINK.findall(text) if "://" not in link]:
        place, _, anchor = link.partition("#")
        target = (document.parent / place) if place else document
        assert target.exists(), link
        assert not anchor or anchor in map(_anchor, _HEADING.findall(target.read_text())), link


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


# Examples of configurations


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_examples_of_configurations_are_right(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [variable for variable in os.environ if variable.startswith("FORESHOCK_")]:
        monkeypatch.delenv(variable)
    if "security_protocol: SASL" in example.read_text():
        monkeypatch.setenv("FORESHOCK_BROKER__PASSWORD", "from the environment")
    result = CliRunner().invoke(foreshock, ["check", str(example)])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("text", [text for path in DOCUMENTS for text in _fenced(path, "yaml")])
def test_configurations_in_the_documents_are_right(text: str) -> None:
    Settings.model_validate(yaml.safe_load(text))


def test_the_full_example_has_every_setting_and_the_defaults() -> None:
    document = yaml.safe_load((ROOT / "deploy" / "examples" / "foreshock.yaml").read_text())
    given = Settings.model_validate(document)
    defaults = Settings.model_validate({"sources": document["sources"]})
    rules = {"sources", "capacity", "failures", "anomalies", "hazards", "objectives", "dependencies", "calendar"}
    rules |= {"scalers"}
    examples: dict[str, Any] = {**dict.fromkeys(rules, True), "alerting": {"alertmanagers", "webhooks"}}
    assert given.model_dump(exclude=examples) == defaults.model_dump(exclude=examples)
    assert set(_leaves(document)) | ALTERNATIVES == {key for key, _ in _settings_fields(Settings)}


def _leaves(section: dict[str, Any], path: str = "") -> Iterator[str]:
    """Every setting that a document gives."""
    for key, value in section.items():
        if isinstance(value, dict) and key != "labels":
            yield from _leaves(value, f"{path}{key}.")
        elif isinstance(value, list) and isinstance(value[0] if value else None, dict):
            for item in value:
                yield from _leaves(item, f"{path}{key}[].")
        else:
            yield path + key
