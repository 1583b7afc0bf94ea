"""What the pipeline learns from samples, as courses."""

import numpy as np

from load.backtest.choices import Choices, backtest_settings, default_settings
from load.fit.learning import learn
from load.recordings.table import SampleTable
from models.forecast.params import DEFAULTS
from streams.series import parse_series
from tests.load.backtest.helpers import MINUTE_MS, START_MS, samples

SETTINGS = backtest_settings(default_settings(), Choices(step_ms=MINUTE_MS, horizon=6))
GAUGE, COUNTER = parse_series('cpu{host="a"}'), parse_series('requests_total{host="a"}')


def test_a_gap_is_nan_and_a_counter_is_its_rate() -> None:
    """The gauge lacks its third minute; the counter grows by 120 a minute, which is 2 a second."""
    minute = np.array([0, 0, 1, 1, 2, 3, 3])
    index = np.array([0, 1, 0, 1, 1, 0, 1])
    value = np.where(index == 0, 10.0 + minute, 120.0 * minute)
    table = SampleTable([GAUGE, COUNTER], index, START_MS + MINUTE_MS * minute, value)
    learned = learn(table, SETTINGS, DEFAULTS)
    gauge, counter = learned.courses
    assert learned.metrics == ["cpu", "requests_total"]
    assert (gauge.step_ms, gauge.first_step) == (MINUTE_MS, START_MS // MINUTE_MS)
    np.testing.assert_array_equal(gauge.values, [10.0, 11.0, np.nan, 13.0])
    np.testing.assert_allclose(counter.values, [2.0, 2.0, 2.0])
    assert counter.first_step == gauge.first_step + 1


def test_courses_have_the_local_time_of_their_source() -> None:
    source = SETTINGS.sources[0].model_copy(update={"timezone": "Asia/Tokyo"})
    learned = learn(samples(["cpu"], 30), SETTINGS.model_copy(update={"sources": (source,)}), DEFAULTS)
    [local_ms] = learned.local_ms
    np.testing.assert_array_equal(local_ms, START_MS + 9 * 60 * MINUTE_MS + MINUTE_MS * np.arange(30))


def test_the_experts_are_compared_under_the_gains_given() -> None:
    """A level as fast as the last value is as good as the last value."""
    table = samples(["cpu"], 300)
    gains = DEFAULTS.gains._replace(level_fast=1.0)
    assert (
        learn(table, SETTINGS, DEFAULTS).loss_ratio["level_fast"] != learn(table, SETTINGS, DEFAULTS).loss_ratio["last"]
    )
    ratios = learn(table, SETTINGS, DEFAULTS._replace(gains=gains)).loss_ratio
    assert abs(ratios["level_fast"] / ratios["last"] - 1.0) < 0.05


def test_no_samples_have_no_courses() -> None:
    table = SampleTable([], np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    assert learn(table, SETTINGS, DEFAULTS) == ([], [], [], {})
