"""A period that no clock suggests is found, forecast, and forgotten."""

import numpy as np

from tests.models.forecast.experts.reading import said
from tests.models.forecast.feeding import one_series

MINUTE_MS = 60_000


def _cron(samples: int, period: int) -> list[float]:
    noise = np.random.default_rng(0).normal(size=samples)
    return [10.0 + (50.0 if n % period == 3 else 0.0) + float(noise[n]) for n in range(samples)]


def test_a_cron_of_seven_minutes() -> None:
    values = _cron(300, 7)
    bank, _ = one_series(values, step_ms=MINUTE_MS)
    assert bank.arrays["found_period"][0] == 7
    points = said(bank, "found", list(range(1, 15)))
    spikes = [h for h, point in enumerate(points.tolist(), start=1) if point > 40.0]
    assert spikes == [h for h in range(1, 15) if (299 + h) % 7 == 3]
    # The median of the last three cycles at the same place.
    ahead = spikes[0]
    newest = 299 + ahead - 7
    np.testing.assert_allclose(points[ahead - 1], np.median([values[newest - 7 * i] for i in range(3)]), rtol=1e-6)


def test_a_period_that_is_gone_is_forgotten() -> None:
    quiet = 10.0 + np.random.default_rng(1).normal(size=300)
    bank, _ = one_series([*_cron(300, 7), *quiet], step_ms=MINUTE_MS)
    assert bank.arrays["found_period"][0] == 0
    assert said(bank, "found", [1, 5]).tolist() == said(bank, "level_fast", [1, 5]).tolist()
