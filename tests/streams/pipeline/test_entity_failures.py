"""Entities fail by the incidents that people report: when, until when, and what that settles."""

from typing import Any

import pytest

from streams.events import EventRecord
from tests.streams.pipeline.logs import MINUTE_MS, T_MS, rows, run, tick
from tests.streams.pipeline.worn import DAY, daily, day_by_day, hazards, incident


def test_an_incident_settles_what_was_said_before_it() -> None:
    outputs = run(daily(), [*day_by_day(5), incident(4)])
    record = hazards(outputs)[-1]
    # Looks come every (7 + 1) days / 12 = 16 hours at most, so every day: of days 0 to 4.
    assert (record["failing"], record["probability"], record["failures_seen"]) == (True, 1.0, 1)
    assert record["looks_settled"] == 5
    # Each said 0.001, and it came.
    assert record["brier"] == pytest.approx(0.999**2)
    assert record["bin_hits"] == [5] + [0] * 9


def test_an_incident_that_is_told_again_counts_once() -> None:
    log = day_by_day(5)
    once = hazards(run(daily(), [*log, incident(4)]))[-1]
    again = hazards(run(daily(), [*log, incident(4), incident(4, 1), incident(3.5, 2)]))[-1]
    assert (once["failures_seen"], again["failures_seen"]) == (1, 1)
    assert again["looks_settled"] == once["looks_settled"]


@pytest.mark.parametrize(
    ("changes", "failures"),
    [
        ({}, 1),
        ({"labels": {"host": "a", "disk": "x"}}, 1),
        ({"labels": {"host": "b"}}, 0),
        ({"labels": {"rack": "r"}}, 0),
        ({"labels": {}}, 0),
        ({"judge": False}, 0),
        ({"cancelled": True}, 0),
    ],
)
def test_which_incidents_are_an_entity_s(changes: dict[str, Any], failures: int) -> None:
    outputs = run(daily(), [*day_by_day(3), incident(2, **changes), *day_by_day(5)[6:]])
    assert hazards(outputs)[-1]["failures_seen"] == failures


def test_what_is_said_while_it_fails_is_not_scored() -> None:
    """Complaint: do not learn from the incident."""
    log = day_by_day(9)
    failing = incident(2.5, labels={"host": "a"}, end_ms=T_MS + 6 * DAY * MINUTE_MS, learn=True)
    outputs = run(daily(), [*log[:6], failing, *log[6:]])
    during = [record for record in hazards(outputs) if record["failing"]]
    assert {record["probability"] for record in during} == {1.0}
    assert {record["looks_settled"] for record in during} == {3}


def lasting(name: str, since: float, until: float, offset: int) -> EventRecord:
    """An incident whose time is learned from, between two days."""
    return incident(since, offset, id=name, learn=True, end_ms=T_MS + round(until * DAY * MINUTE_MS))


@pytest.mark.parametrize(
    ("later", "failing"),
    [([], [2, 3, 4, 5, 6]), ([lasting("long", 1.5, 5, 2)], [2, 3, 4]), ([lasting("long", 1.5, 3, 2)], [2, 3])],
)
def test_an_entity_fails_until_the_last_of_its_incidents_is_over(later: list[EventRecord], failing: list[int]) -> None:
    """A short one within a long one ends nothing, and the long one can still be told another end."""
    log = day_by_day(9)
    told = [lasting("long", 1.5, 7, 0), *log[4:6], lasting("short", 2.5, 4, 1), *log[6:8], *later]
    outputs = hazards(run(daily(), [*log[:4], *told, *log[8:]]))
    days = {(record["last_sample_at_ms"] - T_MS) // (DAY * MINUTE_MS) for record in outputs if record["failing"]}
    assert sorted(days) == failing
    assert outputs[-1]["failures_seen"] == 2


@pytest.mark.parametrize("changes", [{"cancelled": True}, {"judge": False}, {"labels": {"host": "b"}}])
def test_an_entity_whose_incident_is_taken_back_fails_no_more(changes: dict[str, Any]) -> None:
    """Nor by one that turns out to be another's; what it has settled is not unlearned."""
    log = day_by_day(9)
    taken_back = incident(1.5, 1, learn=True, end_ms=T_MS + 7 * DAY * MINUTE_MS, **changes)
    log = [*log[:4], lasting("INC", 1.5, 7, 0), *log[4:8], taken_back, *log[8:]]
    outputs = hazards(run(daily(), log))
    failing = {(record["last_sample_at_ms"] - T_MS) // (DAY * MINUTE_MS) for record in outputs if record["failing"]}
    assert failing == {2, 3}
    assert (outputs[-1]["failures_seen"], outputs[-1]["looks_settled"]) == (1, 2)


def test_an_incident_that_is_taken_back_leaves_the_others() -> None:
    log = day_by_day(9)
    told = [lasting("long", 1.5, 6, 0), lasting("short", 1.5, 4, 1)]
    taken_back = incident(1.5, 2, id="long", cancelled=True)
    outputs = hazards(run(daily(), [*log[:4], *told, *log[4:6], taken_back, *log[6:]]))
    failing = {(record["last_sample_at_ms"] - T_MS) // (DAY * MINUTE_MS) for record in outputs if record["failing"]}
    assert failing == {2, 3}


def test_an_incident_that_is_told_before_its_time_is_remembered() -> None:
    """Of a recording all are known from the beginning."""
    ahead, in_time = daily(), daily()
    told = incident(3.5, learn=True)
    first = hazards(run(ahead, [told, *day_by_day(9)]))
    assert ahead.state.hazards.failures.incidents.events
    second = hazards(run(in_time, [*day_by_day(4), told, *day_by_day(9)[8:]]))
    assert first[-1] == second[-1]
    assert (first[-1]["failures_seen"], first[-1]["looks_settled"]) == (1, 4)


def test_an_entity_that_never_comes_back_has_failed_once_event_time_is_past_it() -> None:
    given = daily()
    said_until = run(given, [*day_by_day(3), incident(2.5)])
    arrays = given.state.hazards.entities.arrays
    assert arrays["failures_seen"][0] == 0
    assert hazards(run(given, [tick(DAY * 2.6)])) == []
    assert (arrays["failures_seen"][0], arrays["looks_settled"][0]) == (1, 3)
    # One more of its samples says so.
    later = hazards(
        run(given, rows([('bad{host="a"}', DAY * 3, 0.0), ('slow{host="a"}', DAY * 3, 0.0)], first_offset=99))
    )
    assert hazards(said_until)[-1]["failures_seen"] == 0
    assert [record["failures_seen"] for record in later] == []


def test_incidents_are_forgotten_a_day_after_their_end() -> None:
    given = daily()
    run(given, [*day_by_day(3), incident(2.5), tick(DAY * 4.4)])
    assert given.state.hazards.failures.incidents.events
    run(given, [tick(DAY * 4.6)])
    assert not given.state.hazards.failures.incidents.events
