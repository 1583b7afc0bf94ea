"""What wrk says is read."""

from load.serving.wrk import Latency, parse_wrk

TEXT = """Running 2s test @ http://127.0.0.1:1/
  1 threads and 8 connections
  Latency Distribution
     50%    2.05ms
     75%    2.50ms
     90%    3.10ms
     99%    1.20s
  900 requests in 2.00s, 1.00MB read
  Non-2xx or 3xx responses: 7
Requests/sec:    449.13
Transfer/sec:      0.50MB
"""


def test_latencies_are_read_in_their_units() -> None:
    assert parse_wrk(TEXT) == Latency(2.05, 1200.0, 449.13, 7)
