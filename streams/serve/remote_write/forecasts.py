"""Forecasts as samples: one series for each quantile and for each time ahead.

They are stamped with their origin, not with the time they are about. A Prometheus that is given a sample far ahead of
its clock refuses from then on what everybody else says of the present. Nor could a later forecast correct an earlier
one about the same time: samples of a series must come in order. So `offset` brings them together::

    foreshock_forecast{metric="load", quantile="0.9", ahead="1h"} offset 1h
"""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from streams.serve.labels import joined
from streams.serve.remote_write.wire import Sample
from streams.settings.durations import format_duration
from streams.settings.remote_write import RemoteWriteSettings

NAME = "foreshock_forecast"
NEAR_ENOUGH = 0.25
"""A horizon further from the time ahead than this share of it stands for another time."""


def samples_of(record: Mapping[str, Any], settings: RemoteWriteSettings) -> Iterator[Sample]:
    """The samples of a forecast record; none where its metric is not wanted."""
    if not any(fnmatchcase(record["metric"], pattern) for pattern in settings.metrics):
        return
    horizons_ms = [steps * record["step_ms"] for steps in record["horizon_steps"]]
    wanted = [level for level in settings.quantiles if level in record["levels"]]
    for ahead_ms in settings.ahead_ms:
        row = min(range(len(horizons_ms)), key=lambda place: abs(horizons_ms[place] - ahead_ms))
        if abs(horizons_ms[row] - ahead_ms) > NEAR_ENOUGH * ahead_ms:
            continue
        for level in wanted:
            own = {"metric": record["metric"], "quantile": f"{level:g}", "ahead": format_duration(ahead_ms)}
            value = float(record["quantiles"][row][record["levels"].index(level)])
            yield Sample(joined({"__name__": NAME, **own}, record["labels"]), value, record["origin_ms"])
