"""Shapes that must not alarm, and some that must, from the third or fourth day on; beside predict_linear, which alarms.

Samples come every five minutes, with noise; the limit is 95. What is asked hourly: is the limit as likely as not within
a day? Nothing can tell the first rise of a sawtooth from a growth, so the first days are left out, as the cases say.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest

from models.arrays import Floats
from models.capacity.bank import CapacityBank
from models.capacity.status import STATUSES
from tests.models.capacity.feeding import feed

HOUR_MS = 3_600_000
STEP_H = 1.0 / 12.0
LIMIT = 95.0
SLOT = np.zeros(1, np.int64)

Shape = Callable[[Floats], Floats]


class Course(NamedTuple):
    """What was said at each hour."""

    p_24h: Floats
    p_7d: Floats
    eta_h: Floats
    status: list[str]
    linear: Floats  # whether the line through six hours of samples is at the limit within a day


def _course(shape: Shape, days: int, noise: float = 0.3) -> Course:
    hours = np.arange(0.0, 24.0 * days, STEP_H)
    values = shape(hours) + np.random.default_rng(1).normal(0.0, noise, len(hours))
    bank, limit, said = CapacityBank(1), np.array([LIMIT]), []
    for n, (hour, value) in enumerate(zip(hours, values, strict=True)):
        feed(bank, SLOT, np.array([round(hour * HOUR_MS)]), np.array([value]), limit)
        if n % 12 == 11:
            window = slice(max(0, n - 71), n + 1)
            slope, now = np.polyfit(hours[window] - hour, values[window], 1)
            said.append((bank.predict(SLOT, limit), now + 24.0 * slope >= LIMIT))
    ready = [bool(one.ready[0]) for one, _ in said]
    within = np.array([one.within[0] if known else np.zeros(5) for (one, _), known in zip(said, ready, strict=True)])
    eta = np.array([one.eta_h[0, 1] for one, _ in said])
    status = [STATUSES[one.status[0]] for one, _ in said]
    return Course(within[:, 2], within[:, 3], eta, status, np.array([line for _, line in said]))


def _nightly(hours: Floats) -> Floats:
    """Temporary files fill a third of the disk between two and half past three."""
    since = (hours - 2.0) % 24.0
    return 55.0 + np.where(since < 1.5, 24.0 * since, 0.0)


def _sawtooth(period_h: float) -> Shape:
    return lambda hours: 20.0 + 60.0 * (hours % period_h) / period_h


def _cron(hours: Floats) -> Floats:
    return 40.0 + np.where((hours % 24.0 > 3.0) & (hours % 24.0 < 4.0), 45.0, 0.0)


def _daily(hours: Floats) -> Floats:
    return 50.0 + 30.0 * np.sin(2.0 * np.pi * hours / 24.0)


@pytest.mark.parametrize(
    ("shape", "from_day"),
    [
        pytest.param(_nightly, 2, id="temporary files every night"),
        pytest.param(_sawtooth(6.0), 4, id="garbage collection every six hours"),
        pytest.param(_sawtooth(24.0), 4, id="logs that are rotated daily"),
        pytest.param(_sawtooth(30.0), 5, id="a sawtooth that knows no day"),
        pytest.param(_cron, 2, id="a job for an hour a day"),
        pytest.param(_daily, 4, id="a day's load"),
    ],
)
def test_what_comes_again_and_again_does_not_alarm(shape: Shape, from_day: int) -> None:
    course = _course(shape, from_day + 4)
    late = slice(24 * from_day, None)
    assert set(course.status[late]) <= {"ok", "filling"}
    assert np.mean(course.p_24h[late]) < 0.2
    assert course.linear[late].sum() >= 4, "a line through the last six hours cries wolf on most days"


def test_growth_that_flattens_is_seen_to_flatten() -> None:
    # To 88 with a time constant of twelve hours. At hour h the line is at 88 - 70 e + 24 x 70 / 12 e = 88 + 70 e a day
    # later, e = exp(-h / 12): it is over 95 until e = 0.1, for 27 hours.
    course = _course(lambda hours: 88.0 - 70.0 * np.exp(-hours / 12.0), 7, noise=0.1)
    assert course.linear[6:26].all()
    # So are we in the first day, and no more from a day and a half on; what is left is less every day.
    assert (course.p_24h[36:] < 0.5).all()
    assert "imminent" not in course.status[42:]
    assert course.p_24h[60:84].max() > 2.0 * course.p_24h[-24:].max()
    assert course.p_24h[-1] < 0.05


def test_a_disk_that_fills_alarms_a_day_before_and_says_when() -> None:
    # 0.5 an hour from 30 on: 95 is reached after 130 h.
    course = _course(lambda hours: 30.0 + 0.5 * hours, 6)
    full = 130
    assert all(status == "imminent" for status in course.status[full - 18 : full - 2])
    assert set(course.status[: full - 40]) <= {"ok", "filling"}
    assert course.status[full + 2] == "exhausted"
    left = full - 1 - np.arange(len(course.eta_h))
    ahead = slice(full - 72, full - 6)
    np.testing.assert_allclose(course.eta_h[ahead], left[ahead], rtol=0.15)


def test_a_volume_that_grows_in_working_hours_alone_is_seen_to_fill() -> None:
    # 8 a day between 8 and 18: 30 + 8 x 8 = 94 after eight days. At night nothing moves, and it is still filling.
    def grows(hours: Floats) -> Floats:
        return 30.0 + 8.0 * (hours // 24.0) + np.clip((hours % 24.0 - 8.0) * 0.8, 0.0, 8.0)

    course = _course(grows, 7)
    assert set(course.status[24 * 4 :]) == {"filling"}
    assert (course.p_7d[24 * 5 :] > 0.8).all()
