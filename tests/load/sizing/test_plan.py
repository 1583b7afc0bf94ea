from dataclasses import replace

import pytest

from load.sizing import figures
from load.sizing.plan import MEMORY_BYTES_MAX, Fleet, sizes_of
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.settings.model import Settings

FLEET = Fleet(series=100_000, step_s=60.0, capacity_share=0.0, failure_share=0.0)


def test_the_recovery_that_was_measured_comes_out_again() -> None:
    """100,000 series of five minutes, one worker's memory and eight samples each to replay: 28 s and 14 s."""
    measured = replace(FLEET, step_s=300.0)
    sizes = sizes_of(measured)
    one_worker = sizes.load_s * sizes.workers
    assert one_worker == pytest.approx(27.6, rel=0.01)
    assert sizes.replay_s * sizes.workers == pytest.approx(13.9, rel=0.01)
    assert sizes.samples_per_s == pytest.approx(333.3, rel=0.01)


def test_a_default_checkpoint_interval_at_a_minutes_step_is_paid_for_by_samples() -> None:
    """12.7 kB at 350 bytes a sample are 36.3 samples, sooner than 40 minutes."""
    sizes = sizes_of(FLEET)
    assert sizes.checkpoint_bytes_per_s == pytest.approx(sizes.samples_per_s * 350.0)
    assert sizes_of(replace(FLEET, step_s=300.0)).checkpoint_bytes_per_s == pytest.approx(1.27e9 / 2400.0)


def test_memory_or_speed_says_how_many_workers() -> None:
    slow = sizes_of(replace(FLEET, series=1_000_000, step_s=300.0))
    assert slow.memory_bytes_per_worker <= MEMORY_BYTES_MAX
    assert slow.workers == 10
    fast = sizes_of(replace(FLEET, series=100_000, step_s=1.0))
    # 100,000 a second at half of 49,609 a core.
    assert fast.workers == 5
    assert sizes_of(replace(FLEET, step_s=1.0, lone_samples=True)).workers == 7


def test_a_small_fleet_has_two_workers_and_room_to_grow() -> None:
    sizes = sizes_of(Fleet(series=50, step_s=10.0))
    assert sizes.workers == 2
    assert sizes.partitions == 8


@pytest.mark.parametrize(("series", "partitions"), [(300_000, 16), (1_000_000, 64)])
def test_partitions_are_four_for_each_worker_or_more(series: int, partitions: int) -> None:
    sizes = sizes_of(replace(FLEET, series=series))
    assert sizes.partitions == partitions
    assert sizes.partitions >= 4 * sizes.workers


def test_disk_is_counted_for_every_copy() -> None:
    one, three = sizes_of(replace(FLEET, replicas=1)), sizes_of(FLEET)
    assert three.disk_bytes == pytest.approx(3 * one.disk_bytes)
    assert one.state_disk_bytes == pytest.approx(2.54e9)


def test_the_state_of_a_series_is_still_as_big_as_the_plan_says() -> None:
    """What the banks hold of a slot, against the figure; names and the like are a few hundred bytes."""
    settings = Settings.model_validate({"sources": [{"topic": "t"}]})
    pipeline = PartitionPipeline(PipelineConfig.from_settings(settings), 0)
    state = pipeline.state
    slot = state.bank.slot_bytes + state.anomalies.bank.slot_bytes
    assert slot == pytest.approx(figures.STATE_BYTES, rel=0.05)
