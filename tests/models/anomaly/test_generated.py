"""What operators see every day, three weeks of it side by side: none of it cries; and a fault among it does."""

import numpy as np

from models.anomaly.bank import AnomalyBank
from models.arrays import Flags, Floats
from models.forecast.bank import ForecastBank

STEP_MS, PER_DAY, DAYS = 900_000, 96, 21
FIRST_STEP = 19_700 * PER_DAY
LEARNED = 7 * PER_DAY
# exp(-alerts per stretch), of the default budget: a quarter of an alert a week, stretches of 400 quarters of an hour.
THRESHOLD = float(np.exp(-0.25 * 400 * STEP_MS / 604_800_000))


def _ordinary() -> dict[str, Floats]:
    rng, n = np.random.default_rng(0), np.arange(PER_DAY * DAYS)
    hour, weekday = n % PER_DAY * 24 / PER_DAY, n // PER_DAY % 7

    def noise(scale: float = 1.0) -> Floats:
        return scale * rng.normal(size=len(n))

    working = (weekday < 5) & (hour > 8) & (hour < 18)
    return {
        "daily wave": 50.0 + 10.0 * np.sin(2 * np.pi * n / PER_DAY) + noise(),
        "nightly job": 20.0 + 30.0 * ((hour >= 2) & (hour < 3)) + noise(),
        "garbage collection": 100.0 + n * 7.3 % 97 + noise(2.0),
        "log rotation": n % PER_DAY + noise(0.5),
        "growth": 1000.0 + 0.5 * n + noise(3.0),
        "faster growth": 100.0 * 1.0005**n + noise(),
        "weekends": np.where(weekday < 5, 50.0 + 10.0 * np.sin(2 * np.pi * n / PER_DAY), 20.0) + noise(),
        "office hours": np.where(working, 40.0 + noise(3.0), 0.0),
        "a flag": (rng.random(len(n)) < 0.2).astype(np.float64),
        "random walk": np.cumsum(noise()),
    }


def _strange(series: list[Floats]) -> tuple[Flags, Flags]:
    """Of every sample of each series, [samples, series]: whether its value is alarmed; whether it is flat or wild."""
    columns = np.stack(series, axis=1)
    slots, width = np.arange(columns.shape[1]), np.full(columns.shape[1], STEP_MS)
    forecasts, bank = ForecastBank(24, np.array([0.1, 0.5, 0.9])), AnomalyBank()
    first = np.full(len(slots), FIRST_STEP)
    forecasts.start(slots, width, first, columns[0])
    values, others = np.zeros(columns.shape, np.bool_), np.zeros(columns.shape, np.bool_)
    for n, row in enumerate(columns):
        scored = bank.update(slots, width, row, forecasts.update(slots, first + n, row).departures)
        wild = scored.spread.begins & (scored.spread.strength >= THRESHOLD)
        values[n], others[n] = scored.score >= THRESHOLD, scored.flat.flat | wild
    return values, others


def test_ordinary_series_do_not_cry_and_a_fault_among_them_does() -> None:
    ordinary = _ordinary()
    faulty = {name: values.copy() for name, values in ordinary.items() if name in ("daily wave", "nightly job")}
    for with_fault in faulty.values():
        with_fault[LEARNED + 5 * PER_DAY + 60 :][:4] += 30.0
    values, others = _strange([*ordinary.values(), *faulty.values()])
    quiet = len(ordinary)
    alarms = dict(zip(ordinary, values[LEARNED:, :quiet].sum(axis=0).tolist(), strict=True))
    # A fortnight of ten series at a quarter of an alert a week: five are expected of pure noise.
    assert sum(alarms.values()) <= 5, alarms
    assert max(alarms.values()) <= 2, alarms
    assert not others[:, :quiet].any()
    # The job runs at night: the same height at another hour is strange.
    assert values[LEARNED + 5 * PER_DAY + 60, quiet:].all()
