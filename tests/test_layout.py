"""The walls of the house: who may import whom, what pure code may touch, how long things may grow, nothing dead.

`ARCHITECTURE.md` says why each wall stands; here they are facts about the syntax trees, so that a wall can't be walked
through by accident.
"""

import ast
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("streams", "models", "load")

MODELS_MAY_IMPORT = ("collections", "dataclasses", "functools", "itertools", "math", "numpy", "typing", "models")
# Fits parameters before anything runs; what runs must not know of it.
FIT_MAY_ALSO_IMPORT = ("enum", "statsmodels", "warnings")

PURE_FILES = (
    "series",
    "columns",
    "records",
    "blocks",
    "events",
    "rejects",
    "schema",
    "topics",
    "access",
    "strimzi",
    "checkpoint",
    "frames",
    "signals",
    "items",
)
PURE_ROOMS: tuple[str, ...] = (
    *("codecs", "contract", "doctor", "ingest", "pipeline", "correlate", "outputs"),
    *("serve.board", "serve.labels", "serve.scaling.core"),
)
# Alerts are kept, worded and sent for by functions of records and an instant; what sends them waits and has a clock.
PURE_ROOMS += tuple([f"serve.alerting.{name}" for name in ("desk", "wire", "rota", "patience", "signing")])
PURE_ROOMS += ("serve.remote_write.forecasts", "serve.remote_write.wire")
PURE_STREAMS = [f"streams.{name}" for name in PURE_FILES + PURE_ROOMS]
IMPURE = (
    *("faust", "mode", "aiokafka", "asyncio", "time", "random", "logging", "structlog", "socket", "subprocess"),
    *("threading", "secrets", "uuid", "os", "io", "pathlib", "streams.edge", "streams.cli", "load"),
)
# A leaf: exceptions and exit codes, which the settings' errors are built on.
LEAVES = ("streams.cli.errors",)
# The runtime waits and says what it does; all else comes to it as arguments.
RUNTIME_MAY_ALSO_IMPORT = ("asyncio", "structlog")
IMPURE_CALLS = {"open", "print", "input", "now", "utcnow", "today", "default_rng", "RandomState"}

KAFKA_CLIENTS = ("faust", "mode", "aiokafka")

# What a user's own program could rely on: names, records, settings, and how the command ends.
LOAD_MAY_IMPORT = (
    *("streams.schema", "streams.series", "streams.columns", "streams.records", "streams.blocks", "streams.events"),
    *("streams.rejects", "streams.topics", "streams.settings"),
    *("streams.cli.errors", "streams.cli.versions", "streams.cli.broker_options"),
    "models.arrays",
)
LOAD_MAY_ALSO_IMPORT = {
    # A backtest runs the worker's own pure code, in process.
    "load.backtest": ("streams.ingest", "streams.pipeline", "streams.correlate", "streams.outputs", "models"),
    # Scorers of insights run it, too.
    "load.insights": ("streams.ingest", "streams.pipeline", "streams.correlate", "streams.outputs", "models"),
    "load.cli.options": ("models", "streams.cli.moments"),
    # A topic is read by the worker's own codecs.
    "load.record": ("streams.codecs", "streams.edge.topic_sample", "streams.edge.reach"),
    # Whoever can't reach Kafka says so in one way.
    "load.replay": ("streams.edge.reach",),
    "load.cli.record": ("streams.codecs",),
    "load.cli.backfill": ("streams.codecs",),
    # It asks the worker's own pure code what comes, and scalers what they make of it.
    "load.autoscaling": ("streams.pipeline", "streams.serve.scaling.core"),
    # A fit is made of what the worker's own pure code learns.
    "load.fit": ("streams.pipeline", "models"),
    # It scores the bank itself, on recordings.
    "load.insights.capacity": ("models",),
    "load.insights.anomaly": ("streams.pipeline.cadence", "models"),
    # It scores what the worker's own pure code says of drives.
    "load.insights.failure": ("streams.pipeline", "models"),
    # They make and remove topics of their own, which is what `foreshock topics create` runs; no Faust comes with it.
    "load.demo": ("streams.edge.admin",),
    "load.bench": ("streams.edge.admin",),
    # The checker folds the input with the worker's own pure code, and reads the durable state.
    "load.chaos": ("streams.ingest", "streams.pipeline", "streams.checkpoint"),
    # It measures the server by what it is made of.
    "load.serving": ("streams.serve",),
    # It writes what a worker would have written, by the worker's own pure code and within its limits.
    "load.recovery": (
        *("streams.checkpoint", "streams.ingest", "streams.pipeline"),
        *("streams.edge.admin", "streams.edge.limits"),
    ),
}

