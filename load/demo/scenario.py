"""What the demo plays: a generated fleet, its history at full speed and the rest at a pace that can be watched.

The history ends an hour before an outage, three before a nightly backup and half a day before a volume is full: a good
moment to begin watching.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from load.generate.fleet import Fleet
from load.generate.incidents import OUTAGE_AT
from load.generate.signal import ENTITY_LABELS
from load.generate.spec import DAY_MS, HOUR_MS, MINUTE_MS, FleetSpec
from load.recordings.table import SampleTable, matrix_table
from streams.settings.serve import SERVE_PORT

STEP_MS = 2 * MINUTE_MS
DAYS = 5.0
WATCHED_BEFORE_OUTAGE_MS = HOUR_MS
SPEED = 600.0
"""Ten minutes of event time a second: what is left of the recording takes five minutes."""

PART_MS = 6 * HOUR_MS
"""The history goes to the worker in parts of this length."""

HISTORY_BATCH = 60
"""Samples a message of the history."""

assert DAYS * DAY_MS * OUTAGE_AT > WATCHED_BEFORE_OUTAGE_MS + DAY_MS, "there is a day of history at least"

HISTORY_SAMPLES = DAY_MS // STEP_MS
"""The page shows a day of each series."""

TELEMETRY_TOPIC = "telemetry"
EMIT_EVERY_STEPS = 6

# Few series gain nothing from partitions: the models work on all series of one partition together.
PARTITIONS = 1

RULES = {
    "capacity": [
        {"name": "disk", "metric": "volume_used_bytes", "limit": {"metric": "volume_capacity_bytes"}},
        {"name": "memory", "metric": "memory_used_bytes", "limit": {"metric": "memory_total_bytes"}},
        {"name": "process", "metric": "process_memory_bytes", "limit": {"metric": "process_memory_limit_bytes"}},
    ],
    "failures": [
        {"name": "errors", "metric": "error_rate", "above": 0.05, "for": "5m", "within": "1h"},
        {"name": "cpu", "metric": "cpu_usage_percent", "above": 90, "for": "10m", "within": "6h"},
    ],
}


def fleet_spec(seed: int, hosts: int, services: int, volumes: int) -> FleetSpec:
    """The fleet of the demo."""
    return FleetSpec(seed, hosts, services, volumes, DAYS, STEP_MS)


def watched_from_ms(spec: FleetSpec) -> int:
    """The event time at which the history ends."""
    return spec.at(OUTAGE_AT) - WATCHED_BEFORE_OUTAGE_MS


def history_parts(fleet: Fleet) -> Iterator["FleetSpan"]:
    """The history in order."""
    stop_ms = watched_from_ms(fleet.spec)
    for start_ms in range(fleet.spec.start_ms, stop_ms, PART_MS):
        yield FleetSpan(fleet, start_ms, min(start_ms + PART_MS, stop_ms))


def watched_span(fleet: Fleet) -> "FleetSpan":
    """What comes after the history."""
    return FleetSpan(fleet, watched_from_ms(fleet.spec), fleet.spec.end_ms)


def worker_settings(
    bootstrap_servers: str, prefix: str, source_topic: str, serve_port: int = SERVE_PORT
) -> dict[str, object]:
    """The configuration of the demo's worker and of its page, as their file has it."""
    return {
        # A worker that joins a group on the embedded broker waits half a session.
        "broker": {"bootstrap_servers": bootstrap_servers, "session_timeout": "6s"},
        "topics": {"prefix": prefix, "partitions": PARTITIONS},
        "sources": [
            {"topic": source_topic, "codec": "json", "entity": sorted(ENTITY_LABELS), "step": f"{STEP_MS // 1000}s"}
        ],
        "forecast": {"emit_every": EMIT_EVERY_STEPS},
        # The usual port may be a real worker's.
        "worker": {"metrics": {"port": None}},
        # What is replayed is long ago by the clock.
        "serve": {"port": serve_port, "now": "event", "history": HISTORY_SAMPLES},
        **RULES,
    }


@dataclass(frozen=True, slots=True)
class FleetSpan:
    """A fleet's samples from `start_ms` until before `stop_ms`, both on its grid: a `Recording`."""

    fleet: Fleet
    start_ms: int
    stop_ms: int

    def span_ms(self) -> tuple[int, int]:
        """First and last event time."""
        return self.start_ms, self.stop_ms - self.fleet.spec.step_ms

    def tables(self, rows_max: int) -> Iterator[SampleTable]:
        """See `load.recordings.recording.Recording`."""
        spec = self.fleet.spec
        times, begin = spec.times_ms(), (self.start_ms - spec.start_ms) // spec.step_ms
        end = (self.stop_ms - spec.start_ms) // spec.step_ms
        steps = max(1, rows_max // len(self.fleet.series))
        for start in range(begin, end, steps):
            part = slice(start, min(start + steps, end))
            yield matrix_table(self.fleet.series, times[part], self.fleet.values[part])
