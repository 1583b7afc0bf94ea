"""What counts: from the end of the warm-up to the last message."""

from math import isnan

import pytest

from load.bench.engine import CpuTrace, reading_of
from load.bench.readings import Reading, Stopwatch, TooFewError


class Ticks:
    """A clock that goes on by `step` whenever it is read."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def test_stopwatch_counts_from_the_warm_up_to_the_total() -> None:
    stopwatch = Stopwatch(1_000, clock=Ticks(4.0), cpu=Ticks(1.0))
    assert [stopwatch.count(messages) for messages in (100, 100, 700, 100)] == [False, False, False, True]
    # 15 % lie within the second hundred, so 800 remain.
    assert stopwatch.reading() == Reading(messages=800, seconds=4.0, cpu_s=1.0)


def test_what_comes_after_the_total_is_not_counted() -> None:
    stopwatch = Stopwatch(10, clock=Ticks(1.0), cpu=Ticks(1.0))
    for _ in range(20):
        stopwatch.count(1)
    assert stopwatch.reading().messages == 8


def test_all_at_once_is_no_measurement() -> None:
    stopwatch = Stopwatch(10)
    assert stopwatch.count(10)
    with pytest.raises(TooFewError, match="--samples"):
        stopwatch.reading()
    with pytest.raises(TooFewError, match="--samples"):
        reading_of([(10.0, 1_000)], 15.0, CpuTrace(pid=0, at_s=[0.0], cpu_s=[0.0]))


def test_rates() -> None:
    reading = Reading(messages=2_000, seconds=4.0, cpu_s=1.0)
    assert (reading.rate, reading.cpu_us) == (500.0, 500.0)
    assert (reading.of_samples(100).rate, reading.of_samples(100).cpu_us) == (50_000.0, 5.0)
    assert isnan(Reading(1, 1.0).cpu_us)


def test_engine_reading_goes_from_the_ingested_warm_up_to_the_last_forecast() -> None:
    published = [(10.0, 100), (12.0, 100), (11.0, 100), (13.0, 700)]  # partition by partition, so not in time's order
    trace = CpuTrace(pid=0, at_s=[0.0, 20.0], cpu_s=[0.0, 10.0])
    # The warm-up ends within the block of 11 s: 800 samples are ingested after it.
    reading = reading_of(published, 15.0, trace)
    assert (reading.messages, reading.seconds) == (800, 4.0)
    assert reading.cpu_s == pytest.approx(2.0)
