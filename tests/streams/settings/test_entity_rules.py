"""Settings of hazards and objectives: what is accepted, and the problem reported for what is not."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from models.failure.calibration import BINS, FleetCounts
from streams.settings.counts_file import counts_json
from streams.settings.hazards import HazardRule
from streams.settings.load import load_settings
from streams.settings.objectives import Objective
from tests.streams.settings.test_problems import problems, without

SIGN = {"metric": "bad", "sign": "rise", "weight": 3}
HAZARD: dict[str, Any] = {"name": "wear", "within": "7d", "signs": [SIGN]}
ALERT = {"long": "1h", "short": "5m", "burn_rate": 14.4}
OBJECTIVE: dict[str, Any] = {
    "name": "good",
    "target": 99.9,
    "total": {"metric": "requests_total"},
    "bad": {"metric": "errors_total"},
}


@pytest.mark.parametrize(
    "document",
    [
        {"hazards": [HAZARD]},
        {"hazards": [HAZARD, HAZARD | {"name": "other"}], "objectives": [OBJECTIVE | {"name": "wear"}]},
        {"hazards": [HAZARD | {"signs": [SIGN | {"sign": "closeness", "limit": 60}]}]},
        {"objectives": [OBJECTIVE | {"alerts": [ALERT, {"long": "3d", "short": "6h", "burn_rate": 1}]}]},
        {"objectives": [without(OBJECTIVE, "bad") | {"good": {"metric": "ok", "labels": {"code": "200"}}}]},
        {"objectives": [{"name": "x", "target": 95, "ratio": {"metric": "error_rate"}}]},
    ],
)
def test_accepts(tmp_path: Path, document: dict[str, Any]) -> None:
    assert problems(tmp_path, document) == []


def signs(**changes: Any) -> dict[str, Any]:
    return {"hazards": [HAZARD | {"signs": [SIGN | changes]}]}


def hazard(**changes: Any) -> dict[str, Any]:
    return {"hazards": [HAZARD | changes]}


def objective(**changes: Any) -> dict[str, Any]:
    return {"objectives": [OBJECTIVE | changes]}


def alert(**changes: Any) -> dict[str, Any]:
    return objective(alerts=[ALERT | changes])


@pytest.mark.parametrize(
    ("document", "path", "message"),
    [
        ({"hazards": [HAZARD, HAZARD]}, "hazards[1].name", "'wear' is already the name of hazards[0]"),
        (hazard(signs=[]), "hazards[0].signs", "must have at least one item"),
        (signs(sign="rises"), "hazards[0].signs[0].sign", "must be one of 'present', 'level', 'rise'"),
        (signs(sign="closeness"), "hazards[0].signs[0]", "closeness needs a limit"),
        (signs(limit=5), "hazards[0].signs[0]", "rise has no limit; only closeness"),
        (hazard(prior=0), "hazards[0].prior", "must be greater than 0"),
        (hazard(flag_budget=1), "hazards[0].flag_budget", "must be less than 1"),
        (hazard(within="32d"), "hazards[0].within", "must be from 1m to 31d"),
        (hazard(calibration="nowhere.json"), "hazards[0].calibration", "can't be read: No such file"),
        ({"objectives": [OBJECTIVE, OBJECTIVE]}, "objectives[1].name", "'good' is already the name of objectives[0]"),
        (objective(target=0.999), "objectives[0].target", "must be in per cent, got 0.999: was 99.9 meant?"),
        (objective(target=100), "objectives[0].target", "must be less than 100"),
        (objective(window="25h"), "objectives[0]", "window must be a multiple of 2h"),
        (objective(bad=None), "objectives[0]", "ratio alone, or total with one of bad and good, not total"),
        (objective(good={"metric": "x"}), "objectives[0]", "not bad and good and total"),
        (objective(alerts=[]), "objectives[0].alerts", "must have at least one item"),
        (alert(short="1h"), "objectives[0].alerts[0]", "short must be shorter than long, which is 1h"),
        (alert(long="7h"), "objectives[0].alerts[0]", "beyond 6h a multiple of 2h"),
        (alert(long="32d"), "objectives[0].alerts[0].long", "must be from 2m to 31d"),
        (objective(window="1d", alerts=[ALERT | {"long": "2d"}]), "objectives[0]", "window of 2d is longer"),
        (objective(target=90), "objectives[0]", "a burn rate of 14.4 is never passed: all events bad is 10"),
    ],
)
def test_refuses(tmp_path: Path, document: dict[str, Any], path: str, message: str) -> None:
    [problem] = problems(tmp_path, document)
    assert problem.path == path
    assert message in problem.message


def test_the_defaults_are_those_of_the_workbook() -> None:
    alerts = Objective.model_validate(OBJECTIVE).alerts
    assert [(alert.long_ms // 60_000, alert.short_ms // 60_000, alert.burn_rate) for alert in alerts] == [
        (60, 5, 14.4),
        (360, 30, 6.0),
        (4320, 360, 1.0),
    ]


# Files of counts


def counts_file(tmp_path: Path, hazard: dict[str, Any] = HAZARD) -> Path:
    looks, hits = np.full(BINS, 10), np.arange(BINS) // 8
    counts = FleetCounts(looks, hits, np.linspace(0.0, 4.0, 5))
    path = tmp_path / "hazards.json"
    path.write_bytes(counts_json({"wear": (HazardRule.model_validate(hazard).mark, 3, counts)}))
    return path


def test_a_file_of_counts_comes_back_with_a_name_of_its_figures(tmp_path: Path) -> None:
    path = counts_file(tmp_path)
    config = tmp_path / "c.yaml"
    config.write_text(
        f"sources: [{{topic: t}}]\nhazards: [{orjson.dumps(HAZARD | {'calibration': str(path)}).decode()}]"
    )
    loaded = load_settings(config, {}).hazards[0].calibration
    assert loaded is not None
    assert loaded.counts.hits.tolist() == (np.arange(BINS) // 8).tolist()
    assert loaded.counts.maxima.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    held = orjson.loads(path.read_bytes())["hazards"]["wear"]
    digest = hashlib.sha256(orjson.dumps(held, option=orjson.OPT_SORT_KEYS)).hexdigest()
    assert loaded.name == f"fleet-{digest[:8]}"


def with_wear(counts: dict[str, Any]) -> dict[str, Any]:
    return {"v": 1, "hazards": {"wear": counts}}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda document: [], "is no hazards.json of version 1"),
        (lambda document: document | {"v": 2}, "is no hazards.json of version 1"),
        (lambda document: document | {"hazards": {}}, "has no counts of a hazard 'wear'"),
        (lambda document: with_wear({}), "are not as a backtest writes them"),
        (lambda document: with_wear(document["hazards"]["wear"] | {"looks": [0] * BINS}), "are not as"),
        (lambda document: with_wear(document["hazards"]["wear"] | {"maxima": [2, 1]}), "are not as"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_reason(tmp_path: Path, change: Any, message: str) -> None:
    path = counts_file(tmp_path)
    path.write_bytes(orjson.dumps(change(orjson.loads(path.read_bytes()))))
    [problem] = problems(tmp_path, {"hazards": [HAZARD | {"calibration": str(path)}]})
    assert problem.path == "hazards[0].calibration"
    assert message in problem.message


def test_counts_of_another_definition_are_refused(tmp_path: Path) -> None:
    path = counts_file(tmp_path, HAZARD | {"within": "3d"})
    [problem] = problems(tmp_path, {"hazards": [HAZARD | {"calibration": str(path)}]})
    assert problem.path == "hazards[0]"
    assert "was counted for other signs, labels or times" in problem.message
    # A prior or a budget may change: what was counted stays what it is.
    assert problems(tmp_path, {"hazards": [HAZARD | {"within": "3d", "prior": 0.1, "calibration": str(path)}]}) == []
