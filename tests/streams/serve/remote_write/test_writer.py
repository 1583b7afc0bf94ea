"""Forecasts on a real Prometheus."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import cramjam
import pytest

from streams.serve.remote_write.forecasts import samples_of
from streams.serve.remote_write.wire import Sample, write_request
from streams.serve.remote_write.writer import AGE_MS_MAX, HEADERS, WAITING_MAX, RemoteWriter
from streams.settings.durations import HOUR_MS, MINUTE_MS
from streams.settings.remote_write import RemoteWriteSettings
from tests.servers import Server, prometheus
from tests.streams.serve.alerting.records import made, value_of

TOPIC = "foreshock.forecasts"
LEVELS = [0.1, 0.5, 0.9]


class Read(NamedTuple):
    topic: str
    key: bytes
    value: bytes | None


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


def forecast(host: str, origin_ms: int, **fields: Any) -> dict[str, Any]:
    horizons = {"horizon_steps": [1, 12, 48], "step_ms": 5 * MINUTE_MS, "levels": LEVELS}
    quantiles = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]
    series = {"metric": "load", "labels": {"host": host, "a.b": "c"}, "quantiles": quantiles}
    return made("forecast", origin_ms=origin_ms, **horizons | series | fields)


def settings(url: str = "http://127.0.0.1:9/api/v1/write", **fields: Any) -> RemoteWriteSettings:
    return RemoteWriteSettings.model_validate({"url": url} | fields)


def test_a_forecast_is_a_sample_for_each_quantile_and_time_ahead() -> None:
    told = list(samples_of(forecast("x", 7), settings(ahead=["1h", "4h"], quantiles=[0.9])))
    assert told == [
        Sample(
            (("__name__", "foreshock_forecast"), ("a_b", "c"), ("ahead", ahead), ("host", "x"), ("metric", "load"),
             ("quantile", "0.9")),
            value, 7,
        )
        for ahead, value in (("1h", 6.0), ("4h", 9.0))
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fields", [{"ahead": ["30m"]}, {"ahead": ["6h"]}, {"metrics": ["cpu*"]}, {"quantiles": [0.95]}]
)
def test_what_is_not_wanted_or_not_forecast_is_left_out(fields: dict[str, Any]) -> None:
    assert list(samples_of(forecast("x", 7), settings(**fields))) == []


def test_only_news_of_the_last_hour_is_written_in_order() -> None:
    now_ms = 10 * HOUR_MS
    writer = RemoteWriter(settings(), TOPIC, lambda: now_ms, lambda: 1.0)
    for origin_ms in (now_ms - AGE_MS_MAX - 1, now_ms - 5, now_ms - 5, now_ms - 6, now_ms, now_ms + 1):
        writer.apply([Read(TOPIC, b"k", value_of(forecast("x", origin_ms)))])
    assert [sample.timestamp_ms for sample in writer._waiting] == [now_ms - 5] * 3 + [now_ms] * 3
    writer.apply([Read("foreshock.quality", b"k", b"{}"), Read(TOPIC, b"k", b"{}"), Read(TOPIC, b"k", None)])
    assert writer.unreadable == 1


def test_samples_that_wait_are_bounded() -> None:
    writer = RemoteWriter(settings(), TOPIC, lambda: 0, lambda: 1.0)
    writer._waiting.extend([Sample((), 0.0, 0)] * WAITING_MAX)
    writer.apply([Read(TOPIC, b"k", value_of(forecast("x", 0)))])
    assert (len(writer._waiting), writer.counts.dropped) == (WAITING_MAX, 3)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    config = {"global": {"scrape_interval": "1s"}, "scrape_configs": []}
    with prometheus(tmp_path, config, "--web.enable-remote-write-receiver") as one:
        yield one


def values(server: Server, query: str) -> list[float]:
    answer = server.get("/api/v1/query", query=query)
    return [float(one["value"][1]) for one in answer["data"]["result"]]


async def written(writer: RemoteWriter) -> None:
    task = asyncio.create_task(writer.run())
    async with asyncio.timeout(20):
        while not writer.counts.sent + writer.counts.dropped:
            await asyncio.sleep(0.05)
    task.cancel()


def test_forecasts_arrive_and_offset_lays_them_beside_what_came(server: Server) -> None:
    now_ms = wall_ms()
    writer = RemoteWriter(settings(f"{server.url}/api/v1/write", ahead=["10m"]), TOPIC, wall_ms, lambda: 1.0)
    for ago_ms in (10 * MINUTE_MS, 5 * MINUTE_MS):
        record = forecast("x", now_ms - ago_ms, horizon_steps=[1, 2, 4], quantiles=[[ago_ms] * 3] * 3)
        writer.apply([Read(TOPIC, b"k", value_of(record))])
    asyncio.run(written(writer))
    assert (writer.counts.sent, writer.counts.failed) == (6, 0)
    query = 'foreshock_forecast{host="x",quantile="0.9",ahead="10m"}'
    assert values(server, f"{query} offset 10m") == [10 * MINUTE_MS]
    assert values(server, f"last_over_time({query}[10m])") == [5 * MINUTE_MS]


def send(server: Server, timestamp_ms: int, name: str) -> int:
    body = bytes(cramjam.snappy.compress_raw(write_request([Sample((("__name__", name),), 1.0, timestamp_ms)])))
    try:
        with urlopen(Request(f"{server.url}/api/v1/write", body, HEADERS), timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_a_sample_that_is_ahead_of_the_clock_puts_the_present_out_of_bounds(server: Server) -> None:
    """Why forecasts bear the time of their origin."""
    assert send(server, wall_ms(), "before") == 204
    assert send(server, wall_ms() + 24 * HOUR_MS, "ahead") == 204
    assert send(server, wall_ms(), "after") == 400
