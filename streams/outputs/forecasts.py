"""Forecast records: the quantiles of a series at a few horizons ahead.

Beside the common fields (`subject`)::

    {"horizon_steps": [1, 2, ...], "levels": [0.1, ..., 0.9],
     "quantiles": [[...], ...],         one row per horizon, one column per level, in the series' unit
     "origins_scored": 12,              earlier forecasts of this series that were compared with what came
     "quality": "ok", "skill": 0.31, "coverage_80": 0.83, ...}          how these fared (`quality`)
"""

import orjson

from models.arrays import Floats, Ints, Singles
from streams.contract.records.forecasts import ForecastFields
from streams.outputs.quality import Standing
from streams.outputs.subject import Subject, prediction, record_key
from streams.records import OutputRecord
from streams.schema import RecordKind


def forecast_record(
    topic: str,
    subject: Subject,
    model: str,
    horizon_steps: Ints,
    levels: Floats,
    quantiles: Singles,
    origins_scored: int,
    standing: Standing,
) -> OutputRecord:
    """The record of one forecast; `quantiles` has shape [horizons, levels]."""
    fields: ForecastFields = {
        **subject.fields(RecordKind.FORECAST, model),
        "horizon_steps": horizon_steps,
        "levels": levels,
        "quantiles": quantiles,
        "origins_scored": origins_scored,
        "quality": standing.quality,
        "skill": standing.skill,
        "coverage_80": standing.coverage_80,
        "skill_by_horizon": standing.skill_by_horizon,
        "coverage_80_by_horizon": standing.coverage_80_by_horizon,
    }
    value = orjson.dumps(fields, option=orjson.OPT_SERIALIZE_NUMPY)
    return prediction(
        RecordKind.FORECAST, topic, record_key(RecordKind.FORECAST, subject.name), subject.origin_ms, value
    )
