"""Forecast records, and boards that hold them, for the tests of scalers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from streams.series import parse_series
from streams.serve.scaling.core.newest import Sample
from streams.settings.scalers import Scaler

T_MS = 1_700_000_000_000
MINUTE_MS = 60_000
SERIES = 'requests_per_second{service="shop"}'


def record(**changes: Any) -> dict[str, Any]:
    """A forecast of 10, 20, 30 at quantiles .1, .5, .9 a minute ahead, twice as much two minutes ahead, and so on."""
    steps = [1, 2, 3, 4, 6, 8]
    plain = {
        "origin_ms": T_MS,
        "last_sample_at_ms": T_MS,
        "expires_at_ms": T_MS + 2 * MINUTE_MS,
        "step_ms": MINUTE_MS,
        "transform": None,
        "suppressed": False,
        "horizon_steps": steps,
        "levels": [0.1, 0.5, 0.9],
        "quantiles": [[10.0 * step, 20.0 * step, 30.0 * step] for step in steps],
        "quality": "ok",
    }
    return plain | changes


def scaler(**changes: Any) -> Scaler:
    """A scaler of the one series, two minutes ahead, with ten of load a replica."""
    plain = {
        "name": "shop",
        "series": SERIES,
        "per_replica": 10,
        "lead_time": "2m",
        "quantile": 0.5,
        "scale_in_on_forecast": True,
        "max_replicas": 50,
    }
    return Scaler.model_validate(plain | changes)


@dataclass
class MadeBoard:
    """A board that holds what a test puts there."""

    records: dict[str, dict[str, Any]] = field(default_factory=lambda: {SERIES: record()})
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    ready: bool = True

    def forecast(self, series: str) -> Mapping[str, Any] | None:
        return self.records.get(series)

    def newest(self, series: str, count: int) -> Sequence[Sample]:
        return self.samples.get(series, [])[-count:]

    def matching(self, metric: str, labels: Mapping[str, str], limit: int) -> Sequence[str]:
        keys = [(name, parse_series(name)) for name in self.records]
        fits = [
            name for name, key in keys if fnmatchcase(key.metric, metric) and labels.items() <= dict(key.labels).items()
        ]
        return fits[:limit]
