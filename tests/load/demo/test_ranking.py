"""What comes first on the board."""

from load.demo.ranking import KEPT_MS, current, likeliest, most_urgent
from load.generate.spec import HOUR_MS
from tests.load.demo.made import NOW_MS, capacity, failure


def test_most_urgent_is_likeliest_within_a_day_then_a_week_then_soonest() -> None:
    ranked = [
        capacity(entity="today", p_24h=0.9, p_7d=0.9),
        capacity(entity="maybe", p_24h=0.2, p_7d=1.0),
        capacity(entity="this week", p_24h=0.001, p_7d=0.9, p50_ms=NOW_MS + 30 * HOUR_MS),
        capacity(entity="this week, later", p_24h=0.004, p_7d=0.9, p50_ms=NOW_MS + 40 * HOUR_MS),
        capacity(entity="never", p_24h=0.0, p_7d=0.0, p50_ms=None),
    ]
    assert most_urgent(reversed(ranked)) == ranked


def test_likeliest_comes_first_and_ties_keep_still() -> None:
    ranked = [failure(probability=0.4), failure(entity="a", probability=0.1), failure(entity="b", probability=0.1)]
    assert likeliest(reversed(ranked)) == ranked


def test_a_prediction_goes_some_time_after_it_has_expired() -> None:
    old = capacity(entity="old", expires_at_ms=NOW_MS)
    assert current([old, capacity(made_at_ms=NOW_MS + KEPT_MS - 1)])[0] == old
    newest = capacity(made_at_ms=NOW_MS + KEPT_MS, expires_at_ms=NOW_MS + 2 * KEPT_MS)
    assert current([old, newest]) == [newest]
    assert current([]) == []
