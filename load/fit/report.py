"""How parameters came about: for their file, and in a few lines for a person."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from load.fit.run import Choices, Fit, Verdict
from models.fit.gains import Fate
from models.forecast.params import DEFAULTS, Gains
from streams.settings.durations import format_duration


def made(fit: Fit, choices: Choices, horizon: int) -> dict[str, Any]:
    """The field `made` of a parameter file."""
    return {
        "foreshock": version("foreshock"),
        "statsmodels": version("statsmodels"),
        "seed": choices.seed,
        "horizon": horizon,
        "recordings": [_recording(verdict) for verdict in fit.verdicts],
        "series_by_gain": fit.fleet.series,
        "fits": {fate: fit.fleet.fates[fate] for fate in Fate},
        "warnings": fit.fleet.complaints,
        "relative_loss": fit.relative,
    }


def told(fit: Fit) -> list[str]:
    """The fit in lines."""
    return [*_gains(fit), *[_verdict(verdict) for verdict in fit.verdicts], _judgement(fit.relative)]


def is_better(relative: float | None) -> bool:
    """Whether the fitted set beats the defaults on what was held out."""
    return relative is not None and relative < 1.0


def _recording(verdict: Verdict) -> dict[str, Any]:
    share = verdict.share
    return {
        "name": share.held.name,
        "series": len(share.held.table.series),
        "samples": len(share.held.table),
        "step": format_duration(share.plan.step_ms),
        "held_out": {
            "crps_defaults": verdict.defaults.crps,
            "crps_fitted": verdict.fitted.crps,
            "crps_seasonal_naive": verdict.defaults.crps_seasonal_naive,
            "relative_loss": verdict.relative,
        },
    }


def _gains(fit: Fit) -> Iterator[str]:
    fates = ", ".join([f"{fit.fleet.fates[fate]} {fate}" for fate in Fate])
    yield f"fits: {fates}; {fit.fleet.complaints} warnings"
    for name in Gains._fields:
        gain, default = getattr(fit.params.gains, name), getattr(DEFAULTS.gains, name)
        count = fit.fleet.series.get(name)
        yield f"  {name} {gain:g}" + (f" (default {default:g}), {count} series" if count else ", kept as it was")


def _verdict(verdict: Verdict) -> str:
    if verdict.relative is None or verdict.fitted.crps is None or verdict.defaults.crps is None:
        return f"{verdict.share.held.name}: nothing of what was held out could be compared"
    crps = f"CRPS {verdict.fitted.crps:.4f}, {verdict.defaults.crps:.4f} with the defaults"
    return f"{verdict.share.held.name}, held out: {crps}; series by series {verdict.relative:.3f} of their loss"


def _judgement(relative: float | None) -> str:
    if is_better(relative):
        return "better than the defaults on what was held out"
    return "NOT better than the defaults on what was held out: better do without"
