"""A real Prometheus, with the rules loaded, scrapes a real worker and the app of serve."""

import asyncio
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import uvicorn
import yaml

from load.brokers.apache import ApacheKafka
from streams.serve.api.app import make_routes
from streams.serve.board.board import Board
from streams.serve.board.incoming import Incoming
from streams.serve.context import ServeContext
from streams.serve.telling import Telling
from streams.settings.model import Settings
from tests.integration.test_worker_health import HOSTS, MINUTES, PARTITIONS, messages, send
from tests.integration.topic_io import create_topic
from tests.integration.worker_verb import WorkerVerb, worker_settings
from tests.servers import Server, prometheus, until
from tests.streams.serve.alerting.records import NOW_MS, capacity, made, value_of

RULES = Path(__file__).parents[2] / "deploy" / "prometheus"

# What a scrape holds only once something has happened.
NOT_IN_THIS_SCRAPE = {"foreshock_serve_scaler_answers_total"}
# Those of receivers, of which there are none here; tests/streams/serve/alerting has them.
NOT_IN_THIS_SCRAPE |= {f"foreshock_serve_alerts_{what}_total" for what in ("sent", "failed", "dropped")}


@contextmanager
def serve() -> Iterator[str]:
    """The app of serve, which has been told of a few things; gives its address."""
    board, settings = Board(SETTINGS), SETTINGS
    context = ServeContext(settings, board, lambda: NOW_MS)
    context.standing.waits_for = None
    context.standing.lag_records = {"foreshock.capacity": 0}
    telling = Telling(context, wall_ms=lambda: NOW_MS, chance=lambda: 1.0)
    told = {"capacity|a|disk": capacity(0.9), "forecast|a": made("forecast"), "quality|a": made("quality")}
    records = [Incoming(f"foreshock.{key}", 0, 0, key.encode(), value_of(record)) for key, record in told.items()]
    topics = {"capacity": "capacity", "forecast": "forecasts", "quality": "quality"}
    for record in records:
        named = record._replace(topic=f"foreshock.{topics[record.key.decode().partition('|')[0]]}")
        board.apply([named])
        telling.apply([named])
    app = make_routes(context, (telling.attach,))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        try:
            until(lambda: server.started)
            yield f"127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


SETTINGS = Settings.model_validate({"sources": [{"topic": "telemetry"}]})


def configuration(worker: str, serving: str) -> dict[str, Any]:
    """That of deploy, with quick intervals."""
    document: dict[str, Any] = yaml.safe_load((RULES / "prometheus.yml").read_text())
    document["rule_files"] = [str(RULES / name) for name in document["rule_files"]]
    document["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    del document["alerting"]
    for job, target in zip(document["scrape_configs"], (worker, serving), strict=True):
        job["static_configs"] = [{"targets": [target]}]
    return document


def metrics_in_rules() -> set[str]:
    """Every metric of ours that a rule asks for, recorded ones aside."""
    found: set[str] = set()
    for path in RULES.glob("*.yml"):
        groups = yaml.safe_load(path.read_text()).get("groups", ())
        for rule in [rule for group in groups for rule in group["rules"]]:
            found |= set(re.findall(r"(?<![\w:])(?:foreshock|process)_\w+(?![\w:])", rule["expr"]))
    return found


def values(server: Server, query: str) -> list[float]:
    answer = server.get("/api/v1/query", query=query)
    assert answer["status"] == "success"
    return [float(one["value"][1]) for one in answer["data"]["result"]]


@pytest.fixture(scope="module")
def scraped(kafka: ApacheKafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    directory = tmp_path_factory.mktemp("scraped")
    settings = worker_settings(kafka.bootstrap_servers, f"scraped-{directory.name}")
    asyncio.run(create_topic(kafka.bootstrap_servers, settings["sources"][0]["topic"], PARTITIONS))
    with WorkerVerb(directory, "worker", settings) as worker, serve() as serving:
        worker.until_ready()
        address = worker.logged("metrics and health")[0]["address"].partition("//")[2].partition("/")[0]
        with prometheus(directory, configuration(address, serving)) as server:
            until(lambda: values(server, 'up{job="foreshock-worker"}') == [1.0])
            # Rates need a scrape from before.
            send(settings, [*messages(range(MINUTES)), b"nonsense"])
            samples = f'foreshock_samples_total{{role="forecast"}} == {HOSTS * MINUTES}'
            until(lambda: values(server, samples), 60)
            yield server


def test_both_are_scraped(scraped: Server) -> None:
    assert until(lambda: values(scraped, "up")) == [1.0, 1.0]


def test_every_metric_that_a_rule_names_is_there(scraped: Server) -> None:
    def missing() -> set[str]:
        return {name for name in metrics_in_rules() - NOT_IN_THIS_SCRAPE if not values(scraped, f"count({name})")}

    assert len(metrics_in_rules()) > 20
    until(lambda: not missing() or None, 30)


def test_the_recording_rules_have_values(scraped: Server) -> None:
    recorded = [
        rule["record"]
        for group in yaml.safe_load((RULES / "recording.yml").read_text())["groups"]
        for rule in group["rules"]
    ]
    # Twenty series for three hours are no fleet: none has been compared with what came often enough to be judged.
    recorded.remove("foreshock:forecasts_ok:share1h")

    def without() -> list[str]:
        return [name for name in recorded if not values(scraped, name)]

    until(lambda: not without(), 90)
    assert values(scraped, "foreshock:series:sum") == [float(HOSTS)]


def test_the_rules_are_evaluated_without_errors(scraped: Server) -> None:
    groups = scraped.get("/api/v1/rules")["data"]["groups"]
    assert {group["name"] for group in groups} == {"foreshock-recording", "foreshock-worker", "foreshock-serve"}
    until(lambda: all(rule["health"] == "ok" for group in _groups(scraped) for rule in group["rules"]), 60)


def _groups(server: Server) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = server.get("/api/v1/rules")["data"]["groups"]
    return groups