# It is a consumer of the public topics like any other: what it knows of the engine is public words.
SERVE_MAY_NOT_REACH = (
    *("streams.ingest", "streams.pipeline", "streams.correlate", "streams.outputs", "streams.runtime"),
    *("streams.edge.worker", "faust", "mode", "load"),
)
# aiokafka, and nothing of Faust's.
SERVE_READS_IN = ("streams.serve.reading",)

FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 400

# Started as processes: `python -m streams.cli`, and the brokers' guard by its file name.
RUN_BY_NAME = {
    *("streams.cli.__main__", "load.brokers.guard", "load.demo.tail", "load.backtest.side_by_side"),
    *("load.insights.anomaly.__main__", "load.insights.capacity.__main__"),
    *("load.insights.incidents", "load.insights.quiet", "load.insights.truth.__main__"),
}
RUN_BY_NAME |= {"load.insights.failure.__main__", "load.insights.failure_rules.__main__"}
RUN_BY_NAME |= {"load.sizing.__main__", "load.autoscaling.__main__"}
RUN_BY_NAME |= {"load.serving.__main__", "load.serving.filled"}

# Folders of tests that no room mirrors: of several rooms together, reference numbers with what made them, fuzzing, the
# page in a browser, and of deploy, which is no room.
NO_MIRROR = {"integration", "golden", "simulation", "fuzz", "browser", "deploy"}


@cache
def modules() -> dict[str, ast.Module]:
    """The syntax tree of every module of the rooms, by dotted name."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return {_dotted(path): ast.parse(path.read_text()) for path in paths}


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(name: str) -> Iterator[str]:
    """What a module imports, wherever in it; of `from package import module` the module, too."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            yield from [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative imports hide who imports whom"
            assert node.module is not None
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            # `from package import module` is about the module alone.
            ours = [one for one in inner if one in modules()]
            yield from ours or [node.module]


def _within(name: str, places: Sequence[str]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def _under(*places: str) -> list[str]:
    return [name for name in modules() if _within(name, places)]


def _reached_from(names: Iterable[str]) -> set[str]:
    """These modules of ours, what they import, what that imports, and so on."""
    reached, todo = set(names), list(names)
    while todo:
        found = [one for one in _imports(todo.pop()) if one in modules() and one not in reached]
        reached.update(found)
        todo.extend(found)
    return reached


def test_models_import_numpy_and_mathematics_alone() -> None:
    strange = {
        (name, imported)
        for name in _under("models")
        for imported in _imports(name)
        if not _within(imported, MODELS_MAY_IMPORT) or _within(imported, ("numpy.random",))
        if not (_within(name, ("models.fit",)) and _within(imported, FIT_MAY_ALSO_IMPORT))
    }
    assert not strange


def test_nothing_that_runs_knows_of_the_fit() -> None:
    strange = {
        (name, imported)
        for name in _under("models", "streams")
        for imported in _imports(name)
        if _within(imported, ("models.fit", "statsmodels")) and not _within(name, ("models.fit",))
    }
    assert not strange


def test_streams_know_nothing_of_load() -> None:
    assert not {
        (name, imported)
        for name in _under("streams")
        for imported in _imports(name)
        if _within(imported, ("load", "tests"))
    }


def test_pure_files_reach_no_client_and_no_clock() -> None:
    """Through whatever they import of ours: a pure file that imports an impure one is impure."""
    strange = {
        (name, imported)
        for name in _reached_from(_under(*PURE_STREAMS))
        for imported in _imports(name)
        if _within(imported, IMPURE) and imported not in LEAVES
    }
    assert not strange


def test_the_runtime_reaches_no_client_no_edge_and_no_clock() -> None:
    strange = {
        (name, imported)
        for name in _reached_from(_under("streams.runtime"))
        for imported in _imports(name)
        if _within(imported, IMPURE) and imported not in LEAVES
        if not (_within(name, ("streams.runtime",)) and _within(imported, RUNTIME_MAY_ALSO_IMPORT))
    }
    assert not strange


def test_serve_is_a_consumer_like_any_other() -> None:
    strange = {
        (name, imported)
        for name in _reached_from(_under("streams.serve"))
        for imported in _imports(name)
        if _within(imported, SERVE_MAY_NOT_REACH)
    }
    assert not strange


@pytest.mark.parametrize("name", _under("models", "streams.runtime", *PURE_STREAMS))
def test_pure_files_ask_for_neither_time_nor_chance_nor_files(name: str) -> None:
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(modules()[name])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    }
    assert not called & IMPURE_CALLS


