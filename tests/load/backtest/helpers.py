"""Small recordings, and backtests of them."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import yaml
from click.testing import CliRunner

from load.cli.backtest import backtest
from load.recordings.table import SampleTable, matrix_table
from load.recordings.write import write_recording
from streams.series import parse_series

START_MS = 1_700_000_040_000
MINUTE_MS = 60_000
assert START_MS % MINUTE_MS == 0


def samples(series: Sequence[str], minutes: int, seed: int = 1) -> SampleTable:
    """A sample a minute of each series: an hourly wave with noise; counters (`*_total`) grow."""
    rng = np.random.default_rng(seed)
    times = START_MS + MINUTE_MS * np.arange(minutes)
    wave = 50 + 20 * np.sin(2 * math.pi * np.arange(minutes) / 60)
    matrix = wave[:, None] + rng.normal(0, 2, (minutes, len(series)))
    for place, name in enumerate(series):
        if parse_series(name).metric.endswith("_total"):
            matrix[:, place] = np.cumsum(np.abs(matrix[:, place]))
    return matrix_table([parse_series(name) for name in series], times, matrix)


def recorded(path: Path, *tables: SampleTable) -> Path:
    """The tables as a recording."""
    write_recording(path, tables)
    return path


def run(recording: Path, out: Path, *options: str, settings: dict[str, Any] | None = None) -> dict[str, Any]:
    """`foreshock backtest`; returns its summary."""
    arguments = [str(recording), "--out", str(out), *options]
    if settings is not None:
        config = out.with_suffix(".yaml")
        config.write_text(yaml.safe_dump(settings))
        arguments += ["--config", str(config)]
    CliRunner().invoke(backtest, arguments, catch_exceptions=False, standalone_mode=False)
    summary: dict[str, Any] = json.loads((out / "summary.json").read_bytes())
    return summary


def rows(path: Path) -> list[dict[str, Any]]:
    """A Parquet file's rows."""
    return pq.read_table(path).to_pylist()
