"""Of the likeliest gains those that forecast better than the defaults, recursion by recursion.

A likelihood is about the next step and one form alone. The bank forecasts up to the horizon, with experts that stand in
for each other: a fast level that is likelier because it is nearly the last value is one expert less. So each group is
tried by itself, on the last fifth of what is fitted to; what is held out has no part in it.
"""

from collections.abc import Sequence

import numpy as np
from rich.console import Console

from load.fit.held_out import Trial, relative_loss, tried
from load.fit.share import Share
from models.fit.gains import FleetFit
from models.forecast.params import DEFAULTS, Gains
from streams.settings.model import Settings

GROUPS = (
    ("level_fast",),
    ("trend_fast_level", "trend_fast", "trend_slow_level", "trend_slow"),
    ("short_profile", "long_profile"),
)

WORTH_IT = 0.99
"""Of the loss with the defaults. A smaller gain on one stretch of time is as often a loss on the next."""


def chosen_gains(shares: Sequence[Share], settings: Settings, fleet: FleetFit, console: Console) -> Gains:
    """The defaults with the groups that paid."""
    inner = [Share.of(share.fitted_to, settings) for share in shares]
    defaults = [_trial(share, settings, DEFAULTS.gains, console) for share in inner]
    chosen = DEFAULTS.gains
    for group in GROUPS:
        likeliest = {name: getattr(fleet.gains, name) for name in group if name in fleet.series}
        if not likeliest:
            continue
        gains = DEFAULTS.gains._replace(**likeliest)
        trials = [_trial(share, settings, gains, console) for share in inner]
        relative = pooled_loss(trials, defaults)
        if relative is not None and relative < WORTH_IT:
            chosen = chosen._replace(**likeliest)
    return chosen


def pooled_loss(ours: Sequence[Trial], theirs: Sequence[Trial]) -> float | None:
    """Loss over loss, geometric mean over recordings; None where none could be compared."""
    known = [relative for pair in zip(ours, theirs, strict=True) if (relative := relative_loss(*pair)) is not None]
    return float(np.exp(np.mean(np.log(known)))) if known else None


def is_better(relative: float | None, young: float | None) -> bool:
    """Whether fitted parameters are better: by their loss over that of the defaults, or for young series at no price.

    `young` is their loss over that of the same without shapes, for young series.
    """
    if relative is None:
        return False
    return relative < 1.0 or (young is not None and young < WORTH_IT and relative < 1.0 / WORTH_IT)


def _trial(share: Share, settings: Settings, gains: Gains, console: Console) -> Trial:
    return tried(share.held, settings, share.plan, DEFAULTS._replace(gains=gains), console)
