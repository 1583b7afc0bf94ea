"""The verb `contract`: what our topics promise, as AsyncAPI and JSON Schemas, and whether this release keeps it."""

import os
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click
import orjson
import yaml

from streams.cli.errors import ExitCode, UserError
from streams.contract.asyncapi import asyncapi_document
from streams.contract.compatibility import broken_promises
from streams.contract.schemas import Schema, schema_names, schema_of
from streams.settings.load import load_settings
from streams.settings.model import Settings

DOCUMENT = "asyncapi.yaml"
SCHEMAS = "schemas"
WIDTH = 120


class ContractError(UserError):
    """A contract that can't be read."""

    exit_code = ExitCode.USAGE


def _load(context: click.Context, _parameter: click.Parameter, path: Path | None) -> Settings | None:
    """The settings; without any, the defaults and one source, for the names of topics are all that is asked of them."""
    if context.resilient_parsing:
        return None
    if path is None:
        return Settings.model_validate({"sources": [{"topic": "telemetry"}]})
    return load_settings(path, os.environ)


@click.group(invoke_without_command=True)
@click.option(
    "--config",
    "settings",
    type=click.Path(path_type=Path),
    envvar="FORESHOCK_CONFIG",
    show_envvar=True,
    callback=_load,
    help="The settings, for the names and sizes of topics; the defaults without.",
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write all of it into this folder.")
@click.pass_context
def contract(context: click.Context, settings: Settings, out: Path | None) -> None:
    """What the topics carry: an AsyncAPI 3 document, and JSON Schemas of every kind of record."""
    context.obj = settings
    if out is not None:
        for path in write_contract(out, settings):
            click.echo(path)
    elif context.invoked_subcommand is None:
        raise click.UsageError("say what: asyncapi, schema KIND, check FOLDER, or --out FOLDER", context)


@contract.command()
@click.pass_obj
def asyncapi(settings: Settings) -> None:
    """Print the AsyncAPI document."""
    click.echo(_yaml(settings), nl=False)


@contract.command()
@click.argument("kind", type=click.Choice(list(schema_names())))
def schema(kind: str) -> None:
    """Print the JSON Schema of a KIND of record, or of what others send."""
    click.echo(_json(schema_of(kind)), nl=False)


@contract.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.pass_context
def check(context: click.Context, folder: Path) -> None:
    """Compare with the schemas of another release in FOLDER; exit code 1 if this one breaks a promise of theirs."""
    released = sorted(folder.rglob("v*/*.json"))
    if not released:
        raise ContractError(f"{folder}: no schema as v1/forecast.json; --out writes such a folder")
    broken = [sentence for path in released for sentence in _broken(path)]
    for sentence in broken:
        click.echo(sentence)
    if broken:
        context.exit(ExitCode.FAILURE)
    click.echo(f"{len(released)} schemas are kept")


def write_contract(out: Path, settings: Settings) -> Iterator[Path]:
    """Write the document and the schemas, ``schemas/v1/forecast.json`` and the like."""
    for name, number in schema_names().items():
        path = out / SCHEMAS / f"v{number}" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_json(schema_of(name)))
        yield path
    (out / DOCUMENT).write_text(_yaml(settings))
    yield out / DOCUMENT


def _broken(path: Path) -> list[str]:
    """What this release changes of a schema; another version of it promises nothing."""
    name, number = path.stem, int(path.parent.name[1:])
    versions = schema_names()
    if name not in versions:
        return [f"{name}: there is no such record any more"]
    if versions[name] != number:
        return []
    try:
        released: Schema = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise ContractError(f"{path}: not JSON: {error}") from error
    return broken_promises(released, schema_of(name))


def _json(document: Schema) -> str:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _yaml(settings: Settings) -> str:
    # Through JSON, so that enumerations are the texts that they are on the topics.
    document = orjson.loads(orjson.dumps(asyncapi_document(settings, version("foreshock"))))
    return yaml.safe_dump(document, sort_keys=False, width=WIDTH, allow_unicode=True)
