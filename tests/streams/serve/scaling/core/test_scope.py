"""Which scalers a scope of labels leaves."""

import pytest

from streams.serve.scaling.core.scope import visible_scalers
from tests.streams.serve.scaling.made import scaler

SCALERS = {
    "shop": scaler(series='rps{namespace="shop",team="x"}'),
    "pay": scaler(series=None, metric="rps", labels={"namespace": "pay"}),
    "all": scaler(series=None, metric="rps"),
}


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ({}, {"shop", "pay", "all"}),
        ({"namespace": "shop"}, {"shop"}),
        ({"namespace": "shop", "team": "y"}, set()),
        ({"namespace": "pay"}, {"pay"}),
    ],
)
def test_a_scaler_is_seen_where_all_of_its_series_are(scope: dict[str, str], names: set[str]) -> None:
    assert visible_scalers(SCALERS, scope).keys() == names
