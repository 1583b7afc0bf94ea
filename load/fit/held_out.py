"""Parameters on trial: a backtest whose origins fill the last fifth, which nothing was fitted to."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rich.console import Console

from load.backtest.plan import Plan
from load.backtest.run import run_backtest
from load.fit.sample import Held
from load.replay.progress import shown_on
from models.forecast.params import Params
from streams.settings.model import Settings
from streams.settings.params_file import ParamsFile


@dataclass(frozen=True, slots=True)
class Trial:
    """Errors under one set of parameters: CRPS in all, and the loss of each series by name, in its own unit."""

    crps: float | None
    crps_seasonal_naive: float | None
    losses: Mapping[str, float]


def tried(held: Held, settings: Settings, plan: Plan, params: Params, console: Console) -> Trial:
    """Forecast what was held out."""
    forecast = settings.forecast.model_copy(update={"params": ParamsFile("", params)})
    with TemporaryDirectory() as folder, shown_on(console, held.span_ms()) as progress:
        accuracy = run_backtest(
            held,
            settings.model_copy(update={"forecast": forecast}),
            plan,
            Path(folder),
            records=False,
            compared=0,
            events=(),
            progress=progress,
        ).accuracy
    summary = accuracy.summary()
    losses = {name: errors.loss for name, errors in accuracy.by_series.items()}
    return Trial(summary.crps, summary.crps_seasonal_naive, losses)


def relative_loss(ours: Trial, theirs: Trial) -> float | None:
    """Loss over loss, geometric mean over series, whose units differ; None where there is nothing to compare."""
    both = [(loss, theirs.losses[name]) for name, loss in ours.losses.items() if loss > 0 and theirs.losses[name] > 0]
    return float(np.exp(np.mean(np.log([a / b for a, b in both])))) if both else None
