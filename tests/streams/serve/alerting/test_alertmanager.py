"""Alerts on a real Alertmanager."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

import pytest

from load.brokers.ports import free_port
from streams.serve.alerting.service import Alerting, Clocks
from streams.settings.durations import HOUR_MS, MINUTE_MS
from streams.settings.model import Settings
from tests.servers import Server, alertmanager, until
from tests.streams.serve.alerting.records import capacity, failure, value_of

PAGE_URL = "http://127.0.0.1:9470"


class Read(NamedTuple):
    topic: str
    key: bytes
    value: bytes | None


class Serving:
    """Alerting in a thread of its own, as serve runs it; records are handed to it in its loop."""

    def __init__(self, *urls: str, **alerting: Any) -> None:
        receivers = [{"url": url, "timeout": "1s"} for url in urls]
        document = {
            "sources": [{"topic": "telemetry"}],
            "alerting": {"alertmanagers": receivers, "resend_every": "1s"} | alerting,
        }
        clocks = Clocks(now_ms=wall_ms, wall_ms=wall_ms)
        self.alerting = Alerting(Settings.model_validate(document), PAGE_URL, clocks, chance=lambda: 1.0)
        self.is_ready = Event()

    def tell(self, record: dict[str, Any], key: str = "capacity|disk|full") -> None:
        topic = "foreshock.capacity" if record["kind"] == "capacity" else "foreshock.failures"
        self.alerting.apply([Read(topic, key.encode(), value_of(record))])


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


@contextmanager
def serving(*urls: str, told: tuple[dict[str, Any], ...] = (), **alerting: Any) -> Iterator[Serving]:
    one = Serving(*urls, **alerting)
    for record in told:
        one.tell(record)
    one.is_ready.set()
    loop = asyncio.new_event_loop()
    task = loop.create_task(one.alerting.run(one.is_ready.is_set))

    def run() -> None:
        with pytest.raises(asyncio.CancelledError):
            loop.run_until_complete(task)

    thread = Thread(target=run)
    thread.start()
    try:
        yield one
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)
        assert not thread.is_alive()
        loop.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Server]:
    with alertmanager(tmp_path) as server:
        yield server


def alerts(manager: Server) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = manager.get("/api/v2/alerts")
    return found


def full(p_6h: float = 0.9, ago_ms: int = 0, **fields: Any) -> dict[str, Any]:
    origin_ms = wall_ms() - ago_ms
    return capacity(p_6h, origin_ms=origin_ms, entity='{host="a"}', **fields)


def test_an_alert_arrives_stays_the_same_and_leaves(manager: Server) -> None:
    with serving(manager.url, leave_after=None) as one:
        one.tell(full(0.9))
        [alert] = until(lambda: alerts(manager))
        assert alert["labels"] == {
            "alertname": "ForeshockCapacity",
            "severity": "page",
            "rule": "disk",
            "metric": "disk_used_bytes",
            "host": "a",
        }
        assert alert["generatorURL"] == f"{PAGE_URL}/#/series/disk_used_bytes%7Bhost%3D%22a%22%7D"
        assert "disk_used_bytes of host a" in alert["annotations"]["summary"]
        assert alert["status"]["state"] == "active"
        one.tell(full(0.8, level=99.0))
        again = until(lambda: [one for one in alerts(manager) if "99 now" in one["annotations"]["description"]])
        assert [(one["fingerprint"], one["startsAt"]) for one in again] == [(alert["fingerprint"], alert["startsAt"])]
        assert again[0]["endsAt"] > alert["endsAt"]
        one.tell(full(0.0, p_7d=0.0, status="ok"))
        until(lambda: not alerts(manager))


def test_one_that_becomes_more_urgent_is_another_alert(manager: Server) -> None:
    with serving(manager.url) as one:
        one.tell(full(0.0))
        [ticket] = until(lambda: alerts(manager))
        one.tell(full(0.9))
        [page] = until(lambda: [one for one in alerts(manager) if one["labels"]["severity"] == "page"])
        until(lambda: len(alerts(manager)) == 1)
        assert ticket["labels"] | {"severity": "page"} == page["labels"]


def test_a_silence_works(manager: Server) -> None:
    with serving(manager.url) as one:
        one.tell(full())
        until(lambda: alerts(manager))
        silence = {
            "matchers": [{"name": "rule", "value": "disk", "isRegex": False, "isEqual": True}],
            "startsAt": "2020-01-01T00:00:00Z", "endsAt": "2100-01-01T00:00:00Z", "createdBy": "a test", "comment": "-",
        }  # fmt: skip
        manager.post("/api/v2/silences", silence)
        until(lambda: alerts(manager)[0]["status"]["state"] == "suppressed")
        time.sleep(2.5)
        assert alerts(manager)[0]["status"]["state"] == "suppressed", "sent again, it is the same alert"


def test_a_restart_changes_neither_labels_nor_the_start(manager: Server) -> None:
    """Though compaction has left only the newest record, which says nothing of when it began."""
    with serving(manager.url, told=(full(0.9, ago_ms=10 * MINUTE_MS),)):
        [alert] = until(lambda: alerts(manager))
    with serving(manager.url, told=(full(0.8, ago_ms=MINUTE_MS, level=99.0),)) as restarted:
        [again] = until(lambda: [one for one in alerts(manager) if "99 now" in one["annotations"]["description"]])
        assert (again["startsAt"], again["labels"]) == (alert["startsAt"], alert["labels"])
        [known] = restarted.alerting.desk.firing.values()
        assert wall_ms() - known.starts_at_ms > 9 * MINUTE_MS


def test_without_serve_an_alert_ends(manager: Server) -> None:
    with serving(manager.url, told=(full(),)):
        until(lambda: alerts(manager))
    until(lambda: not alerts(manager))


def test_a_start_that_is_ahead_of_the_clock_is_cut_off(manager: Server) -> None:
    """With event time for now, a replay may run ahead of it."""
    with serving(manager.url, told=(full(ago_ms=-HOUR_MS),)):
        until(lambda: alerts(manager))


def test_a_dead_one_holds_up_nobody_and_is_told_when_it_is_back(manager: Server, tmp_path: Path) -> None:
    port = free_port()
    dead = f"http://127.0.0.1:{port}"
    with serving(dead, manager.url) as one:
        one.tell(full())
        one.tell(failure(0.9, origin_ms=wall_ms()), key="failure|errors")
        until(lambda: len(alerts(manager)) == 2)
        until(lambda: one.alerting.managers[0].counts.failed >= 4)
        (tmp_path / "again").mkdir()
        with alertmanager(tmp_path / "again", port) as back:
            until(lambda: len(alerts(back)) == 2)
        assert one.alerting.managers[1].counts.failed == 0
        assert one.alerting.managers[1].counts.sent >= 2


def test_rubbish_on_a_topic_is_counted_and_stops_nothing(manager: Server) -> None:
    with serving(manager.url) as one:
        for value in (b"", b"[]", b"7", b'{"kind":[]}', b'{"kind":"capacity"}', b'{"kind":"incident","status":"open"}'):
            one.alerting.apply([Read("foreshock.capacity", b"key", value)])
        one.alerting.apply([Read("foreshock.capacity", b"\xff", b"{}")])
        one.tell(full(expires_at_ms=10**18))
        one.tell({name: value for name, value in full().items() if name != "limit"}, key="lacks what words need")
        assert one.alerting.unreadable == 8
        [alert] = until(lambda: alerts(manager))
        assert "can't be put into words" in alert["annotations"]["summary"]
