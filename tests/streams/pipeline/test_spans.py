"""Times that events exclude: samples are taken and not learned from, by what is known at their place in the log."""

from collections.abc import Sequence
from typing import Any

import pytest

from streams.events import EventRecord
from streams.pipeline.partition import PartitionPipeline
from streams.pipeline.spans import DEPLOY_OPEN_MS, KEPT_MS, OPEN_MS, SPANS_MAX
from streams.records import OutputRecord
from streams.schema import EventKind
from tests.streams.pipeline.logs import (
    MINUTE_MS,
    T_MS,
    Log,
    Row,
    event,
    fed,
    pipeline,
    records,
    rejects,
    rows,
    run,
    said,
    state,
    tick,
)

KEPT, OPEN, DEPLOY_OPEN = KEPT_MS / MINUTE_MS, OPEN_MS / MINUTE_MS, DEPLOY_OPEN_MS / MINUTE_MS
RULES = {
    "capacity": [{"name": "full", "metric": "cpu", "limit": {"value": 900}}],
    "failures": [{"name": "hot", "metric": "cpu", "above": 500, "for": "1m", "within": "10m"}],
}


def spiked(minutes: int, spike: range, height: float = 700.0) -> list[Row]:
    """Forty minutes of a calm series, with a spike."""
    return rows([("cpu", minute, height if minute in spike else 50.0 + minute % 5) for minute in range(minutes)])


