"""What is measured: how many series, how they were checkpointed, and how much is left to be replayed.

Steps count from the epoch. The last one begins an emission interval, so that every series is forecast at it: when all
forecasts are on their topic, everything is applied, and each of them tells whether the state behind it is right.
"""

from dataclasses import dataclass
from typing import Any

STEP_MS = 300_000
DAY_STEPS = 24 * 60 * 60_000 // STEP_MS
EMIT_EVERY_STEPS = 12
LAST_STEP = 475_001 * EMIT_EVERY_STEPS  # in 2024
ENTITY_LABEL = "host"
SERIES_PER_HOST = 20
CHECKPOINT_INTERVAL = "1h"
"""No recovery takes so long: what is measured holds no checkpoint."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A recovery to be measured.

    Parameters
    ----------
    hosts
        Each has `SERIES_PER_HOST` series.
    replay_steps
        Steps since the last checkpoint; none of them begins an emission interval but the last.
    checkpoints
        Written before it, a step apart. From the second on the changelog holds both buffers of every section, as it
        does of a worker that has run for a while.
    train_days
        How long the series were learned from; their memory of weeks is full after 21.
    """

    hosts: int
    partitions: int
    replay_steps: int
    checkpoints: int
    train_days: int
    prefix: str = "recovery"

    @property
    def series(self) -> int:
        """All series."""
        return self.hosts * SERIES_PER_HOST

    @property
    def telemetry_topic(self) -> str:
        """Where the telemetry would come from; the blocks name it, and nobody reads it."""
        return f"{self.prefix}-telemetry"

    @property
    def state_step(self) -> int:
        """The last step that the last checkpoint includes."""
        return LAST_STEP - self.replay_steps

    @property
    def filled_step(self) -> int:
        """The step at which the series take their trained state."""
        return self.state_step - (self.checkpoints - 1)

    @property
    def replayed_samples(self) -> int:
        """What comes after the last checkpoint."""
        return self.series * self.replay_steps

    def document(self, bootstrap_servers: str) -> dict[str, Any]:
        """The worker's settings; the session timeout makes joins short on every broker."""
        return {
            "broker": {"bootstrap_servers": bootstrap_servers, "session_timeout": "6s"},
            "topics": {"prefix": self.prefix, "partitions": self.partitions},
            "sources": [{"topic": self.telemetry_topic, "entity": [ENTITY_LABEL], "step": f"{STEP_MS}ms"}],
            "forecast": {"emit_every": EMIT_EVERY_STEPS},
            "limits": {"series_per_partition": 10_000_000},
            "worker": {"checkpoint_interval": CHECKPOINT_INTERVAL, "log_format": "json", "metrics": {"port": 0}},
        }
