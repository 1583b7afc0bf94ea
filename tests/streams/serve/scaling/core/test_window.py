"""Reading a forecast at an instant and a quantile."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.serve.scaling.core.forecast import SeriesForecast, read_forecast
from streams.serve.scaling.core.window import Foretold, foretold
from tests.streams.serve.scaling.made import MINUTE_MS, SERIES, T_MS, record


def forecast(**changes: object) -> SeriesForecast:
    found = read_forecast(SERIES, record(**changes))
    assert isinstance(found, SeriesForecast)
    return found


def at(minute: float) -> int:
    return T_MS + round(minute * MINUTE_MS)


def peak() -> SeriesForecast:
    """5, 40 and 10 at one, two and four minutes ahead."""
    return forecast(horizon_steps=[1, 2, 4], levels=[0.5], quantiles=[[5.0], [40.0], [10.0]])


@pytest.mark.parametrize(
    ("minute", "quantile", "value"),
    [
        (2, 0.5, 40.0),  # a horizon and a level
        (5, 0.5, 100.0),  # half way from 4 to 6
        (2, 0.7, 50.0),  # half way from .5 to .9
        (5, 0.3, 75.0),  # both: half way between 40..80 and 60..120
        (0.5, 0.5, 20.0),  # before the first horizon it is what it is there
        (8, 0.9, 240.0),  # the last horizon and the last level
        (2, 0.1, 20.0),  # the first level
    ],
)
def test_between_horizons_and_levels_lines_are_straight(minute: float, quantile: float, value: float) -> None:
    assert foretold(forecast(), at(0), at(minute), quantile).at_end == pytest.approx(value)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (0, 4, Foretold(40.0, 10.0)),  # the peak is on the way: replicas that run now are needed for it
        (2.5, 4, Foretold(32.5, 10.0)),  # it is over by a quarter of the way down
        (0, 1.5, Foretold(22.5, 22.5)),  # and has not come
    ],
)
def test_the_largest_value_on_the_way_counts(since: float, until: float, expected: Foretold) -> None:
    assert foretold(peak(), at(since), at(until), 0.5) == pytest.approx(expected)


def test_a_load_below_zero_is_none() -> None:
    assert foretold(forecast(quantiles=[[-3.0, -2.0, -1.0]] * 6), at(0), at(2), 0.5) == (0.0, 0.0)


paths = st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3).map(sorted), min_size=6, max_size=6)


@given(paths, st.floats(0.1, 0.9), st.floats(0.1, 0.9), st.floats(0, 8), st.floats(0, 8))
def test_a_higher_quantile_never_gives_less(
    quantiles: list[list[float]], one: float, other: float, since: float, until: float
) -> None:
    made, (since, until) = forecast(quantiles=quantiles), sorted((since, until))
    lower, higher = (foretold(made, at(since), at(until), each) for each in sorted((one, other)))
    slack = 1e-6
    assert lower.largest <= higher.largest + slack
    assert lower.at_end <= higher.at_end + slack


@given(paths, st.floats(0.1, 0.9), st.floats(0, 8), st.floats(0, 8))
def test_the_largest_is_that_of_all_instants(
    quantiles: list[list[float]], quantile: float, since: float, until: float
) -> None:
    made, (since, until) = forecast(quantiles=quantiles), sorted((since, until))
    instants = [round(instant) for instant in np.linspace(at(since), at(until), 40)]
    values = [foretold(made, at(since), instant, quantile).at_end for instant in instants]
    largest = foretold(made, at(since), at(until), quantile).largest
    assert largest >= max(values) - 1e-6
    assert 0.0 <= largest <= max(max(row) for row in quantiles) + 1e-6 or largest == 0.0
