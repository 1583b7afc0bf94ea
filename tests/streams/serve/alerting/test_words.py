"""What people read."""

from typing import Any

import pytest

from streams.serve.alerting.alert import Alert
from streams.serve.alerting.identity import identity_of
from streams.serve.alerting.judging import Judge
from streams.serve.alerting.severity import Severity
from streams.serve.alerting.words import annotations, thing
from streams.settings.durations import HOUR_MS, MINUTE_MS
from tests.streams.serve.alerting.records import LIFE_MS, NOW_MS, anomaly, capacity, failure, incident, made, settings

BURNING = {"burn_rate": 14.4, "long_burn_rate": 20.0, "firing": True}


def told(record: dict[str, Any], now_ms: int = NOW_MS, **fields: Any) -> dict[str, str]:
    finding = Judge(settings(), LIFE_MS).finding("key", record)
    assert finding is not None
    alert = Alert(identity_of(finding, Severity.PAGE), Severity.PAGE, NOW_MS, finding, **fields)
    return annotations(alert, now_ms)


def times(p10_h: float | None, p50_h: float | None, p90_h: float | None) -> dict[str, Any]:
    spans = {10: p10_h, 50: p50_h, 90: p90_h}
    return {f"exhausted_at_p{p}_ms": None if h is None else NOW_MS + round(h * HOUR_MS) for p, h in spans.items()}


@pytest.mark.parametrize(
    ("record", "summary"),
    [
        (
            capacity(0.5, entity='{host="a",volume="root"}', **times(2, 4, 6)),
            "disk_used_bytes of volume root of host a reaches its limit on Thu 8 Jan 15:00 UTC, give or take 2 h",
        ),
        (
            capacity(0.5, **times(2, 4, None)),
            "disk_used_bytes of host a reaches its limit on Thu 8 Jan 15:00 UTC, or much later",
        ),
        (
            capacity(0.5, **times(2, None, None)),
            "disk_used_bytes of host a may reach its limit on Thu 8 Jan 13:00 UTC at the earliest",
        ),
        (capacity(0.5, **times(None, None, None)), "disk_used_bytes of host a nears its limit"),
        (capacity(1.0, **times(0, 0, 0) | {"gap": -1.0}), "disk_used_bytes of host a has reached its limit"),
        (
            failure(0.557),
            "error_rate of host a will be above 0.05 for 20m within 1h with a probability of 56 %",
        ),
        (failure(1.0, breaking=True), "error_rate of host a has been above 0.05 for 20m"),
        (
            made("hazard", probability=0.001, failing=False),
            "host a shows signs of wear: fails within 1h with a probability of < 1 %",
        ),
        (made("hazard", failing=True), "host a has failed"),
        (
            made("objective", budget_left=-0.1, alerts=[BURNING]),
            "host a spends the error budget of good 20.0 times too fast; nothing is left",
        ),
        (anomaly("missing", "open"), "error_rate of host a has stopped reporting"),
        (incident("open", '{host="a"}'), "Trouble, most likely from host a"),
        (
            incident("open", '{host="a"}', '{host="b"}', predicted=True, members_beyond=2),
            "Trouble is foretold, host a first; 3 more with it",
        ),
    ],
)
def test_a_summary_says_it_in_a_line(record: dict[str, Any], summary: str) -> None:
    assert told(record)["summary"] == summary
    assert told(record)["description"]


def test_certainty_is_not_claimed_where_there_is_none() -> None:
    assert "> 99 %" in told(failure(0.999))["summary"]


def test_figures_are_in_the_description() -> None:
    description = told(failure(0.5, precision=0.5))["description"]
    assert "100 earlier predictions are settled, 3 failures came; Brier 0.100, plain frequency 0.200." in description
    assert "50 % of the warnings were right." in description


def test_an_alert_without_news_says_so_and_an_ended_one_why() -> None:
    assert "stale" not in told(failure(0.5))
    assert told(failure(0.5), NOW_MS + HOUR_MS)["stale"].startswith("no news since Thu 8 Jan 11:00 UTC")
    ended = told(failure(0.5), NOW_MS + HOUR_MS, ends_at_ms=NOW_MS + MINUTE_MS, resolution="it is over")
    assert ended["resolution"] == "it is over"
    assert "stale" not in ended


def test_everything_is_a_thing() -> None:
    assert thing("{}") == "everything"
