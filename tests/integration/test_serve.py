"""`foreshock serve` beside a worker on a broker: what it answers is what the worker said, before and after a kill."""

import asyncio
import signal
import time
from pathlib import Path
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer

from load.brokers.broker import Broker
from load.brokers.ports import free_port
from tests.integration.serve_verb import ServeVerb
from tests.integration.topic_io import create_topic
from tests.integration.worker_verb import WorkerVerb, worker_settings

STEPS = 300
BEGIN_MS = 1_700_000_400_000
HOSTS = 6
SETTLED_S = 5.0
"""Longer than reading takes to notice what is new."""

LISTS = ("series", "capacity", "failures", "anomalies", "incidents", "quality")


async def _send(servers: str, topic: str, steps: range) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=servers, linger_ms=10)
    await producer.start()
    try:
        for step in steps:
            for host in range(HOSTS):
                labels = {"host": f"h{host}"}
                values = {"disk": 10.0 + step * (1 + host) / 10, "errors": 0.2 if step % 50 > 40 else 0.01 * host}
                for metric, value in values.items():
                    sample = {"metric": metric, "labels": labels, "timestamp": BEGIN_MS + step * 60_000, "value": value}
                    await producer.send(topic, orjson.dumps(sample), f"h{host}".encode(), partition=host % 4)
    finally:
        await producer.stop()


def _settings(broker: Broker, prefix: str) -> dict[str, Any]:
    return worker_settings(broker.bootstrap_servers, prefix) | {
        "capacity": [{"name": "disk", "metric": "disk", "limit": {"value": 100}}],
        "failures": [{"name": "errors", "metric": "errors", "above": 0.1, "for": "5m", "within": "1h"}],
        "serve": {"port": 0, "now": "event"},
    }


def _answers(serve: ServeVerb) -> dict[str, Any]:
    found = {path: serve.get(f"/api/v1/{path}?limit=200") for path in LISTS}
    assert {status for status, _ in found.values()} == {200}, found
    names = [item["series"] for item in found["series"][1]["items"]]
    ones = {name: serve.get(f"/api/v1/series/one?series={_quoted(name)}") for name in names}
    return {**found, **ones}


def _quoted(name: str) -> str:
    return name.replace("{", "%7B").replace("}", "%7D").replace('"', "%22").replace("=", "%3D")


def test_it_answers_what_the_worker_said_and_so_again_after_a_kill(
    broker: Broker, topic_prefix: str, tmp_path: Path
) -> None:
    settings = _settings(broker, topic_prefix)
    source = settings["sources"][0]["topic"]
    asyncio.run(create_topic(broker.bootstrap_servers, source, 4))
    with (
        WorkerVerb(tmp_path, "worker", settings) as worker,
        ServeVerb(tmp_path, "serve", settings) as serve,
    ):
        worker.until(lambda: worker.get("/readyz")[0] == 200, within_s=180.0)
        asyncio.run(_send(broker.bootstrap_servers, source, range(STEPS)))
        serve.until_ready()
        end_ms = BEGIN_MS + (STEPS - 1) * 60_000
        serve.until(lambda: serve.get("/api/v1/status")[1]["event_time_ms"] == end_ms)
        serve.until(lambda: len(serve.get("/api/v1/capacity")[1]["items"]) == HOSTS)
        worker.send(signal.SIGTERM)
        assert worker.code() == 0
        before = _settled(serve)
        assert len(before["capacity"][1]["items"]) == HOSTS
        assert len(before["failures"][1]["items"]) == HOSTS
        assert len(before["series"][1]["items"]) == 2 * HOSTS
        assert serve.end(signal.SIGKILL) == -signal.SIGKILL
    with ServeVerb(tmp_path, "again", settings) as again:
        again.until_ready()
        assert _answers(again) == before
        assert again.end(signal.SIGTERM, within_s=10) == 0


def _settled(serve: ServeVerb) -> dict[str, Any]:
    """Its answers, once they change no more."""
    answers = _answers(serve)
    while True:
        time.sleep(SETTLED_S)
        before, answers = answers, _answers(serve)
        if answers == before:
            return answers


def test_it_says_what_is_wrong_and_ends(tmp_path: Path) -> None:
    broker = {"bootstrap_servers": f"127.0.0.1:{free_port()}"}
    sources = [{"topic": "telemetry"}]
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({"broker": broker, "sources": sources}, 3, "can't reach Kafka"),
        ({"sources": sources, "serve": {"host": "0.0.0.0"}}, 2, "set tokens_file or client_ca_file"),
    ]
    for place, (settings, code, words) in enumerate(cases):
        with ServeVerb(tmp_path, str(place), settings) as serve:
            assert serve.process.wait(60) == code, serve.log
            assert words in serve.log
