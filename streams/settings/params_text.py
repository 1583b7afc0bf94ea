"""Parameter files: gains and the fleet's experience, as `foreshock fit` writes them and a worker reads them.

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
from streams.settings.errors import Problem

VERSION = 1
FIELDS = ("v", "name", "gains", "loss_ratio", "made")
HASH_CHARACTERS = 8

EXPERTS = tuple(name for family in families(has_calendar=True) for name in family.NAMES)

_NOT_THERE = object()


def named_params(gains: Gains, loss_ratio: Mapping[str, float]) -> Params:
    """Parameters under the name that their figures have."""
    figures = {"v": VERSION, "gains": gains._asdict(), "loss_ratio": dict(loss_ratio)}
    canonical = json.dumps(figures, sort_keys=True, separators=(",", ":"), allow_nan=False)
    digest = sha256(canonical.encode()).hexdigest()[:HASH_CHARACTERS]
    return Params(f"fleet-{digest}", gains, loss_ratio)


def params_text(params: Params, made: Mapping[str, Any]) -> str:
    """A parameter file; `made` says how the figures came about, and is read by people alone."""
    figures = {"gains": params.gains._asdict(), "loss_ratio": dict(params.loss_ratio)}
    return json.dumps({"v": VERSION, "name": params.name, **figures, "made": made}, indent=2, allow_nan=False) + "\n"


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
    problems = [*_unknown_keys("", document, FIELDS), *_gain_problems(document), *_ratio_problems(document)]
    if problems:
        return None, problems
    gains = Gains(**{name: float(gain) for name, gain in document["gains"].items()})
    params = named_params(gains, {name: float(ratio) for name, ratio in document["loss_ratio"].items()})
    if document.get("name") != params.name:
        return None, [Problem("name", _renamed(document.get("name"), params.name))]
    return params, []


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
