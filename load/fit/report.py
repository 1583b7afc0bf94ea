"""How parameters came about: for their file, and in a few lines for a person."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from load.fit.run import Choices, Fit, Verdict
from load.fit.shaping import Shape
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
        "shapes": {metric: _shape(shape) for metric, shape in fit.shapes.items()},
        "relative_loss": fit.relative,
        "relative_loss_young": fit.young,
    }


def told(fit: Fit) -> list[str]:
    """The fit in lines."""
    return [*_gains(fit), *_shapes(fit), *[_verdict(verdict) for verdict in fit.verdicts], _judgement(fit)]


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
            "relative_loss_young": verdict.young,
        },
    }


def _shape(shape: Shape) -> dict[str, Any]:
    return {"series": shape.series, "relative_loss_young": shape.relative, "taken": shape.pays}


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


def _shapes(fit: Fit) -> Iterator[str]:
    if not fit.shapes:
        yield "shapes of a day: none; no metric has enough series that are old enough"
        return
    yield "shapes of a day, and the loss of young series over that without:"
    for metric, shape in fit.shapes.items():
        relative = "not compared" if shape.relative is None else f"{shape.relative:.3f}"
        yield f"  {metric} of {shape.series} series: {relative}, {'taken' if shape.pays else 'left out'}"


def _verdict(verdict: Verdict) -> str:
    if verdict.relative is None or verdict.fitted.crps is None or verdict.defaults.crps is None:
        return f"{verdict.share.held.name}: nothing of what was held out could be compared"
    crps = f"CRPS {verdict.fitted.crps:.4f}, {verdict.defaults.crps:.4f} with the defaults"
    young = "" if verdict.young is None else f"; with shapes {verdict.young:.3f} of the loss under a day of age"
    return f"{verdict.share.held.name}, held out: {crps}; series by series {verdict.relative:.3f} of their loss{young}"


def _judgement(fit: Fit) -> str:
    if fit.is_better and fit.relative is not None and fit.relative < 1.0:
        return "better than the defaults on what was held out"
    if fit.is_better:
        return "about as good as the defaults on what was held out, and better for young series"
    return "NOT better than the defaults on what was held out: better do without"
