"""Remote write 1.0: what our own writer writes, bytes by hand, hostile blocks, and a real Prometheus."""

import math
import os
import struct
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cramjam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from load.brokers.ports import free_port
from streams.codecs import remote_write
from streams.codecs.registry import codec
from streams.columns import Columns
from streams.serve.remote_write.wire import Sample, write_request
from tests.programs import ProgramUnavailableError, give_up, program
from tests.streams.codecs.samples import key, rows, told

T_MS = 1_700_000_000_000
UP = (("__name__", "up"), ("job", "a"))


def block(message: bytes) -> bytes:
    return bytes(cramjam.snappy.compress_raw(message))


def decode(message: bytes, rows_max: int = 100) -> Columns:
    return codec("remote_write").decode(block(message), rows_max)


def test_a_request_byte_for_byte() -> None:
    labels = b"\x0a\x0e\x0a\x08__name__\x12\x02up" + b"\x0a\x08\x0a\x03job\x12\x01a"
    sample = b"\x12\x10\x09" + struct.pack("<d", 1.5) + b"\x10\x80\xd0\x95\xff\xbc\x31"
    series = labels + sample
    message = b"\x0a" + bytes([len(series)]) + series + b"\x1a\x02\x08\x01"  # metadata behind it
    assert rows(decode(message)) == [(0, key("up", job="a"), T_MS, 1.5)]


numbers = st.floats(allow_nan=False)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.tuples(texts, numbers, st.integers(0, 2**62)), min_size=1, max_size=20))
def test_what_our_own_writer_writes(given_samples: list[tuple[str, float, int]]) -> None:
    samples = [Sample((("__name__", "up"), ("job", text)), value, time_ms) for text, value, time_ms in given_samples]
    found = rows(decode(write_request(samples)))
    assert found == [
        (row, key("up", job=one.labels[1][1]), one.timestamp_ms, one.value) for row, one in enumerate(samples)
    ]


def test_zeros_are_not_written_and_times_may_be_below_zero() -> None:
    series = b"\x0a\x0e\x0a\x08__name__\x12\x02up"
    assert rows(decode(b"\x0a" + bytes([len(series) + 2]) + series + b"\x12\x00")) == [(0, key("up"), 0, 0.0)]
    before = b"\x12\x0b\x10" + b"\xff" * 9 + b"\x01"
    assert rows(decode(b"\x0a" + bytes([len(series) + len(before)]) + series + before))[0][2] == -1


def test_staleness_passes_for_validation_to_refuse() -> None:
    assert math.isnan(decode(write_request([Sample(UP, math.nan, T_MS)])).value[0])


def test_series_that_can_not_be_named_are_refused_alone() -> None:
    nameless, twice = Sample((("job", "a"),), 1.0, T_MS), Sample((*UP, ("job", "b")), 1.0, T_MS)
    columns = decode(write_request([Sample(UP, 1.0, T_MS), nameless, twice, Sample(UP, 2.0, T_MS)]))
    assert [(row, value) for row, *_, value in rows(columns)] == [(0, 1.0), (3, 2.0)]
    assert told(columns) == [(1, "missing_field"), (2, "bad_name")]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "empty_message"),
        (b"{}", "malformed"),
        (block(b""), "empty_message"),
        (block(b"\x0a\x7f"), "malformed"),
        (block(b"\x0b"), "malformed"),
        (block(b"\x0a\x04\x0a\x02\x0a\x09"), "malformed"),
        (block(b"\x0a\x05\x0a\x03\x0a\x01\xff\x12\x00"), "malformed"),
        (block(b"\xff" * 11), "malformed"),
        # Remote write 2.0: symbols are field 4, series field 5.
        (block(b"\x22\x00\x22\x02up\x2a\x02\x0a\x00"), "empty_message"),
    ],
)
def test_refused(payload: bytes, reason: str) -> None:
    assert told(codec("remote_write").decode(payload, 100)) == [(-1, reason)]


def test_too_many_rows() -> None:
    assert told(decode(write_request([Sample(UP, 1.0, T_MS)] * 4), rows_max=3)) == [(-1, "too_many_rows")]


def test_a_block_that_says_it_is_huge_is_not_inflated() -> None:
    huge = b"\xff\xff\xff\xff\x0f" + b"\x00" * 20
    assert told(codec("remote_write").decode(huge, 100)) == [(-1, "message_too_large")]


def test_a_bomb_stays_within_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_write, "INFLATED_BYTES_MAX", 1000)
    assert told(decode(b"\x00" * 1001)) == [(-1, "message_too_large")]


def test_a_real_prometheus(tmp_path: Path) -> None:
    bodies: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    try:
        server = program("prometheus", "prometheus")
    except ProgramUnavailableError as error:
        give_up(error, os.environ)
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        address = f"127.0.0.1:{free_port()}"
        (tmp_path / "prometheus.yml").write_text(
            "global: {scrape_interval: 1s}\n"
            f"scrape_configs: [{{job_name: itself, static_configs: [{{targets: ['{address}']}}]}}]\n"
            f"remote_write: [{{url: 'http://127.0.0.1:{receiver.server_port}/'}}]\n"
        )
        arguments = [f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/data"]
        with subprocess.Popen(
            [server.path, *arguments, f"--web.listen-address={address}"],
            env=os.environ | server.environment,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                found = _wait_for_up(bodies)
            finally:
                process.terminate()
        receiver.shutdown()
    assert found == key("up", instance=address, job="itself")


def _wait_for_up(bodies: list[bytes], seconds: float = 120.0) -> object:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for body in list(bodies):
            columns = codec("remote_write").decode(body, 100_000)
            assert not [reject for reject in columns.rejects if reject.reason != "empty_message"]
            for series, time_ms in zip(columns.series, columns.timestamp_ms, strict=True):
                if series.metric == "up":
                    assert abs(time_ms - time.time() * 1000) < 600_000
                    return series
        time.sleep(0.2)
    return None
