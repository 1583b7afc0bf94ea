"""History by query_range: a server that answers as we say, and a real Prometheus."""

import os
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import orjson
import pytest

from load.backfill.errors import HistoryError, QueryError
from load.backfill.prometheus import STEPS_AT_ONCE, TRIES, PrometheusHistory
from load.brokers.ports import free_port
from load.recordings.table import concatenate
from streams.series import SeriesKey
from tests.programs import Program, ProgramUnavailableError, give_up, program

MINUTE_MS = 60_000
T_MS = 1_700_000_040_000


class Server(ThreadingHTTPServer):
    """Gives its answers in turn, the last one again and again, and keeps what it was asked."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.answers, self.asked, self.tokens = list(answers), [], []  # type: ignore[var-annotated]  # filled below
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append({name: values[0] for name, values in form.items()})
        self.server.tokens.append(self.headers.get("Authorization"))
        status, body = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body if isinstance(body, bytes) else orjson.dumps(body))

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextmanager
def served(*answers: tuple[int, Any]) -> Iterator[tuple[Server, str]]:
    server = Server(*answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def matrix(*series: tuple[dict[str, str], list[tuple[float, str]]]) -> dict[str, Any]:
    result = [{"metric": labels, "values": values} for labels, values in series]
    return {"status": "success", "data": {"resultType": "matrix", "result": result}}


def history(url: str, *queries: str, steps: int = 10, token: str | None = None) -> PrometheusHistory:
    stop_ms = T_MS + steps * MINUTE_MS
    return PrometheusHistory(url, queries or ("up",), T_MS, stop_ms, MINUTE_MS, token, sleep=lambda _: None)


def rows(made: PrometheusHistory) -> list[tuple[SeriesKey, int, float]]:
    table = concatenate(list(made.tables(1000)))
    return [
        (table.series[place], time_ms, value)
        for place, time_ms, value in zip(
            table.index.tolist(), table.timestamp_ms.tolist(), table.value.tolist(), strict=True
        )
    ]


def test_samples_of_all_series_in_the_order_of_time() -> None:
    at = T_MS / 1000
    up = matrix(
        ({"__name__": "up", "job": "a"}, [(at, "1"), (at + 60, "NaN"), (at + 120, "0.5")]),
        ({"__name__": "up", "job": "b"}, [(at + 60.25, "+Inf"), (at + 60, "-2e3")]),
    )
    a, b = (SeriesKey("up", (("job", job),)) for job in "ab")
    with served((200, up)) as (_, url):
        assert rows(history(url)) == [(a, T_MS, 1.0), (b, T_MS + 60_000, -2000.0), (a, T_MS + 120_000, 0.5)]


def test_slice_after_slice_without_an_instant_twice() -> None:
    with served((200, matrix())) as (server, url):
        assert rows(history(url, "up", "down", steps=2 * STEPS_AT_ONCE + 1, token="secret")) == []
    assert [one["query"] for one in server.asked] == ["up", "down"] * 3
    spans = [(float(one["start"]), float(one["end"])) for one in server.asked[::2]]
    begin = T_MS / 1000
    width = 60 * STEPS_AT_ONCE
    assert spans == [
        (begin, begin + width - 60),
        (begin + width, begin + 2 * width - 60),
        (begin + 2 * width, begin + 2 * width),
    ]
    assert set(server.tokens) == {"Bearer secret"}


def test_what_fails_for_a_while_is_asked_again() -> None:
    with served((503, b""), (429, b""), (200, matrix())) as (server, url):
        assert rows(history(url)) == []
        assert len(server.asked) == 3


def test_what_fails_for_good() -> None:
    with served((500, b"")) as (server, url), pytest.raises(HistoryError, match="does not answer"):
        rows(history(url))
    assert len(server.asked) == TRIES
    with pytest.raises(HistoryError, match="does not answer"):
        rows(history(f"http://127.0.0.1:{free_port()}"))


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((400, {"status": "error", "error": "parse error: unexpected end"}), "400 parse error"),
        ((401, b"no"), "401"),
        ((200, b"<html>"), "none of Prometheus'"),
        ((200, {"status": "success", "data": {"resultType": "scalar", "result": []}}), "no range"),
        ((200, matrix(({"job": "a"}, [(1.0, "1")]))), "without a name"),
    ],
)
def test_what_is_not_to_be_had(answer: tuple[int, Any], says: str) -> None:
    with served(answer) as (_, url), pytest.raises(QueryError, match=says):
        rows(history(url))


# A real one


@contextmanager
def prometheus(folder: Path) -> Iterator[str]:
    """A Prometheus whose history is a day of two series, minute by minute, ending now; gives its address."""
    try:
        promtool, server = program("promtool", "prometheus"), program("prometheus", "prometheus")
    except ProgramUnavailableError as error:
        give_up(error, os.environ)
    end_s = int(time.time()) // 60 * 60
    lines = ["# TYPE load gauge"]
    for host in "ab":
        lines += [f'load{{host="{host}"}} {40 + step % 60}.5 {end_s - 60 * (1439 - step)}' for step in range(1440)]
    (folder / "history.txt").write_text("\n".join([*lines, "# EOF", ""]))
    _run(promtool, "tsdb", "create-blocks-from", "openmetrics", str(folder / "history.txt"), str(folder / "data"))
    (folder / "prometheus.yml").write_text("global: {scrape_interval: 1m}\n")
    address = f"127.0.0.1:{free_port()}"
    arguments = [f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
    with subprocess.Popen(
        [server.path, *arguments, f"--web.listen-address={address}"],
        env=os.environ | server.environment,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_for(f"http://{address}/-/ready")
            yield f"http://{address}"
        finally:
            process.terminate()


def _run(one: Program, *arguments: str) -> None:
    subprocess.run([one.path, *arguments], env=os.environ | one.environment, check=True, capture_output=True)


def _wait_for(url: str, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def test_a_real_prometheus(tmp_path: Path) -> None:
    with prometheus(tmp_path) as url:
        stop_ms = int(time.time()) // 60 * MINUTE_MS - 30 * MINUTE_MS
        made = PrometheusHistory(url, ["load"], stop_ms - 360 * MINUTE_MS, stop_ms, MINUTE_MS)
        table = concatenate(list(made.tables(1000)))
        assert sorted(dict(key.labels)["host"] for key in table.series) == ["a", "b"]
        assert len(table) == 720
        assert np.all(np.diff(table.timestamp_ms) >= 0)
        assert set(np.unique(table.value).tolist()) == {40.5 + step for step in range(60)}
        bad = PrometheusHistory(url, ["load{"], stop_ms - MINUTE_MS, stop_ms, MINUTE_MS)
        with pytest.raises(QueryError, match="parse error"):
            list(bad.tables(1000))
