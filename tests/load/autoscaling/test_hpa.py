"""An HPA's rules, by the working in the comments."""

import pytest

from load.autoscaling.hpa import Hpa


@pytest.mark.parametrize(
    ("total", "current", "replicas"),
    [
        (100.0, 10, 10),  # as much as the target of 10 each
        (109.0, 10, 10),  # 1.09 is tolerated
        (111.0, 10, 12),  # 11.1
        (90.0, 10, 10),
        (89.0, 10, 9),  # 8.9
        (5_000.0, 10, 40),
        (0.0, 10, 2),
        (None, 10, 10),
    ],
)
def test_a_total_over_the_target_each(total: float | None, current: int, replicas: int) -> None:
    assert Hpa(2, 40).of_total(total, 10.0, current) == replicas


@pytest.mark.parametrize(
    ("used", "ready", "asked_for", "replicas"),
    [
        (0.8, 10, 10, 10),
        (1.0, 10, 10, 13),  # 10 x 1 / 0.8 = 12.5: a full processor never asks for more than that
        (0.4, 10, 10, 5),
        (1.0, 10, 13, 13),  # three are starting: of 13 it is 0.77, no reason for more
        (1.0, 12, 13, 15),  # 12 / 13 / 0.8 = 1.154 of 13
    ],
)
def test_use_of_the_ready_ones(used: float, ready: int, asked_for: int, replicas: int) -> None:
    assert Hpa(2, 40).of_utilisation(used, 0.8, ready, asked_for) == replicas


def test_fewer_only_once_nobody_has_recommended_more_for_a_while() -> None:
    hpa = Hpa(1, 40, stabilisation_minutes=3)
    assert [hpa.of_total(total, 10.0, 10) for total in (200.0, 50.0, 30.0, 20.0, 20.0)] == [20, 20, 20, 5, 3]
