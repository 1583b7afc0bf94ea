"""The fit: from recordings to parameters, and what they are worth on what was held out of them.

courses   of four fifths of each recording, by the worker's own pipeline        `learning`
gains     the likeliest, medians over all series                                `models.fit.gains`
          of them those that forecast better                                    `choosing`
ratios    of the experts with these gains, geometric means over recordings      `models.fit.ratios`
trial     the defaults and what was fitted, on the last fifth                   `held_out`
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from load.fit.choosing import chosen_gains, pooled_loss
from load.fit.errors import FitError
from load.fit.fitting import fit_all
from load.fit.held_out import Trial, relative_loss, tried
from load.fit.learning import learn
from load.fit.sample import sampled
from load.fit.share import Share
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
    """What was fitted, and what it is worth; `fleet` has the likeliest gains."""

    params: Params
    fleet: FleetFit
    verdicts: list[Verdict]

    @property
    def relative(self) -> float | None:
        """Loss over that of the defaults, geometric mean over recordings."""
        verdicts = self.verdicts
        return pooled_loss([verdict.fitted for verdict in verdicts], [verdict.defaults for verdict in verdicts])


def fit(paths: Sequence[Path], settings: Settings, choices: Choices, console: Console) -> Fit:
    """Fit parameters to recordings; `settings` as a backtest has them."""
    # Rules cost time and teach the forecasts nothing.
    settings = settings.model_copy(update={"capacity": (), "failures": ()})
    shares = [Share.of(sampled(path, choices.series, choices.seed), settings) for path in paths]
    known = [share.fitted_to.table for share in shares]
    courses = [course for table in known for course in learn(table, settings, DEFAULTS).courses]
    fleet = fit_fleet(fit_all(courses, choices.jobs, console))
    with_gains = DEFAULTS._replace(gains=chosen_gains(shares, settings, fleet, console))
    ratios = pooled_ratios([learn(table, settings, with_gains).loss_ratio for table in known])
    if not ratios:
        raise FitError("no forecast could be compared with what came\ntake longer recordings, or a shorter --horizon")
    params = named_params(with_gains.gains, ratios)
    return Fit(params, fleet, [_verdict(share, settings, params, console) for share in shares])


def _verdict(share: Share, settings: Settings, params: Params, console: Console) -> Verdict:
    defaults, fitted = (tried(share.held, settings, share.plan, each, console) for each in (DEFAULTS, params))
    return Verdict(share, defaults, fitted)
