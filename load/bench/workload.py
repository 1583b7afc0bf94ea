"""The canonical workload: a fleet of hosts whose series all report once a minute, and are forecast every 48 minutes.

Forecasts are due on a grid of event time, for all series at once. The workload ends on that grid, so that its last
samples make the last forecasts: when these are there, everything is applied.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from load.recordings.table import FloatColumn, SampleTable, matrix_table
from streams.series import SeriesKey, labels_of

STEP_MS = 60_000
EMIT_EVERY_STEPS = 48
HORIZON_STEPS = 48
QUANTILES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
PARTITIONS = 8
ENTITY_LABEL = "host"
SERIES_PER_HOST = 100
"""What a host's agent reports at once: with batches of 100, a message is one report."""

START_MS = 600_000 * EMIT_EVERY_STEPS * STEP_MS  # in 2024, on the grid of emissions
DAY_STEPS = 24 * 60
AUTOCORRELATION = 0.9


@dataclass(frozen=True, slots=True)
class Workload:
    """Telemetry of `series` series over `cycles` emission intervals; a `Recording`."""

    series: int
    cycles: int

    @classmethod
    def of_about(cls, samples: int, series: int) -> "Workload":
        """The smallest with at least so many samples."""
        return cls(series, max(1, ceil((samples / series - 1) / EMIT_EVERY_STEPS)))

    @property
    def steps(self) -> int:
        """Samples of each series."""
        return self.cycles * EMIT_EVERY_STEPS + 1

    @property
    def samples(self) -> int:
        """All samples."""
        return self.series * self.steps

    @property
    def forecasts(self) -> int:
        """What the engine publishes: a first forecast of each series at its second sample, then one per interval."""
        return self.series * (self.cycles + 1)

    def span_ms(self) -> tuple[int, int]:
        """First and last event time."""
        return START_MS, START_MS + (self.steps - 1) * STEP_MS

    def tables(self, rows_max: int) -> Iterator[SampleTable]:
        """Some steps at a time: daily cycles of different phase, and noise that remembers."""
        rng = np.random.default_rng(0)
        keys = self._keys()
        phase, noise = rng.uniform(0, 2 * np.pi, self.series), np.zeros(self.series)
        steps_at_once = max(1, rows_max // self.series)
        for first in range(0, self.steps, steps_at_once):
            steps = np.arange(first, min(first + steps_at_once, self.steps))
            rows: list[FloatColumn] = []
            for step in steps.tolist():
                noise = AUTOCORRELATION * noise + rng.normal(0.0, 2.0, self.series)
                rows.append(np.round(50 + 20 * np.sin(2 * np.pi * step / DAY_STEPS + phase) + noise, 3))
            yield matrix_table(keys, START_MS + steps * STEP_MS, np.array(rows))

    def _keys(self) -> list[SeriesKey]:
        return [
            SeriesKey(
                f"metric_{number % SERIES_PER_HOST:03d}",
                labels_of({ENTITY_LABEL: f"host-{number // SERIES_PER_HOST:04d}", "zone": "eu-1a"}),
            )
            for number in range(self.series)
        ]


def worker_settings(bootstrap_servers: str, topic: str, prefix: str) -> dict[str, Any]:
    """The configuration of a worker for this workload; the session timeout makes joins short on every broker."""
    return {
        "broker": {"bootstrap_servers": bootstrap_servers, "session_timeout": "6s"},
        "topics": {"prefix": prefix, "partitions": PARTITIONS},
        "sources": [{"topic": topic, "entity": [ENTITY_LABEL], "step": f"{STEP_MS}ms"}],
        "forecast": {"horizon": HORIZON_STEPS, "quantiles": list(QUANTILES), "emit_every": EMIT_EVERY_STEPS},
        "worker": {"metrics": {"port": None}},
    }
