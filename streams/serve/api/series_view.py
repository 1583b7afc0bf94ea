"""A series as it is shown: samples in the unit of its forecasts, and what was foretold beside what came."""

from typing import Any

import numpy as np
import numpy.typing as npt

from streams.schema import ForecastQuality, RecordKind
from streams.serve.board.board import Board
from streams.serve.board.gist import LIST_OF, OF_ENTITIES, ListName, is_constant
from streams.serve.board.history import Samples
from streams.serve.board.past import LEVELS, Foretold
from streams.serve.board.severity import severity_of, urgency_of

RATE = "rate_per_s"
SPARK_POINTS = 48

Floats = npt.NDArray[np.float64]

_KINDS = {
    ListName.FORECASTS: RecordKind.FORECAST,
    ListName.QUALITY: RecordKind.QUALITY,
    ListName.RULE_QUALITY: RecordKind.FAILURE_QUALITY,
    ListName.CAPACITY: RecordKind.CAPACITY,
    # Hazards and objectives, and their quality, are of entities.
    ListName.FAILURES: RecordKind.FAILURE,
    ListName.ANOMALIES: RecordKind.ANOMALY,
}
assert set(_KINDS.values()) | OF_ENTITIES | {RecordKind.INCIDENT} == set(LIST_OF)


def summary(board: Board, number: int, now_ms: int) -> dict[str, Any]:
    """A series in short."""
    name = board.directory.name(number)
    forecast = board.latest(RecordKind.FORECAST, name)
    record = forecast or _any_record(board, number)
    stale = forecast is None or forecast["expires_at_ms"] < now_ms
    key = board.directory.key(number)
    return {
        "series": name,
        "metric": key.metric,
        "labels": dict(key.labels),
        "entity": record.get("entity"),
        "step_ms": record.get("step_ms"),
        **_last_sample(board, number, record),
        "quality": None if forecast is None else ForecastQuality.STALE if stale else forecast["quality"],
        "skill": record.get("skill"),
        "coverage_80": record.get("coverage_80"),
        "stale": stale,
        "kinds": [str(_KINDS[name]) for name in board.subjects.lists_of(number)],
    }


def with_severity(record: dict[str, Any]) -> dict[str, Any]:
    """A capacity prediction or a failure, and what it is ordered by."""
    return {**record, "severity": severity_of(record).word, "urgency": urgency_of(record)}


def with_constancy(quality: dict[str, Any]) -> dict[str, Any]:
    """A record of quality, and whether there was anything to foresee."""
    return {**quality, "constant": is_constant(quality)}


def transform_of(board: Board, number: int) -> str | None:
    """What was done to the samples of a series before they were forecast."""
    record = board.latest(RecordKind.FORECAST, board.directory.name(number)) or _any_record(board, number)
    transform: str | None = record.get("transform")
    return transform


def in_unit_of_forecasts(samples: Samples, transform: str | None) -> Samples:
    """Samples as they are forecast: of a counter the rate since the sample before, from 0 on after a reset."""
    if transform != RATE:
        return samples
    increase = np.where(np.diff(samples.v) >= 0, np.diff(samples.v), samples.v[1:])
    return Samples(samples.t_ms[1:], increase / np.diff(samples.t_ms) * 1_000.0)


def beside_what_came(foretold: Foretold, samples: Samples, step_ms: int | None) -> dict[str, Any]:
    """What was foretold of each instant, and the sample of its step."""
    place = np.searchsorted(samples.t_ms, foretold.t_ms)
    came = [_sample_in(samples, at, t_ms, step_ms or 1) for at, t_ms in zip(place, foretold.t_ms, strict=True)]
    columns = {f"q{round(level * 100)}": foretold.quantiles[:, column] for column, level in enumerate(LEVELS)}
    return {"t_ms": foretold.t_ms, **{name: column.tolist() for name, column in columns.items()}, "came": came}


def spark(board: Board, number: int) -> dict[str, Any]:
    """The newest samples of a series, and its forecast: enough for a small chart."""
    samples = in_unit_of_forecasts(board.history.tail(number), transform_of(board, number))
    stride = max(1, -(-len(samples.t_ms) // SPARK_POINTS))
    # From the newest sample backwards, so that it is always there.
    thinned = Samples(samples.t_ms[::-1][::stride][::-1], samples.v[::-1][::stride][::-1])
    forecast = board.latest(RecordKind.FORECAST, board.directory.name(number))
    return {"t_ms": thinned.t_ms.tolist(), "v": thinned.v.tolist(), **_fan(forecast)}


def _fan(forecast: dict[str, Any] | None) -> dict[str, list[Any]]:
    if forecast is None or not set(LEVELS) <= set(forecast["levels"]):
        return {"f_ms": [], "q10": [], "q50": [], "q90": []}
    origin_ms, step_ms = forecast["origin_ms"], forecast["step_ms"]
    columns = [forecast["levels"].index(level) for level in LEVELS]
    q10, q50, q90 = ([row[column] for row in forecast["quantiles"]] for column in columns)
    ahead = [origin_ms + steps * step_ms for steps in forecast["horizon_steps"]]
    return {"f_ms": ahead, "q10": q10, "q50": q50, "q90": q90}


def _sample_in(samples: Samples, place: int, t_ms: int, step_ms: int) -> float | None:
    has_come = place < len(samples.t_ms) and samples.t_ms[place] < t_ms + step_ms
    return float(samples.v[place]) if has_come else None


def _last_sample(board: Board, number: int, record: dict[str, Any]) -> dict[str, Any]:
    newest = board.history.newest(number)
    if newest is None:
        return {"last_sample_at_ms": record.get("last_sample_at_ms"), "last_value": None}
    return {"last_sample_at_ms": newest[0], "last_value": newest[1]}


def _any_record(board: Board, number: int) -> dict[str, Any]:
    name = board.directory.name(number)
    return next((record for one in board.subjects.lists_of(number) for record in board.records_of(one, name)), {})
