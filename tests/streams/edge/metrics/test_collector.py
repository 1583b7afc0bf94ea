"""The worker's metrics before anything runs: there from the start, and documented as they are."""

import asyncio
import re
from pathlib import Path

from prometheus_client.metrics_core import Metric

from streams.edge.assembly import assemble
from streams.edge.engine import engine_of
from streams.edge.fatal import Fatal
from streams.edge.limits import TransportLimits
from streams.edge.roles import RoleName
from streams.settings.model import Settings

REFERENCE = Path(__file__).parents[4] / "streams" / "README.md"
SETTINGS = Settings.model_validate({"sources": [{"topic": "telemetry"}]})


def metrics() -> list[Metric]:
    async def collect() -> list[Metric]:
        worker = assemble(SETTINGS, tuple(RoleName), engine_of(SETTINGS), TransportLimits(), Fatal())
        return list(worker.registry.collect())

    return [metric for metric in asyncio.run(collect()) if metric.name.startswith("foreshock_")]


def rows(metrics: list[Metric]) -> list[str]:
    return [
        f"| `{metric.name}{'_total' if metric.type == 'counter' else ''}` | {metric.type}"
        f" | {', '.join(getattr(metric, '_labelnames', ()))} | {metric.documentation} |"
        for metric in metrics
    ]


def test_the_reference_has_every_metric() -> None:
    documented = re.findall(r"^\| `foreshock_.*$", REFERENCE.read_text(), re.MULTILINE)
    assert documented == rows(metrics()), "\n".join(rows(metrics()))


def test_names_have_their_units_and_texts_their_words() -> None:
    for metric in metrics():
        assert re.fullmatch(r"foreshock_[a-z_]+", metric.name)
        assert not re.search(r"_(ms|s|kb|mb)$", metric.name), "Prometheus has seconds and bytes"
        assert len(metric.documentation) > 10


def test_every_reason_of_rejects_is_there_from_the_start() -> None:
    [rejected] = [metric for metric in metrics() if metric.name == "foreshock_rejected_rows"]
    assert {sample.value for sample in rejected.samples} == {0.0}
    assert len(rejected.samples) == 3 * 21


def test_nothing_is_ready_before_it_runs() -> None:
    [ready] = [metric for metric in metrics() if metric.name == "foreshock_ready"]
    assert [(sample.labels["role"], sample.value) for sample in ready.samples] == [
        ("ingest", 0),
        ("forecast", 0),
        ("correlate", 0),
    ]
