"""Incidents that are reported: what of them is known does not depend on where a worker stopped, nor grow for ever."""

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from streams.events import Event, EventRecord
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.pipeline.reported_incidents import REPORTED_MAX, ReportedIncidents
from tests.streams.pipeline import logs
from tests.streams.pipeline.logs import Log, event, records, rows, tick

HOUR = 60
HOSTS = "abcdef"
CONFIG = PipelineConfig.from_settings(
    logs.settings(
        sources=[{"topic": "telemetry", "step": "1h", "entity": ["host"]}],
        hazards=[
            {
                "name": "wear",
                "within": "8h",
                "every": "1h",
                "signs": [{"metric": "bad", "sign": "level", "weight": 1}],
            }
        ],
    )
)


def reported_log(seed: int) -> Log:
    """Hosts that come one after the other, each with its backlog; incidents ahead of time, late, again, taken back."""
    random = Random(seed)
    found: list[Any] = []
    clocks, offset, reached = dict.fromkeys(HOSTS, 0), 0, 0
    for turn in range(25):
        host = random.choice(HOSTS[: 1 + turn // 4])
        for _ in range(random.randrange(1, 6)):
            clocks[host] += 1
            found += rows([(f'bad{{host="{host}"}}', HOUR * clocks[host], 0.0)], first_offset=offset)
            offset += 1
        if random.random() < 0.5:
            reached = max(reached, *clocks.values())
            found.append(tick(HOUR * reached))
        if random.random() < 0.5:
            found.append(_report(random, reached, len(found)))
    return [*found, tick(HOUR * (reached + 20))]


def _report(random: Random, reached: int, offset: int) -> EventRecord:
    since, host = reached + random.randrange(-3, 9), random.choice(HOSTS)
    until, is_cancelled = since + random.randrange(1, 9), random.random() < 0.2
    changes = {"id": f"{host}{random.randrange(2)}", "labels": {"host": host}, "cancelled": is_cancelled}
    return event(HOUR * since, HOUR * until, offset, learn=True, **changes)


@settings(max_examples=5, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.integers(0, 2**32))
def test_a_restart_at_any_place_makes_no_difference(seed: int) -> None:
    log = reported_log(seed)
    inputs = records(log, cuts=range(len(log)))
    undisturbed, crashing = PartitionPipeline(CONFIG), PartitionPipeline(CONFIG)
    for place in range(len(inputs)):
        expected = undisturbed.step(inputs[place : place + 1])
        assert crashing.step(inputs[place : place + 1]) == expected
        dump, crashing = crashing.dump(), PartitionPipeline(CONFIG)
        crashing.load(dump)
        assert crashing.dump() == dump == undisturbed.dump()


def test_the_logs_have_incidents_that_are_passed_over_by_entities_that_are_behind() -> None:
    """If this fails the test above proves less than it says."""
    failures = hits = passed_over = 0
    for seed in range(8):
        given = PartitionPipeline(CONFIG)
        for record in records(reported_log(seed), cuts=range(200)):
            given.step([record])
            reported = given.state.hazards.failures.incidents
            passed_over += len(reported.events) > sum(is_awaited for _, is_awaited in reported.dump())
        arrays = given.state.hazards.entities.arrays
        failures, hits = failures + arrays["failures_seen"].sum(), hits + arrays["bin_hits"].sum()
    assert failures > 20
    assert hits > 20
    assert passed_over > 50


def incident(number: int, **changes: Any) -> Event:
    return replace(event(number, number + 1, id=f"i{number}", labels={"host": "a"}).event, **changes)


def awaited(reported: ReportedIncidents) -> list[str]:
    return [one.id for one, is_awaited in reported.dump() if is_awaited]


def test_an_incident_is_awaited_until_its_time_and_again_when_it_is_reported_again() -> None:
    reported, at_ms = ReportedIncidents(), [incident(number).start_ms for number in range(3)]
    for number in (0, 1):
        reported.take(incident(number))
    assert [each.id for each in reported.come_to(at_ms[0])] == ["i0"]
    assert awaited(reported) == ["i1"]
    assert not reported.has_begun(at_ms[0])
    reported.take(incident(0, end_ms=at_ms[2]))
    assert awaited(reported) == ["i1", "i0"]
    assert [each.id for each in reported.come_to(at_ms[2])] == ["i1", "i0"]


def test_nothing_is_left_of_those_that_are_cancelled_forgotten_or_too_many() -> None:
    reported = ReportedIncidents()
    for number in range(REPORTED_MAX + 9):
        reported.take(incident(number))
    assert len(reported.events) == len(reported._awaited_ids) == REPORTED_MAX
    for number in range(9, REPORTED_MAX):
        reported.take(incident(number, cancelled=True))
    assert sorted(reported._awaited_ids) == sorted(reported.events)
    assert len(reported.events) == 9
    reported.forget_old(2**60)
    assert not reported.events
    assert not reported._awaited_ids
