"""Predictions in words."""

import pytest

from load.demo import phrases
from load.generate.spec import DAY_MS, HOUR_MS, MINUTE_MS
from tests.load.demo.made import GIB, NOW_MS, capacity, failure


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "full on Thu 14:00, give or take 2 h"),
        ({"direction": "down"}, "used up on Thu 14:00, give or take 2 h"),
        ({"gap": 0.0}, "full now"),
        ({"gap": -1.0, "p50_ms": None}, "full now"),
        ({"p50_ms": NOW_MS + 14 * HOUR_MS + 4 * MINUTE_MS}, "full on Thu 14:00, give or take 2 h"),
        ({"p50_ms": NOW_MS + 14 * HOUR_MS + 6 * MINUTE_MS}, "full on Thu 14:10, give or take 2 h"),
        ({"p90_ms": NOW_MS + 13 * HOUR_MS}, "full on Thu 14:00, give or take 30 min"),
        ({"p90_ms": None}, "full on Thu 14:00, or much later"),
        ({"p50_ms": NOW_MS + 7 * DAY_MS, "p90_ms": None}, "full on Thu 15 Jan, or much later"),
        ({"p50_ms": None, "p90_ms": None}, "full on Thu 12:00 at worst, if at all"),
        ({"p10_ms": None, "p50_ms": None, "p90_ms": None}, "not within 10 days"),
    ],
)
def test_exhaustion(fields: dict[str, object], text: str) -> None:
    assert phrases.exhaustion(capacity(**fields)) == text


@pytest.mark.parametrize(
    ("duration_ms", "text"),
    [(1, "1 min"), (89 * MINUTE_MS, "89 min"), (90 * MINUTE_MS, "2 h"), (47 * HOUR_MS, "47 h"), (3 * DAY_MS, "3 days")],
)
def test_span(duration_ms: int, text: str) -> None:
    assert phrases.span(duration_ms) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "< 1 %"), (0.0049, "< 1 %"), (0.3, "30 %"), (0.994, "99 %"), (0.999, "> 99 %"), (1.0, "100 %")],
)
def test_probability_is_not_rounded_to_certainty(share: float, text: str) -> None:
    assert phrases.probability(share) == text


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "93 % of 200.0 GiB"),
        ({"level": 3.0, "limit": 4.0, "metric": "queue_length"}, "75 % of 4"),
        ({"level": 2.0, "limit": 0.0}, "2, limit 0"),
        ({"level": 256.0, "limit": 512.0}, "50 % of 512.0 B"),
        ({"level": GIB * 2**28, "limit": GIB * 2**30}, "25 % of 1024.0 PiB"),
    ],
)
def test_level(fields: dict[str, object], text: str) -> None:
    assert phrases.level(capacity(**fields)) == text


def test_failure_in_words() -> None:
    assert phrases.rule(failure()) == "error_rate above 0.05 for 5m"
    assert phrases.outlook(failure()) == "41 % within 1h"
    assert phrases.outlook(failure(breaking=True, probability=1.0)) == "failing now"
    assert phrases.track_record(failure()) == "12 failures, 1,152 looks settled; Brier 0.120, base 0.170"
    assert phrases.track_record(failure(looks_settled=0, brier=None, base_brier=None)) == "nothing settled yet"


def test_event_time_is_utc() -> None:
    assert phrases.event_time(NOW_MS) == "Thu 2026-01-08 00:00"
