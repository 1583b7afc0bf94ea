"""Axes of time."""

import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from load.backtest.charts import chart
from load.backtest.time_charts import date_axis

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("minutes", [1, 45, 179, 600, 71 * 60, 20 * 1440, 89 * 1440, 400 * 1440])
def test_every_span_has_its_ticks(minutes: int) -> None:
    with chart(7, 2) as (_figure, axes), warnings.catch_warnings():
        warnings.simplefilter("error")
        date_axis(axes)
        locator: Any = axes.xaxis.get_major_locator()
        ticks = locator.tick_values(BEGIN, BEGIN + timedelta(minutes=minutes))
    assert len(ticks) >= 2
