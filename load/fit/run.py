"""The fit: from recordings to parameters, and what they are worth on what was held out of them.

courses   of four fifths of each recording, by the worker's own pipeline        `learning`
gains     medians over all series                                               `models.fit.gains`
ratios    of the experts with these gains, geometric means over recordings      `models.fit.ratios`
trial     the defaults and what was fitted, on the last fifth                   `held_out`
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from load.backtest.plan import Plan, plan_of, usual_step_ms
from load.fit.errors import FitError
from load.fit.fitting import fit_all
from load.fit.held_out import Trial, relative_loss, tried
from load.fit.learning import learn
from load.fit.sample import Held, sampled
from load.recordings.table import SampleTable
from models.fit.gains import FleetFit, fit_fleet
from models.fit.ratios import pooled_ratios
from models.forecast.params import DEFAULTS, Params
from streams.settings.model import Settings
from streams.settings.params_text import named_params


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line says; `jobs` None: a process for each core."""

    series: int
    seed: int
    jobs: int | None


@dataclass(frozen=True, slots=True)
class Share:
    """One recording's sample of series, and the plan whose first origin parts what is fitted to from what is not."""

    held: Held
    plan: Plan

    @property
    def fitted_to(self) -> SampleTable:
        """Samples up to the first origin."""
        table = self.held.table
        return table.rows(0, int(np.searchsorted(table.timestamp_ms, self.plan.origins_ms[0], side="right")))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Both sets of parameters on what was held out of one recording."""

    share: Share
    defaults: Trial
    fitted: Trial

    @property
    def relative(self) -> float | None:
        """The fitted set's loss over that of the defaults."""
        return relative_loss(self.fitted, self.defaults)


@dataclass(frozen=True, slots=True)
class Fit:
    """What was fitted, and what it is worth."""

    params: Params
    fleet: FleetFit
    verdicts: list[Verdict]

    @property
    def relative(self) -> float | None:
        """Loss over that of the defaults, geometric mean over recordings."""
        known = [verdict.relative for verdict in self.verdicts if verdict.relative is not None]
        return float(np.exp(np.mean(np.log(known)))) if known else None


def fit(paths: Sequence[Path], settings: Settings, choices: Choices, console: Console) -> Fit:
    """Fit parameters to recordings; `settings` as a backtest has them."""
    # Rules cost time and teach the forecasts nothing.
    settings = settings.model_copy(update={"capacity": (), "failures": ()})
    shares = [_share(path, settings, choices) for path in paths]
    courses = [course for share in shares for course in learn(share.fitted_to, settings, DEFAULTS).courses]
    fleet = fit_fleet(fit_all(courses, choices.jobs, console))
    with_gains = DEFAULTS._replace(gains=fleet.gains)
    ratios = pooled_ratios([learn(share.fitted_to, settings, with_gains).loss_ratio for share in shares])
    if not ratios:
        raise FitError("no forecast could be compared with what came\ntake longer recordings, or a shorter --horizon")
    params = named_params(fleet.gains, ratios)
    return Fit(params, fleet, [_verdict(share, settings, params, console) for share in shares])


def _share(path: Path, settings: Settings, choices: Choices) -> Share:
    held = sampled(path, choices.series, choices.seed)
    step_ms = settings.sources[0].step_ms or usual_step_ms(held)
    return Share(held, plan_of(held.span_ms(), step_ms, settings.forecast.horizon, None))


def _verdict(share: Share, settings: Settings, params: Params, console: Console) -> Verdict:
    defaults, fitted = (tried(share.held, settings, share.plan, each, console) for each in (DEFAULTS, params))
    return Verdict(share, defaults, fitted)
