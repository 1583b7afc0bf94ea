"""Alerts from records: who alerts, when it ends, what survives a restart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.serve.alerting.alert import Known
from streams.serve.alerting.desk import AlertDesk
from streams.serve.alerting.identity import without_incident
from streams.settings.durations import HOUR_MS, MINUTE_MS
from tests.streams.serve.alerting.records import (
    LIFE_MS,
    NOW_MS,
    anomaly,
    capacity,
    failure,
    incident,
    made,
    settings,
    value_of,
)

STEP_MS = 12 * MINUTE_MS
HOST_A = '{host="a"}'


def desk_of(*, live: bool = True, **fields: Any) -> AlertDesk:
    desk = AlertDesk(settings(**fields), LIFE_MS)
    if live:
        desk.caught_up()
    return desk


def tell(desk: AlertDesk, *records: dict[str, Any], key: str = "key") -> None:
    for record in records:
        desk.apply(key, value_of(record), NOW_MS)


def severities(desk: AlertDesk) -> list[str]:
    return [dict(alert.labels)["severity"] for alert in desk.firing.values()]


def turns_of(desk: AlertDesk) -> list[tuple[str, str]]:
    return [("begins" if turn.begins else "ends", dict(turn.alert.labels)["severity"]) for turn in desk.turns()]


def test_a_limit_alerts_by_time_and_probability() -> None:
    desk = desk_of()
    tell(desk, capacity(0.1, p_7d=0.4))
    assert severities(desk) == []
    tell(desk, capacity(0.1, p_7d=0.5))
    assert severities(desk) == ["ticket"]
    tell(desk, capacity(0.5))
    assert severities(desk) == ["page"]
    # Another severity is another alert: the one before it ends.
    assert turns_of(desk) == [("begins", "ticket"), ("ends", "ticket"), ("begins", "page")]


def test_what_a_status_calls_ok_alerts_nobody() -> None:
    desk = desk_of()
    tell(desk, capacity(0.9, status="ok"))
    assert severities(desk) == []
    tell(desk, capacity(0.0, p_7d=0.0, status="exhausted"))
    assert severities(desk) == ["page"]


def test_a_probability_that_wavers_neither_begins_nor_ends_an_alert() -> None:
    desk = desk_of(leave_after=None)
    tell(desk, failure(0.5))
    for p in (0.31, 0.49, 0.3, 0.6, 0.31):
        tell(desk, failure(p))
    assert turns_of(desk) == [("begins", "page")]
    tell(desk, failure(0.29))
    assert turns_of(desk) == [("ends", "page")]
    tell(desk, failure(0.49))
    assert turns_of(desk) == []


def test_an_alert_is_held_in_event_time() -> None:
    desk = desk_of(enter_after="10m", leave_after="20m")
    tell(desk, failure(0.9, origin_ms=NOW_MS))
    assert severities(desk) == []
    tell(desk, failure(0.9, origin_ms=NOW_MS + STEP_MS))
    [alert] = desk.firing.values()
    assert alert.starts_at_ms == NOW_MS
    tell(desk, failure(0.0, origin_ms=NOW_MS + 2 * STEP_MS), failure(0.0, origin_ms=NOW_MS + 3 * STEP_MS))
    assert severities(desk) == ["page"]
    tell(desk, failure(0.0, origin_ms=NOW_MS + 4 * STEP_MS))
    assert severities(desk) == []


def test_an_interruption_begins_the_hold_anew() -> None:
    desk = desk_of(enter_after="20m")
    for step, p in enumerate((0.9, 0.0, 0.9, 0.9)):
        tell(desk, failure(p, origin_ms=NOW_MS + step * STEP_MS))
    assert severities(desk) == []


def test_predictions_without_a_record_of_their_own_alert_nobody_unless_it_happens() -> None:
    desk = desk_of()
    tell(desk, failure(0.9, brier=0.3), failure(0.9, brier=None, base_brier=None), failure(0.9, failures_seen=0))
    assert severities(desk) == []
    tell(desk, failure(1.0, brier=0.3, breaking=True))
    assert severities(desk) == ["page"]
    unproven = desk_of(failures={"proven": False})
    tell(unproven, failure(0.9, brier=0.3))
    assert severities(unproven) == ["page"]


def test_the_record_is_asked_for_only_as_an_alert_begins() -> None:
    desk = desk_of(leave_after=None)
    tell(desk, failure(0.9), failure(0.9, brier=0.3))
    assert severities(desk) == ["page"]


def test_older_records_that_come_again_change_nothing() -> None:
    """After a crash a worker sends up to a checkpoint interval of predictions again, the oldest first."""
    desk = desk_of(leave_after=None)
    past = [failure(p, origin_ms=NOW_MS + step * STEP_MS) for step, p in enumerate((0.1, 0.9, 0.1))]
    tell(desk, *past)
    assert turns_of(desk) == [("begins", "page"), ("ends", "page")]
    tell(desk, *past)
    assert turns_of(desk) == []


def test_in_maintenance_nothing_begins_and_nothing_is_resolved_by_it() -> None:
    desk = desk_of()
    tell(desk, failure(0.9, suppressed=True), key="quiet")
    assert severities(desk) == []
    tell(desk, failure(0.9), failure(0.95, suppressed=True), key="known")
    assert severities(desk) == ["page"]


def test_without_news_an_alert_says_so_and_then_ends() -> None:
    desk = desk_of(stale_after="1h")
    tell(desk, failure(0.9))
    expires_at_ms = NOW_MS + 24 * MINUTE_MS
    desk.tick(expires_at_ms + HOUR_MS - 1)
    assert severities(desk) == ["page"]
    desk.tick(expires_at_ms + HOUR_MS)
    assert severities(desk) == []
    ended = desk.turns()[-1].alert
    assert (ended.ends_at_ms, ended.resolution) == (expires_at_ms + HOUR_MS, "no news came for too long")


def test_a_tombstone_ends_an_alert() -> None:
    desk = desk_of()
    tell(desk, failure(0.9))
    desk.apply("key", None, NOW_MS)
    assert turns_of(desk) == [("begins", "page"), ("ends", "page")]


def test_hazards_and_budgets() -> None:
    desk = desk_of(leave_after=None)
    since_ms = NOW_MS - 50 * HOUR_MS
    tell(desk, made("hazard", flagged=True, flagged_since_ms=since_ms), key="hazard")
    assert [alert.starts_at_ms for alert in desk.firing.values()] == [since_ms]
    burning = {"long_ms": 1, "short_ms": 1, "long_burn_rate": 20.0, "short_burn_rate": 20.0, "firing": True}
    tell(desk, made("objective", alerts=[burning | {"burn_rate": 1.0}]), key="objective")
    assert severities(desk) == ["ticket", "ticket"]
    tell(desk, made("objective", alerts=[burning | {"burn_rate": 1.0}, burning | {"burn_rate": 14.4}]), key="objective")
    assert severities(desk) == ["ticket", "page"]
    tell(desk, made("objective", alerts=[burning | {"burn_rate": 14.4, "firing": False}]), key="objective")
    assert severities(desk) == ["ticket"]


def test_anomalies_by_kind_end_at_once() -> None:
    desk = desk_of(anomalies={"value": None, "missing": "page"})
    tell(desk, anomaly("value", "open"), key="value")
    assert severities(desk) == []
    tell(desk, anomaly("missing", "open"), key="missing")
    assert severities(desk) == ["page"]
    assert [alert.starts_at_ms for alert in desk.firing.values()] == [NOW_MS - MINUTE_MS]
    tell(desk, anomaly("missing", "closed"), key="missing")
    assert severities(desk) == []


def test_an_open_incident_speaks_for_members_that_are_no_more_urgent() -> None:
    desk = desk_of(leave_after=None)
    tell(desk, incident("open", HOST_A, '{host="b"}'), key="incident")
    tell(desk, capacity(0.0, entity=HOST_A), key="of a member")
    assert severities(desk) == ["ticket"]
    assert desk.withheld == 1
    tell(desk, capacity(0.0, entity='{host="c"}'), key="of another")
    assert severities(desk) == ["ticket", "ticket"]
    # A page is more than the incident says.
    tell(desk, capacity(0.9, entity=HOST_A), key="of a member")
    assert sorted(severities(desk)) == ["page", "ticket", "ticket"]


def test_what_still_holds_when_the_incident_closes_alerts_then() -> None:
    desk = desk_of()
    tell(desk, incident("open", HOST_A), key="incident")
    tell(desk, capacity(0.0, entity=HOST_A), key="of a member")
    tell(desk, incident("closed", HOST_A, updated_at_ms=NOW_MS + HOUR_MS), key="incident")
    [alert] = desk.firing.values()
    assert dict(alert.labels)["alertname"] == "ForeshockCapacity"
    assert alert.starts_at_ms == NOW_MS + HOUR_MS


def test_an_incident_whose_end_was_never_told_is_not_believed_for_ever() -> None:
    desk = desk_of()
    tell(desk, incident("open", HOST_A), key="incident")
    tell(desk, capacity(0.0, entity=HOST_A, expires_at_ms=NOW_MS + 100 * HOUR_MS), key="of a member")
    desk.tick(NOW_MS - HOUR_MS + LIFE_MS + HOUR_MS)
    assert len(desk.firing) == 2
    desk.tick(NOW_MS + LIFE_MS + HOUR_MS)
    assert [dict(alert.labels)["alertname"] for alert in desk.firing.values()] == ["ForeshockCapacity"]


def test_apart_members_bear_the_name_of_their_incident_if_it_was_surely_known() -> None:
    desk = desk_of(incidents={"members": "apart"})
    tell(desk, capacity(0.0, entity=HOST_A), key="before")
    tell(desk, incident("open", HOST_A, opened_at_ms=NOW_MS), key="incident")
    tell(desk, capacity(0.0, entity=HOST_A, origin_ms=NOW_MS + MINUTE_MS), key="at once")
    tell(desk, capacity(0.0, entity=HOST_A, origin_ms=NOW_MS + HOUR_MS), key="later")
    names = {key: dict(alert.labels).get("incident") for key, alert in desk.firing.items()}
    assert names == {"before": None, "incident": "i-1", "at once": None, "later": "i-1"}


def test_after_a_restart_what_the_topics_hold_gives_the_same_alerts() -> None:
    course = [failure(p, origin_ms=NOW_MS + step * STEP_MS) for step, p in enumerate((0.1, 0.9, 0.9, 0.8))]
    before = desk_of()
    tell(before, *course)
    after = desk_of(live=False)
    tell(after, *course)
    after.caught_up()
    assert after.firing == before.firing
    assert [turn.witnessed for turn in after.turns()] == [True]


def test_what_compaction_has_taken_nobody_has_seen_begin() -> None:
    desk = desk_of(live=False)
    tell(desk, failure(0.9))
    assert [turn.witnessed for turn in desk.turns()] == [False]


@pytest.mark.parametrize("members", ["together", "apart"])
def test_an_alert_goes_on_as_alertmanager_knows_it(members: str) -> None:
    running = desk_of(incidents={"members": "apart"})
    tell(running, incident("open", HOST_A), key="incident")
    tell(running, capacity(0.0, entity=HOST_A), key="of a member")
    known = {
        without_incident(alert.labels): Known(alert.starts_at_ms, dict(alert.labels).get("incident"))
        for alert in running.firing.values()
    }
    restarted = desk_of(live=False, incidents={"members": members})
    tell(restarted, capacity(0.0, entity=HOST_A, origin_ms=NOW_MS + STEP_MS), key="of a member")
    tell(restarted, incident("open", HOST_A), key="incident")
    restarted.adopt(known)
    restarted.caught_up()
    assert {alert.labels: alert.starts_at_ms for alert in restarted.firing.values()} == {
        alert.labels: alert.starts_at_ms for alert in running.firing.values()
    }
    assert restarted.turns() == []


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.integers(-2, 5)), max_size=30))
def test_turns_of_an_alert_alternate_whatever_comes(course: list[tuple[float, bool, int]]) -> None:
    desk = desk_of()
    at_ms = NOW_MS
    for p, suppressed, steps in course:
        at_ms += steps * STEP_MS
        tell(desk, failure(p, origin_ms=at_ms, suppressed=suppressed))
    fires: set[Any] = set()
    for turn in desk.turns():
        if turn.begins:
            assert not fires
            fires.add(turn.alert.labels)
        else:
            assert turn.alert.ends_at_ms is not None
            assert turn.alert.starts_at_ms <= turn.alert.ends_at_ms
            fires.remove(turn.alert.labels)
    assert fires == {alert.labels for alert in desk.firing.values()}
