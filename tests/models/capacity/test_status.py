"""The status does not flap."""

import numpy as np

from models.capacity.status import LAYOUT, STATUSES, exhaust, follow
from models.layout import allocate

SLOT = np.zeros(1, np.int64)


def _course(*steps: tuple[float, float, float] | None, known: bool = True) -> list[str]:
    """Statuses after each step: probabilities of an hour, a day, a week; None where the limit is reached."""
    arrays, passed = allocate(LAYOUT, 1), []
    for step in steps:
        if step is None:
            exhaust(arrays, SLOT)
        else:
            follow(arrays, SLOT, np.array([known]), *[np.array([p]) for p in step])
        passed.append(STATUSES[arrays["status"][0]])
    return passed


def test_it_rises_at_one_probability_and_falls_at_a_lower_one() -> None:
    weeks = [(0.0, 0.0, p) for p in (0.49, 0.5, 0.31, 0.49, 0.29, 0.49)]
    assert _course(*weeks) == ["ok", "filling", "filling", "filling", "ok", "ok"]
    days = [(0.0, p, 1.0) for p in (0.49, 0.5, 0.31, 0.29)]
    assert _course(*days) == ["filling", "imminent", "imminent", "filling"]


def test_what_was_exhausted_stays_so_until_it_is_unlikely_again() -> None:
    assert _course(None, (0.9, 1.0, 1.0), (0.3, 0.4, 0.4), (0.2, 0.4, 0.4), (0.9, 0.2, 0.4)) == [
        *("exhausted", "exhausted", "exhausted", "imminent", "filling"),
    ]


def test_before_a_day_is_known_only_the_limit_itself_counts() -> None:
    assert _course((1.0, 1.0, 1.0), None, (1.0, 1.0, 1.0), known=False) == ["ok", "exhausted", "ok"]


def test_a_probability_alone_exhausts_nothing() -> None:
    assert _course((1.0, 1.0, 1.0)) == ["imminent"]
