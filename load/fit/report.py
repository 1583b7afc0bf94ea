"""How parameters came about: for their file, and in a few lines for a person."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from load.fit.choosing import is_better
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
        "likeliest": {name: getattr(fit.fleet.gains, name) for name in fit.fleet.series},
        "series_by_gain": fit.fleet.series,
        "fits": {fate: fit.fleet.fates[fate] for fate in Fate},
        "warnings": fit.fleet.complaints,
        "relative_loss": fit.relative,
    }


def told(fit: Fit) -> list[str]:
    """The fit in lines."""
    return [*_gains(fit), *[_verdict(verdict) for verdict in fit.verdicts], _judgement(fit.relative)]


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
    yield from [f"  {name} {_gain(fit, name)}" for name in Gains._fields]


def _gain(fit: Fit, name: str) -> str:
    gain, default, likeliest = (getattr(gains, name) for gains in (fit.params.gains, DEFAULTS.gains, fit.fleet.gains))
    if name not in fit.fleet.series:
        return f"{gain:g}, kept as it was"
    of = f"of {fit.fleet.series[name]} series"
    if gain != likeliest:
        return f"{gain:g}, kept as it was: {likeliest:g} {of} is likelier, but forecasts hardly better"
    return f"{gain:g} {of} (default {default:g})"


def _verdict(verdict: Verdict) -> str:
    if verdict.relative is None or verdict.fitted.crps is None or verdict.defaults.crps is None:
        return f"{verdict.share.held.name}: nothing of what was held out could be compared"
    crps = f"CRPS {verdict.fitted.crps:.4f}, {verdict.defaults.crps:.4f} with the defaults"
    return f"{verdict.share.held.name}, held out: {crps}; series by series {verdict.relative:.3f} of their loss"


def _judgement(relative: float | None) -> str:
    if is_better(relative):
        return "better than the defaults on what was held out"
    return "NOT better than the defaults on what was held out: better do without"
