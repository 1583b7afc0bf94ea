"""Settings of scalers: what is accepted, and the problem reported for what is not."""

from pathlib import Path
from typing import Any

import pytest

from streams.settings.scalers import Scaler
from tests.streams.settings.test_problems import problems, without

SCALER: dict[str, Any] = {"name": "shop", "series": "rps", "per_replica": 10, "max_replicas": 9}


def scaler(**changes: Any) -> dict[str, Any]:
    return {"scalers": [SCALER | changes]}


@pytest.mark.parametrize(
    "document",
    [
        scaler(),
        {"scalers": [SCALER, SCALER | {"name": "shop-2"}]},
        scaler(series=None, metric="rps_*", labels={"team": "x"}, combine="max"),
        scaler(min_replicas=0, step_up=2, step_down=1, stabilisation="5m", max_age="10m", dry_run=True),
        scaler(quantile=0.95) | {"forecast": {"quantiles": [0.5, 0.99]}},
    ],
)
def test_accepts(tmp_path: Path, document: dict[str, Any]) -> None:
    assert problems(tmp_path, document) == []


@pytest.mark.parametrize(
    ("document", "place", "message"),
    [
        (scaler(name="Shop"), "scalers[0].name", "must be at most 40 of a-z, 0-9 and inner dashes, got 'Shop'"),
        (scaler(name="a" * 41), "scalers[0].name", "must be at most 40"),
        (scaler(name="shop-"), "scalers[0].name", "must be at most 40"),
        (scaler(series=None), "scalers[0]", "give exactly one of series and metric"),
        (scaler(metric="x"), "scalers[0]", "give exactly one of series and metric"),
        (scaler(labels={"a": "b"}), "scalers[0]", "labels go with metric"),
        (scaler(series="rps{a=x}"), "scalers[0].series", "cannot read labels"),
        (scaler(per_replica=0), "scalers[0].per_replica", "must be greater than 0"),
        (scaler(quantile=1), "scalers[0].quantile", "must be less than 1"),
        (scaler(quantile=0.95), "", "the scaler 'shop' asks for quantile 0.95, and forecast.quantiles reach"),
        (scaler(min_replicas=10), "scalers[0]", "min_replicas is 10, more than max_replicas, 9"),
        (scaler(step_up=0), "scalers[0].step_up", "must be at least 1"),
        (scaler(lead_time="0s"), "scalers[0].lead_time", "must be longer than zero"),
        ({"scalers": [without(SCALER, "max_replicas")]}, "scalers[0].max_replicas", "is required"),
        ({"scalers": [SCALER, SCALER]}, "scalers[1].name", "'shop' is already the name of scalers[0]"),
    ],
)
def test_refuses(tmp_path: Path, document: dict[str, Any], place: str, message: str) -> None:
    found = problems(tmp_path, document)
    assert [problem.path for problem in found] == [place]
    assert message in found[0].message


def test_a_series_is_written_as_records_write_it() -> None:
    assert Scaler.model_validate(SCALER | {"series": 'rps{b="1", a="2"}'}).series == 'rps{a="2",b="1"}'
