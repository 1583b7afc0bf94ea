"""Shapes of a generated fleet: what they are worth to young series, and which are left out."""

from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from load.backtest.choices import Choices, backtest_settings, default_settings
from load.fit.held_out import relative_loss
from load.fit.learning import Learned, learn
from load.fit.sample import Held
from load.fit.shaping import Shape, found_shapes, paying, shapes_of
from load.fit.share import Share
from load.fit.young import START_EVERY_MS, tried_young, youths
from load.generate.fleet import generate_fleet
from load.generate.spec import DAY_MS, HOUR_MS, MINUTE_MS, FleetSpec
from load.recordings.table import SampleTable, concatenate, matrix_table
from models.forecast.params import DEFAULTS
from models.forecast.shapes import BINS
from streams.series import SeriesKey, parse_series

STEP_MS = 20 * MINUTE_MS
SPEC = FleetSpec(hosts=8, services=1, volumes=1, days=9, step_ms=STEP_MS)
SETTINGS = backtest_settings(default_settings(), Choices(step_ms=STEP_MS, horizon=12))
QUIET = Console(quiet=True)


def fleet() -> SampleTable:
    """The hosts' cpu, and as many random walks far above zero, which have no shape in common."""
    made = generate_fleet(SPEC)
    of_cpu = [place for place, key in enumerate(made.series) if key.metric == "cpu_usage_percent"]
    walks = 1_000 + np.cumsum(np.random.default_rng(2).normal(size=(SPEC.steps, 8)), axis=0)
    series: list[SeriesKey] = [made.series[place] for place in of_cpu]
    series += [parse_series(f'queue{{host="{place}"}}') for place in range(8)]
    return matrix_table(series, SPEC.times_ms(), np.column_stack([made.values[:, of_cpu], walks]))


@pytest.fixture(scope="module")
def share() -> Share:
    return Share.of(Held("fleet", fleet()), SETTINGS)


@pytest.fixture(scope="module")
def learned(share: Share) -> Learned:
    return learn(share.fitted_to.table, SETTINGS, DEFAULTS)


@pytest.fixture(scope="module")
def found(share: Share, learned: Learned) -> dict[str, Shape]:
    return found_shapes([share], [learned], SETTINGS, DEFAULTS.gains, QUIET)


def test_the_metric_with_a_day_in_common_has_a_shape_and_the_other_has_none(found: dict[str, Shape]) -> None:
    assert {metric: shape.series for metric, shape in found.items()} == {"cpu_usage_percent": 8, "queue": 8}
    assert list(paying(found)) == ["cpu_usage_percent"]
    shape = found["cpu_usage_percent"].values
    assert len(shape) == BINS
    assert sum(shape) == pytest.approx(BINS, abs=0.02)
    assert 11 <= int(np.argmax(shape)) <= 16


def test_errors_under_a_day_of_age_fall(share: Share, found: dict[str, Shape]) -> None:
    """Of samples that had no part in the shape: measured 0.56 of the loss for cpu, 0.75 with the walks."""
    params = DEFAULTS._replace(shapes=paying(found))
    shaped, shapeless = (tried_young(youths(share), SETTINGS, each, QUIET) for each in (params, DEFAULTS))
    relative = relative_loss(shaped, shapeless)
    assert relative is not None
    assert relative < 0.97
    walks = [shaped.losses[name] / loss for name, loss in shapeless.losses.items() if name.startswith("queue")]
    np.testing.assert_allclose(walks, 1.0, atol=0.01)


def test_what_is_held_out_has_no_part_in_the_shapes(share: Share, found: dict[str, Shape]) -> None:
    table = share.held.table
    held_out = table.timestamp_ms > share.plan.origins_ms[0]
    other = replace(table, value=np.where(held_out, table.value[::-1], table.value))
    changed = Share.of(Held("fleet", other), SETTINGS)
    again = [learn(changed.fitted_to.table, SETTINGS, DEFAULTS)]
    assert found_shapes([changed], again, SETTINGS, DEFAULTS.gains, QUIET) == found


def test_series_begin_afresh_after_what_is_fitted_to(share: Share) -> None:
    first_ms = share.plan.origins_ms[0] + STEP_MS
    starts = youths(share)
    assert [start.held.span_ms()[0] - first_ms for start in starts] == [0, START_EVERY_MS]
    ages_h = [(origin_ms - first_ms) // HOUR_MS for origin_ms in starts[0].plan.origins_ms]
    assert ages_h == [4, 8, 12, 16, 20]
    assert starts[0].held.span_ms()[1] == first_ms + DAY_MS + 4 * HOUR_MS - STEP_MS


def test_a_recording_too_short_for_shapes_has_none() -> None:
    held = Held("short", concatenate(list(generate_fleet(FleetSpec(hosts=6, days=3.5, step_ms=STEP_MS)).tables())))
    short = Share.of(held, SETTINGS)
    known = [learn(short.fitted_to.table, SETTINGS, DEFAULTS)]
    assert shapes_of(known) == {}
    assert found_shapes([short], known, SETTINGS, DEFAULTS.gains, QUIET) == {}
