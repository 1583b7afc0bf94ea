"""The fit: from recordings to parameters, and what they are worth on what was held out of them.

courses   of four fifths of each recording, by the worker's own pipeline        `learning`
gains     the likeliest, medians over all series                                `models.fit.gains`
          of them those that forecast better                                    `choosing`
shapes    of a day, by metric: those that forecast young series better          `shaping`
ratios    of the experts with these gains, geometric means over recordings      `models.fit.ratios`
trial     the defaults and what was fitted, on the last fifth                   `held_out`
          what was fitted with and without the shapes, on young series of it    `young`
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from load.fit.choosing import chosen_gains, is_better, pooled_loss
from load.fit.errors import FitError
from load.fit.fitting import fit_all
from load.fit.held_out import Trial, relative_loss, tried
from load.fit.learning import learn
from load.fit.sample import sampled
from load.fit.shaping import Shape, found_shapes, paying
from load.fit.share import Share
from load.fit.young import tried_young, youths
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
    """Both sets of parameters on what was held out of one recording.

    `young` is the fitted set's loss over that of the same without its shapes, where series begin afresh; None where
    there are no shapes, or nothing could be compared.
    """

    share: Share
    defaults: Trial
    fitted: Trial
    young: float | None

    @property
    def relative(self) -> float | None:
        """The fitted set's loss over that of the defaults."""
        return relative_loss(self.fitted, self.defaults)


@dataclass(frozen=True, slots=True)
class Fit:
    """What was fitted, and what it is worth; `fleet` has the likeliest gains, `shapes` all that were found."""

    params: Params
    fleet: FleetFit
    shapes: Mapping[str, Shape]
    verdicts: list[Verdict]

    @property
    def relative(self) -> float | None:
        """Loss over that of the defaults, geometric mean over recordings."""
        verdicts = self.verdicts
        return pooled_loss([verdict.fitted for verdict in verdicts], [verdict.defaults for verdict in verdicts])

    @property
    def young(self) -> float | None:
        """What the shapes are worth to young series, geometric mean over recordings; see `Verdict`."""
        known = [verdict.young for verdict in self.verdicts if verdict.young is not None]
        return float(np.exp(np.mean(np.log(known)))) if known else None

    @property
    def is_better(self) -> bool:
        """Whether the parameters are better than the defaults."""
        return is_better(self.relative, self.young)


def fit(paths: Sequence[Path], settings: Settings, choices: Choices, console: Console) -> Fit:
    """Fit parameters to recordings; `settings` as a backtest has them."""
    # Rules cost time and teach the forecasts nothing.
    settings = settings.model_copy(update={"capacity": (), "failures": ()})
    shares = [Share.of(sampled(path, choices.series, choices.seed), settings) for path in paths]
    known = [share.fitted_to.table for share in shares]
    learned = [learn(table, settings, DEFAULTS) for table in known]
    courses = [course for each in learned for course in each.courses]
    fleet = fit_fleet(fit_all(courses, choices.jobs, console))
    gains = chosen_gains(shares, settings, fleet, console)
    shapes = found_shapes(shares, learned, settings, gains, console)
    # The ratios are those of the other experts: how far shapes are trusted is no matter of the fleet.
    with_gains = DEFAULTS._replace(gains=gains)
    ratios = pooled_ratios([learn(table, settings, with_gains).loss_ratio for table in known])
    if not ratios:
        raise FitError("no forecast could be compared with what came\ntake longer recordings, or a shorter --horizon")
    params = named_params(gains, ratios, paying(shapes))
    return Fit(params, fleet, shapes, [_verdict(share, settings, params, console) for share in shares])


def _verdict(share: Share, settings: Settings, params: Params, console: Console) -> Verdict:
    defaults, fitted = (tried(share.held, settings, share.plan, each, console) for each in (DEFAULTS, params))
    return Verdict(share, defaults, fitted, _worth_of_shapes(share, settings, params, console))


def _worth_of_shapes(share: Share, settings: Settings, params: Params, console: Console) -> float | None:
    if not params.shapes:
        return None
    starts = youths(share)
    with_, without = (tried_young(starts, settings, each, console) for each in (params, params._replace(shapes={})))
    return relative_loss(with_, without)
