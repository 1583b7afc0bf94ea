"""A trace: the load of a service minute by minute, and what was foretold of it at each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from load.backtest.feed import Feed
from load.recordings.table import SampleTable, slices
from models.arrays import Floats
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.series import series_name
from streams.settings.model import Settings

MINUTE_MS = 60_000
PIECE_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Trace:
    """A load, by minutes without a gap.

    Attributes
    ----------
    load
        [n]; what has no sample is as the minute before.
    forecasts
        [n] of the newest record once a minute's sample is learned; None before the first.
    """

    series: str
    begin_ms: int
    load: Floats
    forecasts: list[dict[str, Any] | None]


def foretell(table: SampleTable, horizon: int, levels: list[float]) -> Trace:
    """Take the one series of a table through the worker's own pipeline, with a forecast each minute.

    Raises
    ------
    ValueError
        If the table has several series, or none.
    """
    if len(table.series) != 1 or not len(table):
        raise ValueError(f"one series is wanted, and there are {len(table.series)}: name its metric")
    minute = table.timestamp_ms // MINUTE_MS
    first, count = int(minute[0]), int(minute[-1] - minute[0]) + 1
    load = np.full(count, np.nan)
    load[minute - first] = table.value
    forecasts: list[dict[str, Any] | None] = [None] * count
    for record in _records(table, horizon, levels):
        forecasts[record["origin_ms"] // MINUTE_MS - first] = record
    return Trace(series_name(table.series[0]), first * MINUTE_MS, _filled(load), _newest(forecasts))


def _records(table: SampleTable, horizon: int, levels: list[float]) -> Iterator[dict[str, Any]]:
    settings = Settings.model_validate(
        {
            "topics": {"partitions": 1},
            "sources": [{"topic": "telemetry", "step": "1m"}],
            "forecast": {"horizon": horizon, "emit_every": 1, "quantiles": levels},
            # Requests of the last century count, too.
            "limits": {"timestamp_min": "1990-01-01T00:00:00Z"},
        }
    )
    feed, pipeline = Feed(settings), PartitionPipeline(PipelineConfig.from_settings(settings))
    for piece in slices(table, PIECE_ROWS):
        for record in pipeline.step_blocks([feed.take(piece).block]):
            if record.topic == settings.topics.forecasts and record.value is not None:
                yield orjson.loads(record.value)


def _filled(load: Floats) -> Floats:
    """The value before, where there is none; the first one is there."""
    place = np.maximum.accumulate(np.where(np.isnan(load), 0, np.arange(len(load))))
    filled: Floats = load[place]
    return filled


def _newest(forecasts: list[dict[str, Any] | None]) -> list[dict[str, Any] | None]:
    newest: dict[str, Any] | None = None
    held = []
    for record in forecasts:
        newest = record or newest
        held.append(newest)
    return held
