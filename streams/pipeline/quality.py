"""Judgement: whether a series' forecasts are worth acting on, from how its earlier ones fared.

In this order:

=======  ===========================================================================================================
stale    the newest sample that was learned from is more than `STALE_STEPS` steps old: an event excludes those since
warming  too few forecasts were compared with what came, or none of them in the further half of the horizon
unfit    the forecasts lose more than seasonal naive would have, or their bands miss most of what comes
ok       none of these
=======  ===========================================================================================================

A series that falls silent has no further records: its last one stays as it was, and its `expires_at_ms` tells.
"""

import numpy as np

from models.arrays import Floats, Ints, Singles
from models.forecast.quality import Quality
from streams.outputs.quality import Standing
from streams.schema import ForecastQuality

STALE_STEPS = 5
"""A forecast goes by the last few samples: one that lacks more of them knows the past, but not the present."""

ORIGINS_MIN = 8.0
"""Forecasts compared with what came, discounted. Fewer say little: what lies in one forecast errs together."""

SKILL_MIN = -0.1
"""A loss further above seasonal naive's is no chance; on plain noise the two come so near each other."""

COVERAGE_MIN = 0.5
"""Bands are meant for four values in five. There is no upper bound: where values repeat themselves the narrowest bands
hold all of them, and bands that are too wide have lost their skill."""

RESOLUTION = 1e-6
"""Losses below this share of the values are alike: what is published has single precision, and rounding is no error."""

# Ten times the rounding.
assert 5.0 * float(np.finfo(np.float32).eps) < RESOLUTION

DECIMALS = 4
"""Of skill and coverage: more would be noise, on the wire too."""

_VERDICTS = (ForecastQuality.STALE, ForecastQuality.WARMING, ForecastQuality.UNFIT, ForecastQuality.OK)
"""In the order in which they are asked for; the last one where none before it holds."""


def judge(quality: Quality, quantiles: Singles, age_steps: Ints) -> list[Standing]:
    """Judge the forecasts of n series.

    Parameters
    ----------
    quality
        How earlier ones fared.
    quantiles
        What is forecast now, shape [n, horizons, levels]: it gives the size of the values.
    age_steps
        Steps from the newest sample that was learned from to the origin of the forecast, shape [n].
    """
    origins, pooled = quality.origins, _pooled(quality)
    size = np.abs(quantiles).max(axis=(1, 2)).astype(np.float64)
    skill, coverage = _skill(pooled.loss, pooled.naive_loss, size), pooled.coverage_80
    is_warming = (origins.max(axis=1) < ORIGINS_MIN) | ~(_further_half(origins) > 0).any(axis=1)
    is_unfit = (skill < SKILL_MIN) | (coverage < COVERAGE_MIN)
    verdict = np.select([age_steps > STALE_STEPS, is_warming, is_unfit], [0, 1, 2], 3)
    skill_by_horizon = _skill(quality.loss, quality.naive_loss, size[:, None])
    return list(
        map(
            Standing,
            [_VERDICTS[place] for place in verdict.tolist()],
            _rounded(skill).tolist(),
            _rounded(coverage).tolist(),
            _rounded(skill_by_horizon),
            _rounded(quality.coverage_80),
        )
    )


def _pooled(quality: Quality) -> Quality:
    """Of all horizons together: every comparison counts alike; NaN before the first."""
    scored = quality.origins > 0
    origins = np.where(scored, quality.origins, 0.0)
    total = origins.sum(axis=1)
    divisor = np.where(total > 0, total, np.nan)
    return Quality(total, *[np.where(scored, origins * each, 0.0).sum(axis=1) / divisor for each in quality[1:]])


def _skill(loss: Floats, naive_loss: Floats, size: Floats) -> Floats:
    """Share of seasonal naive's loss that is saved; 0 where neither loses anything, NaN where nothing is known."""
    least = RESOLUTION * (size + loss)
    against = naive_loss + least
    # 1 - (L + r) / (L_naive + r)
    return np.where(against == 0, 0.0, 1.0 - (loss + least) / np.where(against == 0, 1.0, against))


def _further_half(origins: Floats) -> Floats:
    return origins[:, origins.shape[1] // 2 :]


def _rounded(share: Floats) -> Floats:
    # Adding zero takes the sign off a zero.
    return np.round(share, DECIMALS) + 0.0
