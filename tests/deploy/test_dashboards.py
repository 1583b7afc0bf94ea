"""The dashboards: every query parses, asks for metrics and labels that are there, and every panel explains itself."""

import asyncio
import os
import subprocess
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import orjson
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from load.brokers.broker import Broker
from tests.deploy.dashboards import dashboards, labels_of, metrics_of, queries
from tests.integration.serve_verb import ServeVerb
from tests.integration.topic_io import create_topic, fill
from tests.integration.worker_verb import WorkerVerb, worker_settings
from tests.programs import ProgramUnavailableError, give_up, program

# Prometheus' own, of every scrape.
SCRAPE_LABELS = {"instance", "job", "le"}
MINUTE_MS = 60_000
BEGIN_MS = 1_767_830_400_000


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


Scrape = dict[str, set[str] | None]
"""The labels of each name of a sample; None where a family has none at the moment, and so shows no labels."""


def scraped(text: str) -> Scrape:
    found: Scrape = {}
    endings = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"], "summary": ["_count", "_sum"]}
    for family in text_string_to_metric_families(text):
        for ending in endings.get(family.type, [""]):
            labels = [set(sample.labels) for sample in family.samples if sample.name == family.name + ending]
            found[family.name + ending] = set().union(*labels) if labels else None
    return found


@pytest.fixture
def scrapes(broker: Broker, topic_prefix: str, tmp_path: Path) -> dict[str, Scrape]:
    """What a worker that has made forecasts tells, and `serve` that has read them."""
    settings = worker_settings(broker.bootstrap_servers, topic_prefix) | {
        "serve": {"port": 0, "grpc_port": None, "now": "event"},
        "scalers": [{"name": "shop", "series": 'load{host="a"}', "per_replica": 10}],
        "alerting": {"webhooks": [{"url": "http://127.0.0.1:1/nobody"}]},
    }
    source = settings["sources"][0]["topic"]
    asyncio.run(create_topic(broker.bootstrap_servers, source, 1))
    row = {"metric": "load", "labels": {"host": "a"}}
    values = [orjson.dumps({**row, "timestamp": BEGIN_MS + i * MINUTE_MS, "value": i}) for i in range(60)]
    asyncio.run(fill(broker.bootstrap_servers, source, 1, values))
    with WorkerVerb(tmp_path, "worker", settings) as worker, ServeVerb(tmp_path, "serve", settings) as serve:
        worker.until_ready()
        worker.until(lambda: worker.metrics().get(("predictions_total", ("forecast",)), 0) > 0)
        worker.until(lambda: worker.metrics().get(("checkpoints_total", ("forecast",)), 0) > 0)
        serve.until_ready()
        serve.until(lambda: serve.get("/api/v1/series")[1]["items"])
        serve.get("/api/v1/scale/shop")
        with urlopen(f"{serve.address}/metrics", timeout=10) as answer:
            of_serve = answer.read().decode()
        return {"worker": scraped(worker.get("/metrics")[1].decode()), "serve": scraped(of_serve)}


def test_every_metric_and_label_is_in_a_scrape(scrapes: dict[str, Scrape]) -> None:
    for query in queries():
        scrape = scrapes["serve" if query.dashboard == "serve" else "worker"]
        metrics = metrics_of(query.expression)
        assert metrics, query
        assert metrics <= scrape.keys(), query
        known = [scrape[name] for name in metrics]
        if None not in known:
            assert labels_of(query.expression) <= set().union(*[each or () for each in known]) | SCRAPE_LABELS, query


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
