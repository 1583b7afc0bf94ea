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
from streams.correlate.config import CorrelateConfig
from streams.correlate.pipeline import CorrelatePipeline
from streams.events import Event
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord
from streams.rejects import RejectReason
from streams.schema import AnomalyKind, ForecastQuality, RecordKind
from streams.settings.limits import LimitSettings
from streams.settings.limits_text import parse_limits
from streams.settings.model import Settings

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

MINUTE_MS = 60_000
BEGIN_MS = 1_700_000_000_000


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
    """A real record of each kind: half a day of two series, one of which falls silent, and a message of nonsense."""
    settings = Settings.model_validate(
        {
            "topics": {"partitions": 1},
            "sources": [{"topic": "telemetry", "step": "10m"}],
            "capacity": [{"name": "disk", "metric": "disk_used_bytes", "limit": {"value": 75.0}}],
            "failures": [{"name": "errors", "metric": "error_rate", "above": 0.05, "for": "20m", "within": "1h"}],
            "objectives": [{"name": "good", "target": 99, "ratio": {"metric": "error_rate"}}],
            "hazards": [
                {"name": "host", "within": "1h", "signs": [{"metric": "error_rate", "sign": "level", "weight": 1}]}
            ],
        }
    )
    ingested = Ingest(settings).step("telemetry", 0, [*_telemetry(), InputRecord(9_999, b"nonsense")])
    event = {"id": "INC-7", "kind": "incident", "start": BEGIN_MS}
    ingested += Ingest(settings).step(settings.topics.events, 0, [InputRecord(0, orjson.dumps(event))])
    blocks = [record for record in ingested if record.topic == settings.topics.samples]
    pipeline = PartitionPipeline(PipelineConfig.from_settings(settings))
    values = [record.value for record in blocks]
    made = pipeline.step([InputRecord(offset, value) for offset, value in enumerate(values)])
    signals = [record.value for record in made if record.topic == settings.topics.signals]
    correlate = CorrelatePipeline(CorrelateConfig.from_settings(settings))
    made += correlate.step([InputRecord(offset, value) for offset, value in enumerate(signals)])
    decoded = [orjson.loads(record.value) for record in [*ingested, *made] if record.value is not None]
    return {record["kind"]: record for record in decoded}


def _telemetry() -> Iterator[InputRecord]:
    for step in range(72):
        for row, (metric, value) in enumerate(
            (("disk_used_bytes", 20.0 + step), ("error_rate", 0.1 * (step % 7 == 0)))
        ):
            # Errors stop being reported: an anomaly.
            if metric == "error_rate" and step >= 60:
                continue
            sample = {"metric": metric, "labels": {"host": "a"}, "timestamp": BEGIN_MS + step * 10 * MINUTE_MS}
            yield InputRecord(2 * step + row, orjson.dumps(sample | {"value": value}))


def _fields_of(record: dict[str, Any]) -> set[str]:
    return {key for key in record if key != "source"} | {f"source.{key}" for key in record.get("source", {})}


def test_every_kind_of_record_is_looked_at() -> None:
    # A silence needs a source partition that says nothing for a while.
    assert set(records()) == set(RecordKind) - {RecordKind.SILENCE}


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("forecast", "Forecasts"),
        ("quality", "Quality"),
        ("capacity", "Capacity"),
        ("failure", "Failures"),
        ("failure_quality", "Failure quality"),
        ("anomaly", "Anomalies"),
    ],
)
def test_every_field_of_a_prediction_is_documented(kind: str, heading: str) -> None:
    common = _first_cells(REFERENCE, "Fields of every prediction")
    own = _first_cells(REFERENCE, heading)
    assert not common & own
    assert common | own == _fields_of(records()[kind])


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        *(("samples", "Samples"), ("event", "Events among the samples"), ("reject", "Rejects")),
        *(("incident", "Incidents"), ("signals", "Signals")),
        ("hazard", "Hazards"),
        ("hazard_quality", "Hazard quality"),
        ("objective", "Objectives"),
        ("objective_quality", "Objective quality"),
    ],
)
def test_every_field_of_the_other_records_is_documented(kind: str, heading: str) -> None:
    assert _first_cells(REFERENCE, heading) == _fields_of(records()[kind])


def test_every_field_of_an_event_is_documented() -> None:
    rows = [row.split("|") for row in _rows_of(REFERENCE, "Events")]
    assert [cells[1].strip() for cells in rows] == [f"`{name}`" for name in ("v", *READERS)]


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
