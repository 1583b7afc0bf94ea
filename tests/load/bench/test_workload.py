"""The workload ends on the grid of emissions, so that the last samples make the last forecasts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from load.bench.workload import EMIT_EVERY_STEPS, START_MS, STEP_MS, Workload, worker_settings
from load.recordings.table import concatenate
from models.forecast.horizons import Horizons
from streams.settings.model import Settings


@given(samples=st.integers(1, 10**8), series=st.integers(1, 20_000))
def test_it_is_no_smaller_than_asked_and_no_larger_than_an_interval_more(samples: int, series: int) -> None:
    workload = Workload.of_about(samples, series)
    assert samples <= workload.samples
    assert workload.cycles == 1 or workload.samples - samples < series * EMIT_EVERY_STEPS


def test_it_begins_and_ends_on_the_grid() -> None:
    first_ms, last_ms = Workload(series=3, cycles=2).span_ms()
    assert {first_ms % (EMIT_EVERY_STEPS * STEP_MS), last_ms % (EMIT_EVERY_STEPS * STEP_MS)} == {0}


@pytest.mark.parametrize("rows_max", [1, 250, 10**6])
def test_every_series_has_a_sample_at_every_step_however_it_is_cut(rows_max: int) -> None:
    workload = Workload(series=120, cycles=1)
    table = concatenate(list(workload.tables(rows_max)))
    assert len(table) == workload.samples
    assert len(set(table.series)) == workload.series
    assert table.timestamp_ms.tolist() == np.repeat(START_MS + STEP_MS * np.arange(workload.steps), 120).tolist()
    whole = concatenate(list(workload.tables(10**6)))
    assert table.value.tolist() == whole.value.tolist()


def test_the_settings_are_the_canonical_ones() -> None:
    settings = Settings.model_validate(worker_settings("127.0.0.1:9092", "telemetry", "bench"))
    assert (settings.forecast.horizon, settings.forecast.emit_every, len(settings.forecast.quantiles)) == (48, 48, 9)
    assert len(Horizons(settings.forecast.horizon).anchors) == 12
    assert settings.sources[0].step_ms == 60_000
