"""wrk, which asks one address over and over, and what it says at its end."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

_UNITS_MS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
_LATENCY = re.compile(r"^\s+(\d+)%\s+([\d.]+)(us|ms|s|m)\s*$", re.MULTILINE)
_RATE = re.compile(r"^Requests/sec:\s+([\d.]+)", re.MULTILINE)
_BAD = re.compile(r"Non-2xx or 3xx responses: (\d+)")


@dataclass(frozen=True, slots=True)
class Latency:
    """How long answers took, how many came, and how many were errors."""

    p50_ms: float
    p99_ms: float
    per_s: float
    errors: int


def run_wrk(wrk: str, url: str, connections: int, seconds: int, environment: Mapping[str, str]) -> Latency:
    """Ask for so long, over so many connections, each of which waits for its answer."""
    command = [wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency", url]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(environment))  # noqa: S603
    return parse_wrk(done.stdout)


def parse_wrk(text: str) -> Latency:
    """Read what wrk prints."""
    latency = {int(percent): float(value) * _UNITS_MS[unit] for percent, value, unit in _LATENCY.findall(text)}
    rate, bad = _RATE.search(text), _BAD.search(text)
    assert rate is not None
    return Latency(latency[50], latency[99], float(rate[1]), int(bad[1]) if bad else 0)