def learned(log: Log, **sections: Any) -> list[int]:
    """The minutes whose samples were learned from."""
    minutes: list[int] = []
    of_log = pipeline(**sections)
    of_log.on_learned = lambda rows, *_: minutes.extend(((rows.timestamp_ms - T_MS) // MINUTE_MS).tolist())
    run(of_log, log)
    return minutes


def medians(outputs: Sequence[OutputRecord]) -> list[float]:
    return [record["quantiles"][0][4] for record in said(outputs, "foreshock.forecasts")]


def test_the_banks_learn_as_if_the_samples_were_missing() -> None:
    # Whole emission intervals: what is published, which failure rules keep a record of, is the same but in them.
    log = spiked(40, range(18, 24))
    excluding, missing = pipeline(**RULES), pipeline(**RULES)
    run(excluding, [event(18, 24), *log])
    run(missing, [row for row in log if row.value < 700])
    banks = ("forecast/", "capacity", "failures")
    of_banks = {name: section for name, section in missing.dump().items() if name.startswith(banks)}
    assert len(of_banks) == 5
    assert of_banks.items() <= excluding.dump().items()
    plain = pipeline(**RULES)
    run(plain, log)
    assert not of_banks.items() & plain.dump().items() - {
        (name, of_banks[name]) for name in of_banks if "pairs" in name
    }


def test_they_are_taken_all_the_same() -> None:
    excluding, plain = pipeline(), pipeline()
    log = spiked(40, range(20, 25))
    assert rejects(run(excluding, [event(20, 25), *log, *log[22:24]])) == []
    run(plain, log)
    assert excluding.samples_accepted == plain.samples_accepted == 40
    for name in ("accepted", "last_step", "last_sample_ms", "last_value"):
        assert excluding.state.grid[name][0] == plain.state.grid[name][0]
    assert rejects(run(excluding, rows([("cpu", 39.5, 1.0)], first_offset=50))) == [(50, "same_step")]


def test_forecasts_go_on_from_what_was_known() -> None:
    excluding, plain = pipeline(), pipeline()
    log = spiked(40, range(20, 40))
    outputs = run(excluding, [event(20, 60), *log])
    expected = said(run(plain, log), "foreshock.forecasts")
    got = said(outputs, "foreshock.forecasts")
    assert [record["origin_ms"] for record in got] == [record["origin_ms"] for record in expected]
    assert max(medians(outputs)) < 60.0
    assert expected[-1]["quantiles"][0][4] > 500.0
    assert got[-1]["samples_seen"] == 20


@pytest.mark.parametrize(
    ("span", "left_out"),
    [
        (event(2, 4), [2, 3]),
        (event(2, 2), []),
        (event(3.5, 4), []),
        (event(2, None), [2, 3, 4, 5, 6, 7]),
        (event(-OPEN, None), []),
        (event(2.5 - OPEN, None), [0, 1, 2]),
        (event(2, 4, kind=EventKind.DEPLOY, learn=True), []),
        (event(2, 4, kind=EventKind.DEPLOY), [2, 3]),
        (event(2, 4, cancelled=True), []),
        (event(2, 4, metric="c?u"), [2, 3]),
        (event(2, 4, metric="mem"), []),
        (event(2, 4, labels={"host": "a"}), [2, 3]),
        (event(2, 4, labels={"host": "a", "zone": "z"}), []),
        (event(2, 4, labels={"host": "b"}), []),
    ],
)
def test_what_an_event_excludes(span: EventRecord, left_out: list[int]) -> None:
    log = rows([('cpu{host="a"}', minute, 1.0) for minute in range(8)])
    assert learned([span, *log]) == [minute for minute in range(8) if minute not in left_out]


def test_series_that_are_applied_together_are_judged_each_by_its_own_time() -> None:
    log = rows([(f"m{minute}", minute, 1.0) for minute in range(8)])
    assert learned([event(2, 4), *log]) == [0, 1, 4, 5, 6, 7]


def test_what_only_suppresses_is_learned_beside_what_is_excluded() -> None:
    log = rows([("cpu", minute, 1.0) for minute in range(8)])
    assert learned([event(0, 1), event(2, 4, 1, id="a deploy", learn=True, suppress=True), *log]) == list(range(1, 8))


def suppressed(log: Log) -> list[int]:
    """The minutes whose forecasts are suppressed, of a series that has one every minute."""
    outputs = run(pipeline(forecast={"horizon": 4, "emit_every": 1}), log)
    made = said(outputs, "foreshock.forecasts")
    return [(record["origin_ms"] - T_MS) // MINUTE_MS for record in made if record["suppressed"]]


@pytest.mark.parametrize(
    ("span", "minutes"),
    [
        (event(4, 6, suppress=True), [4, 5]),
        (event(4, 6, suppress=True, learn=True), [4, 5]),
        (event(4, 6), []),
        (event(4, 6, suppress=True, cancelled=True), []),
        (event(4, 6, suppress=True, labels={"host": "b"}), []),
        (event(5.5 - DEPLOY_OPEN, None, suppress=True, learn=True, kind=EventKind.DEPLOY), [1, 2, 3, 4, 5]),
        (event(5.5 - OPEN, None, suppress=True, kind=EventKind.MAINTENANCE), [2, 3, 4, 5]),
    ],
)
def test_what_an_event_suppresses(span: EventRecord, minutes: list[int]) -> None:
    """The last has two samples to learn from before it begins; else no forecast is made."""
    log = rows([('cpu{host="a"}', minute, 1.0) for minute in range(8)])
    before = 2 if span.event.kind is EventKind.MAINTENANCE else 0
    assert suppressed([*log[:before], span, *log[before:]]) == minutes


def test_predictions_of_rules_are_suppressed_too() -> None:
    outputs = run(pipeline(**RULES), [event(20, 40, suppress=True, learn=True), *spiked(40, range(0))])
    for topic in ("foreshock.failures", "foreshock.quality"):
        made = said(outputs, topic)
        assert [record["suppressed"] for record in made] == [
            record["origin_ms"] >= T_MS + 20 * MINUTE_MS for record in made
        ]
        assert made


def test_an_event_holds_from_its_place_in_the_log_on() -> None:
    log = rows([("cpu", minute, 1.0) for minute in range(8)])
    for place in range(9):
        expected = [minute for minute in range(8) if minute < place or minute not in range(2, 6)]
        assert learned([*log[:place], event(2, 6), *log[place:]]) == expected


@pytest.mark.parametrize(
    ("later", "left_out"),
    [
        (event(2, 5, 1), [2, 3, 4]),
        (event(2, None, 1, cancelled=True), [2, 3, 4]),
        (event(2, None, 1, learn=True), [2, 3, 4]),
        (event(2, 8, 1), [2, 3, 4, 5, 6, 7]),
        (event(2, 5, 1, id="other"), [2, 3, 4, 5, 6, 7, 8, 9]),
    ],
)
def test_the_newest_event_of_an_id_holds(later: EventRecord, left_out: list[int]) -> None:
    log = rows([("cpu", minute, 1.0) for minute in range(10)])
    changed: Log = [event(2, None, 0), *log[:5], later, *log[5:]]
    assert learned(changed) == [minute for minute in range(10) if minute not in left_out]


def test_an_event_that_comes_again_does_not_come_back() -> None:
    log = rows([("cpu", minute, 1.0) for minute in range(10)])
    first, closing = event(2, None, 7), event(2, 5, 8)
    assert learned([first, closing, first, *log]) == [0, 1, 5, 6, 7, 8, 9]
    once, twice = pipeline(), pipeline()
    run(once, [first, closing, *log])
    run(twice, [first, first, closing, closing, first, *log])
    assert state(once) == state(twice)


def test_a_rate_that_was_measured_in_part_in_an_excluded_time_is_excluded() -> None:
    log = rows([("requests_total", minute, 100.0 * minute) for minute in range(10)])
    assert learned([event(3.5, 5.5), *log]) == [1, 2, 3, 7, 8, 9]
    assert learned([event(4, 5), *log]) == [1, 2, 3, 6, 7, 8, 9]


def test_a_counter_goes_on_from_its_last_sample() -> None:
    log = rows([("requests_total", minute, 60.0 * minute + 9e6 * (minute == 5)) for minute in range(12)])
    outputs = run(pipeline(), [event(4.5, 6.5), *log])
    assert medians(outputs) == pytest.approx([1.0] * 4)


def test_an_aggregated_step_is_excluded_when_it_began_in_an_excluded_time() -> None:
    source = {"topic": "telemetry", "step": "1m", "entity": ["host"], "aggregate": "max"}
    log: Log = [*rows([("cpu", half / 2, 1.0) for half in range(12)]), tick(10)]
    # The last sample of a step is half a minute after its begin.
    assert learned([event(1.25, 1.75), *log], sources=[source]) == [0, 2, 3, 4, 5]
    assert learned([event(1.75, 2), *log], sources=[source]) == [0, 1, 2, 3, 4, 5]
    assert learned([event(1.75, 2.1), *log], sources=[source]) == [0, 1, 3, 4, 5]


def test_a_waiting_sample_is_judged_when_it_is_released() -> None:
    inferred = {"sources": [{"topic": "telemetry", "entity": ["host"]}]}
    log = rows([("cpu", minute, 1.0) for minute in range(10)])
    assert learned([*log[:8], event(2, 4), *log[8:]], **inferred) == [0, 1, *range(4, 10)]
    assert learned([*log[:9], event(2, 4), *log[9:]], **inferred) == list(range(10))


def test_a_span_is_forgotten_a_day_after_its_end_by_ticks() -> None:
    """A series that is new in the log brings its history."""
    span, history = event(2, 4), rows([("cpu", minute, 1.0) for minute in range(5)])
    assert learned([span, tick(4 + KEPT - 0.001), *history]) == [0, 1, 4]
    assert learned([span, tick(4 + KEPT), *history]) == [0, 1, 2, 3, 4]
    before = rows([("mem", minute, 1.0) for minute in range(5)])
    log: Log = [span, *before, tick(4 + KEPT), *[row._replace(offset=row.offset + 9) for row in history]]
    assert learned(log) == [0, 1, 4, 0, 1, 2, 3, 4]
    at_once, in_steps = pipeline(), pipeline()
    assert fed(at_once, records(log), []) == fed(in_steps, records(log, cuts=range(len(log))), [1] * len(log))
    assert at_once.state.spans.events == {}


def test_an_open_span_is_forgotten_too() -> None:
    plain = pipeline()
    run(plain, [event(0, None), tick(OPEN + KEPT - 0.001)])
    assert set(plain.state.spans.events) == {"e"}
    run(plain, [tick(OPEN + KEPT)])
    assert plain.state.spans.events == {}


def filled(count: int) -> PartitionPipeline:
    full = pipeline()
    assert rejects(run(full, [event(0, 1, offset, id=f"e{offset}") for offset in range(count)])) == []
    return full


def test_spans_are_bounded_in_number() -> None:
    full = filled(SPANS_MAX)
    outputs = run(full, [event(0, 1, SPANS_MAX, id="one more")])
    assert rejects(outputs) == [(SPANS_MAX, "too_many_events")]
    assert outputs[0].key == b"foreshock.events/0/%d/-1" % SPANS_MAX
    assert "one more" not in full.state.spans.events


@pytest.mark.parametrize("change", [{}, {"learn": True}, {"cancelled": True}])
def test_what_needs_no_room_is_taken_when_there_is_none(change: dict[str, Any]) -> None:
    full = filled(SPANS_MAX)
    assert rejects(run(full, [event(0, 9, SPANS_MAX, id="e7", **change)])) == []
    assert rejects(run(full, [event(0, 9, SPANS_MAX + 1, id="a deploy", learn=True)])) == []
    room = SPANS_MAX - len(full.state.spans.events)
    assert room == (1 if change else 0)
    assert len(rejects(run(full, [event(0, 1, SPANS_MAX + 2, id="another")]))) == 1 - room


def test_a_slot_that_changes_hands_is_asked_for_again() -> None:
    limits = {"series_per_partition": 1, "evict_after": "5m"}
    log: Log = [event(0, 99, labels={"host": "a"}), *rows([('cpu{host="a"}', 0, 1.0), ('cpu{host="a"}', 1, 1.0)])]
    later = rows([('cpu{host="b"}', minute, 1.0) for minute in (20, 21)], first_offset=10)
    assert learned([*log, tick(20), *later], limits=limits) == [20, 21]


def test_scopes_are_asked_for_as_the_bank_grows() -> None:
    many = rows([(f"m{number}", 1, 1.0) for number in range(300)])
    log: Log = [event(0, 9, metric="m29?"), many[0], *[row._replace(offset=row.offset + 1) for row in many[1:]]]
    assert len(learned(log)) == 290


def test_texts_are_not_kept() -> None:
    plain = pipeline()
    run(plain, [event(0, 1, title="a" * 9999, description="b" * 9999)])
    assert b"aaa" not in plain.dump()["spans/00000"]


def test_spans_come_back_from_the_state() -> None:
    log = rows([("cpu", minute, 1.0) for minute in range(8)])
    before, after = pipeline(), pipeline()
    span = event(2, 6, 1, labels={"host": "a"}, id="é")
    run(before, [event(2, None, 0), span, *log[:3]])
    after.load(before.dump())
    assert after.dump() == before.dump()
    assert after.state.spans.events == before.state.spans.events
    assert set(after.state.spans.events) == {"e", "é"}
    minutes: list[int] = []
    after.on_learned = lambda rows, *_: minutes.extend(((rows.timestamp_ms - T_MS) // MINUTE_MS).tolist())
    run(after, [*log[3:5], event(2, 6, 1, id="e"), *log[5:]])
    assert minutes == []
