"""Hazards against the machines that really fail."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import orjson

from load.backtest.columns import columns_of, only
from load.generate.cases.wear import KIND as WORN_OUT
from load.generate.fleet import Fleet
from load.generate.signal import entity_text
from load.generate.spec import DAY_MS
from streams.series import parse_series

FILE = "hazards.parquet"
NAMES = ["entity", "last_sample_at_ms", "score", "failures_seen", "drivers"]


def hazard_figures(fleet: Fleet, out: Path) -> Iterator[tuple[str, float]]:
    """Failures before which a machine stood out of all that never fail, a day ahead; what was settled; named drivers.

    There are too few machines to count a calibration, so scores are compared, as a threshold without false flags does.
    """
    rows = columns_of(out / FILE, NAMES)
    failures = [one for one in fleet.truth.incidents if one.kind == WORN_OUT]
    decoys = {entity_text(parse_series(one.series).labels) for one in fleet.truth.decoys if one.insight == "hazard"}
    highest = float(rows["score"][np.isin(rows["entity"], sorted(decoys))].max())
    ahead, named, settled = [], [], []
    for one in failures:
        mine = only(rows, rows["entity"] == one.entity)
        before = only(mine, (mine["last_sample_at_ms"] <= one.start_ms) & (mine["score"] > highest))
        ahead.append(bool(np.any(before["last_sample_at_ms"] <= one.start_ms - DAY_MS)))
        named.append(len(before["drivers"]) > 0 and bool(orjson.loads(before["drivers"][0])))
        settled.append(int(mine["failures_seen"][-1]) == 1)
    yield "hazard: failures that stood out a day ahead", float(np.mean(ahead))
    yield "hazard: with drivers named", float(np.mean(named))
    yield "hazard: failures settled", float(np.mean(settled))
