"""The dashboards: every query parses, asks for metrics and labels that are there, and every panel explains itself."""

import asyncio
import os
import subprocess
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from load.brokers.broker import Broker
from tests.deploy.dashboards import dashboards, labels_of, metrics_of, queries
from tests.integration.topic_io import create_topic, fill
from tests.integration.worker_verb import WorkerVerb, worker_settings
from tests.programs import ProgramUnavailableError, give_up, program

# Prometheus' own, of every scrape.
SCRAPE_LABELS = {"instance", "job", "le"}
MINUTE_MS = 60_000


def test_every_query_parses(tmp_path: Path) -> None:
    rules = [{"record": f"query:{number}", "expr": query.expression} for number, query in enumerate(queries())]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    try:
        promtool = program("promtool", "prometheus")
    except ProgramUnavailableError as error:
        give_up(error, os.environ)
    done = subprocess.run(
        [promtool.path, "check", "rules", "--lint=none", str(file)],
        env={**os.environ, **promtool.environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(rules)} rules found" in done.stdout


def scraped(text: str) -> dict[str, set[str]]:
    """The samples of a scrape: the labels of each name."""
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


@pytest.fixture
def worker_metrics(broker: Broker, topic_prefix: str, tmp_path: Path) -> dict[str, set[str]]:
    """What a worker tells that has made forecasts."""
    settings = worker_settings(broker.bootstrap_servers, topic_prefix)
    source = settings["sources"][0]["topic"]
    asyncio.run(create_topic(broker.bootstrap_servers, source, 1))
    values = [
        orjson.dumps(
            {"metric": "load", "labels": {"host": "a"}, "timestamp": 1_767_830_400_000 + i * MINUTE_MS, "value": i}
        )
        for i in range(60)
    ]
    asyncio.run(fill(broker.bootstrap_servers, source, 1, values))
    with WorkerVerb(tmp_path, "worker", settings) as worker:
        worker.until_ready()
        worker.until(lambda: worker.metrics().get(("predictions_total", ("forecast",)), 0) > 0)
        worker.until(lambda: worker.metrics().get(("checkpoints_total", ("forecast",)), 0) > 0)
        return scraped(worker.get("/metrics")[1].decode())


@pytest.mark.parametrize("names", [("workers", "predictions")])
def test_every_metric_of_a_worker_is_in_its_scrape(worker_metrics: dict[str, set[str]], names: tuple[str, ...]) -> None:
    for query in queries():
        if query.dashboard not in names:
            continue
        metrics = metrics_of(query.expression)
        assert metrics, query
        assert metrics <= worker_metrics.keys(), query
        known = set().union(*[worker_metrics[name] for name in metrics]) | SCRAPE_LABELS
        assert labels_of(query.expression) <= known, query


def panels() -> list[tuple[str, dict[str, Any]]]:
    return [(name, panel) for name, dashboard in dashboards().items() for panel in dashboard["panels"]]


def test_every_panel_says_what_it_shows_and_in_what() -> None:
    for name, panel in panels():
        assert panel["title"], name
        assert panel["description"], panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["datasource"]["uid"] == "${datasource}"


def test_panels_lie_side_by_side() -> None:
    for name, dashboard in dashboards().items():
        taken: set[tuple[int, int]] = set()
        for panel in dashboard["panels"]:
            place = panel["gridPos"]
            assert place["x"] + place["w"] <= 24
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert not taken & cells, (name, panel["title"])
            taken |= cells
        assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])


def test_dashboards_can_be_told_apart() -> None:
    found = dashboards().values()
    assert (
        len({dashboard["uid"] for dashboard in found}) == len({dashboard["title"] for dashboard in found}) == len(found)
    )
