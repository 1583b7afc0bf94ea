"""Parameter files: gains, the fleet's experience and shapes, as `foreshock fit` writes them and a worker reads them.

JSON, with the fields of `FIELDS`. The name is made of the figures that forecasts depend on, so that the same figures
have the same name wherever they were fitted, and a figure that was changed by hand is noticed.
"""

import difflib
import json
import sys
from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from typing import Any

from models.forecast.experts.registry import families
from models.forecast.params import Gains, Params
from models.forecast.shapes import BINS, Shapes
from streams.settings.errors import Problem

VERSION = 1
FIELDS = ("v", "name", "gains", "loss_ratio", "shapes", "made")
HASH_CHARACTERS = 8

EXPERTS = tuple(name for family in families(has_calendar=True, shapes=Shapes({})) for name in family.NAMES)
"""Those that a fleet has loss ratios of; that of its shapes has its own (`models.forecast.experts.fleet`)."""
MEAN_WITHIN = 0.01
"""Of 1: the mean of a shape, whose figures are rounded."""

_NOT_THERE = object()


def named_params(
    gains: Gains, loss_ratio: Mapping[str, float], shapes: Mapping[str, tuple[float, ...]] | None = None
) -> Params:
    """Parameters under the name that their figures have."""
    params = Params("", gains, dict(loss_ratio), dict(shapes or {}))
    figures = {"v": VERSION, **_figures(params)}
    canonical = json.dumps(figures, sort_keys=True, separators=(",", ":"), allow_nan=False)
    digest = sha256(canonical.encode()).hexdigest()[:HASH_CHARACTERS]
    return params._replace(name=f"fleet-{digest}")


def params_text(params: Params, made: Mapping[str, Any]) -> str:
    """A parameter file; `made` says how the figures came about, and is read by people alone."""
    document = {"v": VERSION, "name": params.name, **_figures(params), "made": made}
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def parse_params(text: str) -> tuple[Params | None, list[Problem]]:
    """The parameters in a file's text, None where it can't be used; and what is wrong with it, by key."""
    try:
        document = json.loads(text)
    except ValueError as error:
        return None, [Problem("", f"is not JSON: {error}")]
    if not isinstance(document, dict):
        return None, [Problem("", "must be a JSON object; `foreshock fit` writes such files")]
    if problem := _version_problem(document):
        return None, [problem]
    problems = [
        *_unknown_keys("", document, FIELDS),
        *_gain_problems(document),
        *_ratio_problems(document),
        *_shape_problems(document),
    ]
    if problems:
        return None, problems
    gains = Gains(**{name: float(gain) for name, gain in document["gains"].items()})
    ratios = {name: float(ratio) for name, ratio in document["loss_ratio"].items()}
    shapes = {metric: tuple(map(float, shape)) for metric, shape in document.get("shapes", {}).items()}
    params = named_params(gains, ratios, shapes)
    if document.get("name") != params.name:
        return None, [Problem("name", _renamed(document.get("name"), params.name))]
    return params, []


def _figures(params: Params) -> dict[str, Any]:
    """What forecasts depend on. Without shapes there is no such field, and the name is that of the rest."""
    figures = {"gains": params.gains._asdict(), "loss_ratio": dict(params.loss_ratio)}
    shapes = {metric: list(shape) for metric, shape in params.shapes.items()}
    return figures | ({"shapes": shapes} if shapes else {})


def _version_problem(document: Mapping[str, Any]) -> Problem | None:
    version = document.get("v", _NOT_THERE)
    if version is _NOT_THERE:
        return Problem("v", "is required: is this a parameter file?")
    if version != VERSION or isinstance(version, bool):
        return Problem("v", f"version {version!r} is not known here; this foreshock reads version {VERSION}")
    return None


def _gain_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    gains = document.get("gains", _NOT_THERE)
    if not isinstance(gains, dict):
        yield Problem("gains", _no_section(gains))
        return
    yield from _unknown_keys("gains.", gains, Gains._fields)
    for name in Gains._fields:
        gain = gains.get(name, _NOT_THERE)
        if gain is _NOT_THERE:
            yield Problem(f"gains.{name}", "is required")
        elif not (_is_number(gain) and 0.0 < gain <= 1.0):
            yield Problem(f"gains.{name}", f"must be a number above 0 and at most 1, got {gain!r}")


def _ratio_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    ratios = document.get("loss_ratio", _NOT_THERE)
    if not isinstance(ratios, dict):
        yield Problem("loss_ratio", _no_section(ratios))
        return
    yield from _unknown_keys("loss_ratio.", ratios, EXPERTS)
    for name, ratio in ratios.items():
        if name in EXPERTS and not (_is_number(ratio) and 0.0 < ratio <= sys.float_info.max):
            yield Problem(f"loss_ratio.{name}", f"must be a finite number above 0, got {ratio!r}")


def _shape_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    shapes = document.get("shapes", {})
    if not isinstance(shapes, dict):
        yield Problem("shapes", "must be an object of metrics and lists of numbers")
        return
    for metric, shape in shapes.items():
        if problem := _shape_problem(shape):
            yield Problem(f"shapes.{metric}", problem)


def _shape_problem(shape: object) -> str | None:
    if not isinstance(shape, list) or len(shape) != BINS:
        return f"must be a list of {BINS} numbers, one for each hour of the day"
    for hour, value in enumerate(shape):
        if not (_is_number(value) and 0.0 <= value <= BINS):
            return f"must hold numbers from 0 to {BINS}, got {value!r} for hour {hour}"
    mean = sum(shape) / BINS
    if abs(mean - 1.0) > MEAN_WITHIN:
        return f"must have the mean 1, has {mean:.3f}: the values are in units of the day's mean"
    return None


def _unknown_keys(place: str, section: Mapping[str, Any], known: Collection[str]) -> Iterator[Problem]:
    for key in section:
        if key not in known:
            nearest = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {nearest[0]!r}?" if nearest else f"known here: {', '.join(known)}"
            yield Problem(place + key, f"is not known; {hint}")


def _no_section(value: object) -> str:
    return "is required" if value is _NOT_THERE else "must be an object of names and numbers"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _renamed(name: object, right: str) -> str:
    return (
        f"must be {right!r}, which follows from the figures, got {name!r}: the file was changed after it was "
        "fitted; fit again, or give figures of your own this name"
    )
