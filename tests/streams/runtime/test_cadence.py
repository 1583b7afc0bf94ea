"""A checkpoint is due when the samples since the last one have paid for it, and when it is old; not sooner."""

import asyncio
from typing import Any

import pytest

from streams.checkpoint import NOTHING_FOUND, CheckpointBook, Writer
from streams.runtime.cadence import APART_S, LOOK_S, Cadence
from streams.runtime.partition_state import PartitionState
from streams.runtime.processing import Processing

CADENCE = Cadence(interval_s=2400.0, bytes_per_sample=400)


@pytest.mark.parametrize(
    ("samples", "cost_bytes", "age_s", "is_paid"),
    [
        (2, 800, APART_S, True),
        (1, 800, APART_S, False),
        (2, 801, APART_S, False),
        (2, 800, APART_S - 0.1, False),
        (1, 0, APART_S, True),  # the first one
        (0, 0, 1e6, False),
    ],
)
def test_samples_pay_for_the_bytes_of_the_next_one(samples: int, cost_bytes: int, age_s: float, is_paid: bool) -> None:
    assert CADENCE.is_paid(samples, cost_bytes, age_s) is is_paid


def test_it_is_looked_often_enough_for_short_intervals() -> None:
    assert CADENCE.look_s == LOOK_S
    assert Cadence(0.3, 1).look_s == pytest.approx(0.03)


class FakePipeline:
    """Has taken some samples."""

    def __init__(self, samples: int) -> None:
        self.samples, self.next_offset = samples, 0

    def figures(self) -> Any:
        return self


def _due(samples: int, cost_bytes: int, age_s: float, due_in_s: float) -> bool:
    """Whether a partition's checkpoint is due, whose last one includes 100 samples."""

    async def ask() -> bool:
        untyped: Any = None
        forecasting = Processing(untyped, "samples", "state", untyped, untyped, lambda: "x", CADENCE)
        now_s, writer = asyncio.get_running_loop().time(), Writer(1, "x")
        pipeline: Any = FakePipeline(samples)
        state = PartitionState(0, pipeline, writer, CheckpointBook(NOTHING_FOUND, writer), now_s - age_s)
        state.due_at, state.cost_bytes, state.samples_durable = now_s + due_in_s, cost_bytes, 100
        return forecasting._is_due(state)

    return asyncio.run(ask())


def test_what_is_old_or_paid_is_due() -> None:
    assert _due(samples=100, cost_bytes=800, age_s=5.0, due_in_s=0.0)
    assert _due(samples=102, cost_bytes=800, age_s=60.0, due_in_s=50.0)
    assert not _due(samples=101, cost_bytes=800, age_s=60.0, due_in_s=50.0)


def test_the_first_ones_after_a_restore_are_spread_over_the_interval() -> None:
    async def restored() -> list[float]:
        untyped: Any = _Generation()
        pipeline: Any = FakePipeline(0)
        forecasting = Processing(untyped, "samples", "state", lambda _: pipeline, untyped, lambda: "x", CADENCE)
        forecasting.restore(range(4), lambda _: {})
        now_s = asyncio.get_running_loop().time()
        return [state.due_at - now_s for state in forecasting.partitions.values()]

    assert asyncio.run(restored()) == pytest.approx([600.0, 1200.0, 1800.0, 2400.0], abs=5.0)


class _Generation:
    generation = 1
