"""Parameters on trial with young series: samples that are taken for the first of their series, forecast within a day.

Starts lie 18 h apart, so that series begin at several times of the day.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from rich.console import Console

from load.backtest.plan import Plan
from load.fit.held_out import Trial, tried
from load.fit.sample import Held
from load.fit.share import Share
from models.forecast.cycles import DAY_MS, HOUR_MS
from models.forecast.params import Params
from streams.settings.model import Settings

START_EVERY_MS = 18 * HOUR_MS
STARTS_MAX = 8
AGE_MIN_MS = 2 * HOUR_MS
AGE_MIN_STEPS = 12
"""At the first forecast; before the ninth sample a series' step may not be known."""


@dataclass(frozen=True, slots=True)
class Youth:
    """One start: samples, none of them known before, and the plan of forecasts up to an age of a day."""

    held: Held
    plan: Plan


def youths(share: Share) -> list[Youth]:
    """Starts in what is held out of a recording."""
    return list(_youths(share.held, share.plan.origins_ms[0], share.plan))[:STARTS_MAX]


def tried_young(starts: list[Youth], settings: Settings, params: Params, console: Console) -> Trial:
    """Forecast the starts with these parameters; losses of a series are added up."""
    losses: defaultdict[str, float] = defaultdict(float)
    for start in starts:
        for name, loss in tried(start.held, settings, start.plan, params, console).losses.items():
            losses[name] += loss
    return Trial(None, None, losses)


def _youths(held: Held, after_ms: int, plan: Plan) -> Iterator[Youth]:
    table, (_, last_ms) = held.table, held.span_ms()
    first_age_ms = max(AGE_MIN_MS, AGE_MIN_STEPS * plan.step_ms)
    for begin_ms in range(after_ms + plan.step_ms, last_ms - first_age_ms, START_EVERY_MS):
        day_ends_ms = begin_ms + DAY_MS
        end_ms = min(day_ends_ms + plan.horizon_ms, last_ms + 1)
        first, last = np.searchsorted(table.timestamp_ms, [begin_ms, end_ms]).tolist()
        origins_ms = range(begin_ms + first_age_ms, min(day_ends_ms, end_ms - plan.step_ms), plan.horizon_ms)
        if first < last and origins_ms:
            part = Held(held.name, table.rows(first, last))
            yield Youth(part, Plan(plan.step_ms, plan.horizon, tuple(origins_ms)))
