"""The table of state sizes in models/README.md is that of the layouts."""

import re
from pathlib import Path

import numpy as np

import models
from models.anomaly import arrivals, extremes, flat, novelty, position, season, spread
from models.anomaly import episodes as anomaly_episodes
from models.anomaly.bank import AnomalyBank
from models.calendar.clocks import UTC, Clocks
from models.capacity import far, levels
from models.capacity import looks as capacity_looks
from models.capacity.bank import CapacityBank
from models.failure import (
    episodes,
    error_budget_bank,
    hazards,
    looks,
    published,
    report_bank,
    sign_bank,
    tracks,
    warnings,
)
from models.failure.bank import FailureBank
from models.forecast import robust, series, shifts
from models.forecast.bank import ForecastBank
from models.forecast.experts.registry import FAMILIES
from models.forecast.memory import cycles, recent
from models.forecast.params import DEFAULTS
from models.forecast.shapes import BINS
from models.layout import Layout, row_bytes
from models.signals.bank import LAYOUT as SIGNALS_LAYOUT

DEFAULT_HORIZON = 48
_ROW = re.compile(
    r"^\| \*{0,2}(forecast|anomaly|capacity|failure|hazard|objective|signals)\*{0,2} \| (?:`(.*?)`)? ?\|.*"
    r"\| \*{0,2}(\d+)\*{0,2} \|$"
)


def _written() -> dict[str, int]:
    """Bytes in the table by file, or by bank where no file is named."""
    lines = (Path(next(iter(models.__path__))) / "README.md").read_text().splitlines()
    rows = [match.groups() for line in lines if (match := _ROW.match(line))]
    return {file or bank: int(size) for bank, file, size in rows}


def test_sizes_of_experts_that_join_where_they_are_asked_for() -> None:
    usual = ForecastBank(DEFAULT_HORIZON, np.array([0.5])).slot_bytes
    special = ForecastBank(DEFAULT_HORIZON, np.array([0.5]), Clocks([UTC], [np.array([0])])).slot_bytes - usual
    shaped = DEFAULTS._replace(shapes={"cpu": (1.0,) * BINS})
    shape = ForecastBank(DEFAULT_HORIZON, np.array([0.5]), params=shaped).slot_bytes - usual
    text = (Path(next(iter(models.__path__))) / "README.md").read_text()
    assert f"special days, {special} bytes, and `fleet_shape`" in text
    assert f"shapes of a day, {shape} bytes" in text


def test_state_sizes_are_those_written_down() -> None:
    forecast = ForecastBank(DEFAULT_HORIZON, np.array([0.5]))
    parts = {
        "forecast/series.py": series.LAYOUT,
        "forecast/memory/recent.py": recent.LAYOUT,
        "forecast/memory/cycles.py": cycles.LAYOUT,
        "forecast/experts/": [field for family in FAMILIES for field in family.LAYOUT],
        "forecast/robust.py": robust.LAYOUT,
        "forecast/shifts.py": shifts.LAYOUT,
    }
    named = {field.name for layout in parts.values() for field in layout}
    layouts: dict[str, Layout] = {
        **parts,
        "forecast/origins.py": [field for field in forecast.layout if field.name not in named],
        "forecast": forecast.layout,
        "anomaly/position.py": position.LAYOUT,
        "anomaly/season.py": season.LAYOUT,
        "anomaly/extremes.py": extremes.layout("strange", 1.5),
        "anomaly/novelty.py": novelty.LAYOUT,
        "anomaly/flat.py": flat.LAYOUT,
        "anomaly/spread.py": spread.LAYOUT,
        "anomaly/arrivals.py": arrivals.LAYOUT,
        "anomaly/episodes.py": anomaly_episodes.LAYOUT,
        "anomaly": AnomalyBank().layout,
        "capacity/levels.py": levels.LAYOUT,
        "capacity/far.py": far.LAYOUT,
        "capacity/looks.py": capacity_looks.LAYOUT,
        "capacity": CapacityBank(1).layout,
        "failure/episodes.py": episodes.LAYOUT,
        "failure/tracks.py": tracks.LAYOUT,
        "failure/looks.py": looks.LAYOUT,
        "failure/published.py": published.LAYOUT,
        "failure/warnings.py": warnings.LAYOUT,
        "failure": FailureBank(1).layout,
        "signals/bank.py": SIGNALS_LAYOUT,
        "failure/sign_bank.py": sign_bank.LAYOUT,
        "failure/hazards.py": hazards.LAYOUT,
        "failure/report_bank.py": report_bank.LAYOUT,
        "failure/error_budget_bank.py": error_budget_bank.LAYOUT,
    }
    assert _written() == {name: row_bytes(layout) for name, layout in layouts.items()}
