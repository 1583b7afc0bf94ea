"""How grave predictions are, and the order that follows from it, across kinds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.capacity.status import KNOWN_H
from streams.serve.board.severity import NEW_H, SPANS_H, Severity, rank_of, severity_of, urgency_of

HOUR_MS = 3_600_000
PROBABILITIES = st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5).map(sorted)


def _capacity(status: str, *within: float, supported_h: float = 72.0) -> dict[str, Any]:
    names = ("p_within_1h", "p_within_6h", "p_within_24h", "p_within_7d", "p_within_30d")
    return {
        "kind": "capacity",
        "status": status,
        "supported_h": supported_h,
        "urgency": sum(within) / 5,
        **dict(zip(names, within, strict=True)),
    }


def _failure(p_1h: float | None, p_24h: float | None, **others: Any) -> dict[str, Any]:
    within = {"within_ms": HOUR_MS, "probability": p_1h or 0.0, "p_within_1h": p_1h, "p_within_24h": p_24h}
    return {"kind": "failure", "breaking": False, **within, **others}


def _objective(p_1h: float | None, p_24h: float | None, **others: Any) -> dict[str, Any]:
    chances = {"p_alert_within_1h": p_1h, "p_alert_within_24h": p_24h}
    return {"kind": "objective", "alerting": False, "budget_left": 0.5, **chances, **others}


def _hazard(probability: float, **others: Any) -> dict[str, Any]:
    return {"kind": "hazard", "failing": False, "within_ms": 168 * HOUR_MS, "probability": probability, **others}


@pytest.mark.parametrize(
    ("fields", "severity"),
    [
        (_capacity("exhausted", 0.9, 1, 1, 1, 1), Severity.NOW),
        (_capacity("imminent", 0, 0, 0.35, 0.6, 0.7), Severity.SOON),
        (_capacity("filling", 0, 0.3, 0.49, 1, 1), Severity.COMING),
        (_capacity("ok", 0, 0, 0.1, 0.2, 0.9), Severity.CALM),
        (_failure(1.0, 1.0, breaking=True), Severity.NOW),
        (_failure(0.52, 0.9), Severity.SOON),
        (_failure(0.1, 0.99), Severity.COMING),
        (_failure(0.1, 0.2), Severity.CALM),
        (_failure(None, None), Severity.CALM),
        (_hazard(1.0, failing=True), Severity.NOW),
        (_hazard(0.5), Severity.SOON),
        (_hazard(0.4), Severity.CALM),
        (_objective(1.0, 1.0, alerting=True), Severity.NOW),
        (_objective(0.5, 0.5), Severity.SOON),
        (_objective(None, 0.6), Severity.COMING),
        (_objective(0.0, None, budget_left=0.0), Severity.COMING),
        (_objective(0.0, 0.1), Severity.CALM),
    ],
)
def test_one_scale_of_gravity(fields: dict[str, Any], severity: Severity) -> None:
    assert severity_of(fields) is severity


def test_before_there_is_a_status_the_probabilities_speak() -> None:
    full_soon = (0.4, 0.954, 0.97, 1, 1)
    assert severity_of(_capacity("ok", *full_soon, supported_h=5.0)) is Severity.SOON
    assert severity_of(_capacity("ok", 0, 0, 0.2, 0.7, 0.9, supported_h=5.0)) is Severity.COMING
    assert severity_of(_capacity("ok", 0, 0, 0.2, 0.3, 0.9, supported_h=5.0)) is Severity.CALM
    assert severity_of(_capacity("exhausted", 1, 1, 1, 1, 1, supported_h=5.0)) is Severity.NOW
    # The status moves when an hour has ended, and then it is the word that does not flap.
    assert severity_of(_capacity("ok", *full_soon, supported_h=KNOWN_H + 0.5)) is Severity.SOON
    assert severity_of(_capacity("ok", *full_soon, supported_h=NEW_H)) is Severity.CALM


def test_a_failure_likely_within_a_day_comes_before_what_does_not_fill_within_a_month() -> None:
    failure, calm = _failure(0.05, 0.99), _capacity("ok", 0, 0, 0.1, 0.3, 0.49)
    filling = _capacity("filling", 0, 0, 0.1, 0.6, 0.8)
    assert rank_of(failure) < rank_of(filling) < rank_of(calm)


def test_urgency_is_the_mean_over_the_spans_of_capacity() -> None:
    assert urgency_of(_capacity("ok", 0, 0, 0.1, 0.3, 0.6)) == pytest.approx(0.2)
    assert urgency_of(_failure(0.1, 0.9)) == pytest.approx((2 * 0.1 + 3 * 0.9) / 5)
    assert urgency_of(_hazard(0.5)) == pytest.approx((2 * 0.5) / 5)
    assert urgency_of(_objective(None, 0.5)) == pytest.approx((3 * 0.5) / 5)
    assert urgency_of(_failure(None, None)) == 0.0


@given(PROBABILITIES)
def test_a_failure_that_speaks_of_less_is_never_more_urgent_than_a_capacity_of_the_same(within: list[float]) -> None:
    capacity, failure = _capacity("ok", *within), _failure(within[0], within[2])
    assert urgency_of(failure) <= urgency_of(capacity) + 1e-12
    assert 0.0 <= urgency_of(failure) <= 1.0
    assert len(within) == len(SPANS_H)


@given(PROBABILITIES, PROBABILITIES)
def test_what_is_graver_comes_first_whatever_the_urgency(one: list[float], other: list[float]) -> None:
    assert rank_of(_capacity("imminent", *one)) < rank_of(_capacity("filling", *other))