def test_kafka_clients_stay_at_the_edge() -> None:
    strange = {
        (name, imported)
        for name in _under("streams")
        for imported in _imports(name)
        if _within(imported, KAFKA_CLIENTS) and not _within(name, ("streams.edge",))
        if not (_within(name, SERVE_READS_IN) and _within(imported, ("aiokafka",)))
    }
    # The benchmark measures stock Faust beside us.
    stock_faust = {
        (name, imported)
        for name in _under("load")
        for imported in _imports(name)
        if _within(imported, ("faust", "mode")) and not _within(name, ("load.bench",))
    }
    assert not strange | stock_faust


def test_load_imports_the_public_parts_of_streams_alone() -> None:
    strange = set()
    for name in _under("load"):
        more = [places for room, places in LOAD_MAY_ALSO_IMPORT.items() if _within(name, (room,))]
        allowed = LOAD_MAY_IMPORT + sum(more, ())
        for imported in _imports(name):
            if _within(imported, ("streams", "models")) and not _within(imported, allowed):
                strange.add((name, imported))
    assert not strange


def test_packages_are_empty_files() -> None:
    """So that importing one module of a package imports no other."""
    full = [path for room in (*ROOMS, "tests") for path in (ROOT / room).rglob("__init__.py") if path.read_text()]
    assert not full


def test_every_module_is_reached_from_an_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    targets = [*project["scripts"].values(), *project["entry-points"]["foreshock.verbs"].values()]
    roots = {target.partition(":")[0] for target in targets} | RUN_BY_NAME
    assert roots <= modules().keys(), "an entry point names a module that is not there"
    packages = {_dotted(path) for room in ROOMS for path in (ROOT / room).rglob("__init__.py")}
    assert modules().keys() - _reached_from(roots) - packages == set()


def test_no_function_is_long() -> None:
    longer = {}
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                lines = node.end_lineno - node.body[0].lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    longer[f"{name}.{node.name}"] = lines
    assert not longer


def test_no_file_is_long() -> None:
    paths = [path for room in (*ROOMS, "tests") for path in (ROOT / room).rglob("*.py")]
    assert not {path: lines for path in paths if (lines := len(path.read_text().splitlines())) > FILE_LINES_MAX}


def test_only_commands_print() -> None:
    printing = {
        name
        for name in _under("streams", "models")
        for node in ast.walk(modules()[name])
        if isinstance(node, ast.Name) and node.id == "print" and not _within(name, ("streams.cli",))
    }
    assert not printing


def test_folders_of_tests_mirror_the_rooms() -> None:
    folders = [path for path in (ROOT / "tests").rglob("*") if path.is_dir() and path.name != "__pycache__"]
    mirrors = [path.relative_to(ROOT / "tests") for path in folders]
    unlike = [mirror for mirror in mirrors if not (ROOT / mirror / "__init__.py").exists()]
    assert not [str(mirror) for mirror in unlike if not NO_MIRROR & set(mirror.parts)]
