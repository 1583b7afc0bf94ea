"""From a fleet's size to workers, memory, disk and the time that a restart takes."""

from dataclasses import dataclass
from math import ceil

from load.sizing import figures

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Fleet:
    """What is to be watched, and how it is kept.

    `capacity_share` and `failure_share` are rules for each series, on the mean.
    """

    series: int
    step_s: float
    lone_samples: bool = False
    capacity_share: float = 0.2
    failure_share: float = 0.1
    samples_days: float = 7.0
    predictions_days: float = 7.0
    replicas: int = 3
    checkpoint_interval_s: float = 2_400.0
    checkpoint_bytes_per_sample: float = 350.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """What it takes. Bytes on disk are of all brokers together."""

    samples_per_s: float
    workers: int
    partitions: int
    series_per_worker: int
    memory_bytes_per_worker: float
    state_bytes: float
    checkpoint_bytes_per_s: float
    state_disk_bytes: float
    samples_disk_bytes: float
    predictions_disk_bytes: float
    load_s: float
    replay_s: float

    @property
    def disk_bytes(self) -> float:
        """All topics."""
        return self.state_disk_bytes + self.samples_disk_bytes + self.predictions_disk_bytes

    @property
    def recovery_s(self) -> float:
        """Until a worker that was killed just before a checkpoint has caught up with it."""
        return self.load_s + self.replay_s


MEMORY_BYTES_MAX = 4 * 2**30
"""Of one worker: more series than fit are spread over more workers, for a restart takes as long as its state is big."""


def sizes_of(fleet: Fleet) -> Sizes:
    """Size a fleet."""
    rate = fleet.series / fleet.step_s
    per_core = figures.LONE_SAMPLES_PER_CORE_S if fleet.lone_samples else figures.SAMPLES_PER_CORE_S
    series_bytes = (
        figures.STATE_BYTES
        + fleet.capacity_share * figures.CAPACITY_BYTES
        + fleet.failure_share * figures.FAILURE_BYTES
    )
    loading_bytes = figures.LOADING_BYTES * series_bytes / figures.STATE_BYTES
    by_speed = rate / (per_core * figures.SHARE_OF_CORE)
    by_memory = fleet.series * loading_bytes / (MEMORY_BYTES_MAX - figures.IDLE_BYTES)
    # Two at least, so that one can be restarted.
    workers = max(2, ceil(by_speed), ceil(by_memory))
    state = fleet.series * series_bytes
    interval_s = _checkpoint_interval_s(fleet, state, rate)
    return Sizes(
        samples_per_s=rate,
        workers=workers,
        partitions=_partitions(workers),
        series_per_worker=ceil(fleet.series / workers),
        memory_bytes_per_worker=figures.IDLE_BYTES + fleet.series * loading_bytes / workers,
        state_bytes=state,
        checkpoint_bytes_per_s=state / interval_s,
        state_disk_bytes=state * figures.BUFFERS * fleet.replicas,
        samples_disk_bytes=rate * DAY_S * fleet.samples_days * figures.SAMPLE_BYTES * fleet.replicas,
        predictions_disk_bytes=rate * DAY_S * fleet.predictions_days * figures.PREDICTION_BYTES * fleet.replicas,
        load_s=state * figures.BUFFERS / workers / figures.LOAD_BYTES_PER_S,
        replay_s=rate * interval_s / workers / figures.REPLAY_SAMPLES_PER_S,
    )


def _checkpoint_interval_s(fleet: Fleet, state_bytes: float, rate: float) -> float:
    """A checkpoint comes after its interval, or sooner once samples have paid for it."""
    return min(fleet.checkpoint_interval_s, state_bytes / (rate * fleet.checkpoint_bytes_per_sample))


def _partitions(workers: int) -> int:
    """Four for each worker, as a power of two: they can't change, and spread evenly over more workers than today's."""
    return int(2 ** max(3, ceil(workers * 4 - 1).bit_length()))
