"""Quality: how a series' forecasts fared, in short in each forecast, and in full in records of their own.

In both, beside the common fields (`subject`)::

    {"quality": "ok",                        ok, warming, unfit or stale (`streams.pipeline.quality`)
     "skill": 0.31 | null,                   the share of seasonal naive's loss that is saved; null: not known yet
     "coverage_80": 0.83 | null,             share of the values that came from the 0.1 to the 0.9 quantile
     "skill_by_horizon": [0.4, null, ...],   the same of each horizon
     "coverage_80_by_horizon": [...]}

and in records of quality, in the series' unit::

    {"horizon_steps": [1, 2, ...],
     "origins_by_horizon": [7.6, ...],       forecasts that were compared with what came, older ones discounted
     "loss_by_horizon": [...],               their mean loss: the pinball loss of the nine deciles, twice its mean
     "naive_loss_by_horizon": [...]}         that of seasonal naive
"""

from typing import NamedTuple

import numpy as np
import orjson

from models.arrays import Floats, Ints
from models.forecast.quality import Quality
from streams.contract.records.forecasts import QualityFields
from streams.outputs.subject import Subject, prediction, record_key
from streams.records import OutputRecord
from streams.schema import ForecastQuality, RecordKind


class Standing(NamedTuple):
    """How the forecasts of a series stand; NaN is what is not known."""

    quality: ForecastQuality
    skill: float
    coverage_80: float
    skill_by_horizon: Floats
    coverage_80_by_horizon: Floats


def quality_record(
    topic: str,
    subject: Subject,
    model: str,
    horizon_steps: Ints,
    standing: Standing,
    quality: Quality,
    place: int,
    expires_at_ms: int,
) -> OutputRecord:
    """The record of how the forecasts of the series at `place` among those of `quality` fared.

    It holds for longer than a prediction, and so has an expiry of its own.
    """
    fields: QualityFields = {
        **subject.fields(RecordKind.QUALITY, model),
        "expires_at_ms": expires_at_ms,
        "quality": standing.quality,
        "skill": standing.skill,
        "coverage_80": standing.coverage_80,
        "skill_by_horizon": standing.skill_by_horizon,
        "coverage_80_by_horizon": standing.coverage_80_by_horizon,
        "horizon_steps": horizon_steps,
        # Single precision is more than a score has.
        "origins_by_horizon": quality.origins[place].astype(np.float32),
        "loss_by_horizon": quality.loss[place].astype(np.float32),
        "naive_loss_by_horizon": quality.naive_loss[place].astype(np.float32),
    }
    value = orjson.dumps(fields, option=orjson.OPT_SERIALIZE_NUMPY)
    return prediction(RecordKind.QUALITY, topic, record_key(RecordKind.QUALITY, subject.name), subject.origin_ms, value)
