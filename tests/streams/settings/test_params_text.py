"""Parameter files: what is written reads back, and what was changed since is refused, with the place."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from models.forecast.params import DEFAULTS, Gains, Params
from streams.settings.params_text import named_params, params_text, parse_params

GAINS = Gains(level_fast=0.4)
PARAMS = named_params(GAINS, {"last": 0.5, "calendar": 2.0})
SHAPE = (0.5,) * 12 + (1.5,) * 12
SHAPED = named_params(GAINS, PARAMS.loss_ratio, {"cpu": SHAPE, "mem": SHAPE[::-1]})


def document(params: Params = PARAMS) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(params_text(params, {"series": 3}))
    return read


def test_what_is_written_reads_back() -> None:
    assert parse_params(params_text(PARAMS, {"series": 3})) == (PARAMS, [])
    assert document()["made"] == {"series": 3}


def test_the_name_is_that_of_the_figures() -> None:
    """SHA-256 of the figures as JSON, keys sorted, no spaces."""
    gains = ",".join([f'"{name}":{gain}' for name, gain in sorted(GAINS._asdict().items())])
    digest = sha256(f'{{"gains":{{{gains}}},"loss_ratio":{{"calendar":2.0,"last":0.5}},"v":1}}'.encode()).hexdigest()
    assert PARAMS.name == f"fleet-{digest[:8]}"
    assert PARAMS.name == named_params(GAINS, {"calendar": 2.0, "last": 0.5}).name
    assert PARAMS.name != named_params(GAINS._replace(level_slow=0.06), PARAMS.loss_ratio).name
    assert PARAMS.name != named_params(GAINS, {"last": 0.5, "calendar": 2.1}).name


def test_shapes_are_written_and_named() -> None:
    assert parse_params(params_text(SHAPED, {})) == (SHAPED, [])
    assert SHAPED.shapes == {"cpu": SHAPE, "mem": SHAPE[::-1]}
    turned = named_params(GAINS, PARAMS.loss_ratio, {"mem": SHAPE[::-1], "cpu": SHAPE})
    other = named_params(GAINS, PARAMS.loss_ratio, {"cpu": SHAPE[::-1], "mem": SHAPE})
    assert turned.name == SHAPED.name
    assert len({SHAPED.name, other.name, PARAMS.name}) == 3


def test_a_file_without_shapes_has_no_such_field() -> None:
    """And the name that it had before there were any."""
    assert "shapes" not in document()
    changed = document() | {"shapes": {}}
    assert parse_params(json.dumps(changed)) == (PARAMS, [])


def test_how_it_was_made_and_the_form_of_numbers_do_not_matter() -> None:
    changed = document() | {"made": None, "loss_ratio": {"calendar": 2, "last": 0.5}}
    assert parse_params(json.dumps(changed)) == (PARAMS, [])


def test_the_defaults_can_be_written() -> None:
    params = named_params(DEFAULTS.gains, DEFAULTS.loss_ratio)
    assert parse_params(params_text(params, {})) == (params, [])


def _set(*path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(changed: dict[str, Any]) -> None:
        for key in path[:-1]:
            changed = changed[key]
        changed[path[-1]] = value

    return change


def _drop(*path: str) -> Callable[[dict[str, Any]], None]:
    def change(changed: dict[str, Any]) -> None:
        for key in path[:-1]:
            changed = changed[key]
        del changed[path[-1]]

    return change


GAIN = "must be a number above 0 and at most 1, got "
RATIO = "must be a finite number above 0, got "


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        (_drop("v"), "v", "is required: is this a parameter file?"),
        (_set("v", value=2), "v", "version 2 is not known here; this foreshock reads version 1"),
        (_set("v", value=True), "v", "version True is not known here"),
        (_set("gain", value={}), "gain", "is not known; did you mean 'gains'?"),
        (_drop("gains"), "gains", "is required"),
        (_set("gains", value=[0.3]), "gains", "must be an object of names and numbers"),
        (_drop("gains", "level_fast"), "gains.level_fast", "is required"),
        (_set("gains", "level_fats", value=0.1), "gains.level_fats", "is not known; did you mean 'level_fast'?"),
        (_set("gains", "level_fast", value=0), "gains.level_fast", GAIN + "0"),
        (_set("gains", "level_fast", value=1.01), "gains.level_fast", GAIN + "1.01"),
        (_set("gains", "level_fast", value=float("nan")), "gains.level_fast", GAIN + "nan"),
        (_set("gains", "level_fast", value=True), "gains.level_fast", GAIN + "True"),
        (_set("gains", "level_fast", value="0.3"), "gains.level_fast", GAIN + "'0.3'"),
        (_drop("loss_ratio"), "loss_ratio", "is required"),
        (_set("loss_ratio", value=1.0), "loss_ratio", "must be an object of names and numbers"),
        (_set("loss_ratio", "lats", value=1.0), "loss_ratio.lats", "is not known; did you mean 'last'?"),
        (_set("loss_ratio", "qqq", value=1.0), "loss_ratio.qqq", "is not known; known here: last, level_fast"),
        (_set("loss_ratio", "last", value=0.0), "loss_ratio.last", RATIO + "0.0"),
        (_set("loss_ratio", "last", value=float("inf")), "loss_ratio.last", RATIO + "inf"),
        (_set("loss_ratio", "last", value=10**400), "loss_ratio.last", RATIO + "1000"),
        (_set("loss_ratio", "last", value=None), "loss_ratio.last", RATIO + "None"),
        (_set("loss_ratio", "last", value=0.51), "name", "the file was changed after it was fitted"),
        (_set("name", value="fleet-00000000"), "name", f"must be '{PARAMS.name}', which follows from the figures"),
        (_drop("name"), "name", "got None"),
    ],
)
def test_refuses(change: Callable[[dict[str, Any]], None], path: str, message: str) -> None:
    changed = document()
    change(changed)
    params, [problem] = parse_params(json.dumps(changed))
    assert params is None
    assert problem.path == path
    assert message in problem.message


@pytest.mark.parametrize(
    ("shapes", "path", "message"),
    [
        ([SHAPE], "shapes", "must be an object of metrics and lists of numbers"),
        ({"cpu": 1.0}, "shapes.cpu", "must be a list of 24 numbers, one for each hour of the day"),
        ({"cpu": SHAPE[1:]}, "shapes.cpu", "must be a list of 24 numbers"),
        ({"cpu": [-0.1, *SHAPE[1:]]}, "shapes.cpu", "must hold numbers from 0 to 24, got -0.1 for hour 0"),
        ({"cpu": [*SHAPE[1:], float("nan")]}, "shapes.cpu", "got nan for hour 23"),
        ({"cpu": [*SHAPE[1:], 25]}, "shapes.cpu", "got 25 for hour 23"),
        ({"cpu": [*SHAPE[1:], None]}, "shapes.cpu", "got None for hour 23"),
        ({"cpu": [0.5] * 24}, "shapes.cpu", "must have the mean 1, has 0.500"),
        ({"cpu": SHAPE, "mem": SHAPE}, "name", "the file was changed after it was fitted"),
    ],
)
def test_refuses_shapes(shapes: Any, path: str, message: str) -> None:
    params, [problem] = parse_params(json.dumps(document(SHAPED) | {"shapes": shapes}))
    assert params is None
    assert problem.path == path
    assert message in problem.message


def test_the_trust_in_shapes_is_no_figure_of_a_fleet() -> None:
    changed = document(SHAPED)
    changed["loss_ratio"]["fleet_shape"] = 0.5
    _, [problem] = parse_params(json.dumps(changed))
    assert problem.path == "loss_ratio.fleet_shape"


@pytest.mark.parametrize(("text", "message"), [("{", "is not JSON"), ("[]", "must be a JSON object"), ("", "is not")])
def test_refuses_what_is_no_object(text: str, message: str) -> None:
    params, [problem] = parse_params(text)
    assert params is None
    assert message in problem.message


def test_all_problems_are_told_at_once() -> None:
    changed = document()
    changed["gains"] |= {"level_slow": 2, "trend": 1}
    changed["loss_ratio"] |= {"last": -1}
    _, found = parse_params(json.dumps(changed))
    assert [problem.path for problem in found] == ["gains.trend", "gains.level_slow", "loss_ratio.last"]
