"""`foreshock serve` alerts of what is on the topics: on a real Alertmanager, before and after a kill."""

import asyncio
import signal
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from aiokafka import AIOKafkaProducer

from load.brokers.broker import Broker
from streams.edge.admin import create_topics
from streams.settings.model import Settings
from tests.integration.serve_verb import ServeVerb
from tests.integration.worker_verb import worker_settings
from tests.servers import alertmanager, until
from tests.streams.serve.alerting.records import capacity, value_of


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


async def _publish(servers: str, topic: str, key: str, record: dict[str, Any]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=servers)
    await producer.start()
    try:
        await producer.send_and_wait(topic, value_of(record), key.encode(), partition=0)
    finally:
        await producer.stop()


def _metric(serve: ServeVerb, line: str) -> bool:
    with urlopen(f"{serve.address}/metrics", timeout=10) as answer:
        return line in answer.read().decode().splitlines()


def test_an_alert_outlives_a_kill_of_serve(broker: Broker, topic_prefix: str, tmp_path: Path) -> None:
    settings = worker_settings(broker.bootstrap_servers, topic_prefix)
    asyncio.run(create_topics(Settings.model_validate(settings)))
    key = 'capacity|disk{host="a"}|disk'

    def publish(p_6h: float, **fields: Any) -> None:
        record = capacity(p_6h, origin_ms=wall_ms(), **fields)
        asyncio.run(_publish(broker.bootstrap_servers, f"{topic_prefix}.capacity", key, record))

    with alertmanager(tmp_path) as manager:
        settings["serve"] = {"port": 0}
        settings["alerting"] = {"alertmanagers": [{"url": manager.url}], "resend_every": "20s", "leave_after": None}
        publish(0.1, p_7d=0.1, status="ok")
        publish(0.9)
        with ServeVerb(tmp_path, "first", settings) as first:
            [alert] = until(lambda: manager.get("/api/v2/alerts"), 120)
            assert alert["labels"]["alertname"] == "ForeshockCapacity"
            firing = 'foreshock_serve_alerts_firing{alertname="ForeshockCapacity",severity="page"} 1.0'
            first.until(lambda: _metric(first, firing))
            first.process.kill()
        publish(0.8, level=99.0)
        with ServeVerb(tmp_path, "second", settings) as second:
            [again] = until(
                lambda: [one for one in manager.get("/api/v2/alerts") if "99 now" in one["annotations"]["description"]],
                120,
            )
            assert (again["startsAt"], again["labels"]) == (alert["startsAt"], alert["labels"])
            publish(0.0, p_7d=0.0, status="ok")
            until(lambda: not manager.get("/api/v2/alerts"))
            assert second.end(signal.SIGTERM) == 0
