"""Signals of a samples partition: who says what, when it is written, and that it is a function of the log."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from streams.items import dump_items, load_items
from streams.outputs.signals import signals_record
from streams.pipeline import signal_records, signals
from streams.pipeline.partition import PartitionPipeline
from streams.pipeline.sections import FORMAT_VERSION, FORMER_VERSION
from streams.records import OutputRecord
from streams.schema import EventKind
from streams.series import partition_of
from streams.signals import MINUTE_MS, SignalRecord, decode_signals
from tests.streams.pipeline.logs import T_MS, Log, event, fed, pipeline, records, rows, run, tick

MINUTE = T_MS // MINUTE_MS
WARM = 40
CPU, MEMORY, LATENCY = 'cpu{host="a"}', 'memory{host="a"}', 'request_Latency_ms{host="a"}'


def written(outputs: Iterable[OutputRecord]) -> list[SignalRecord]:
    return [decode_signals(record.value or b"") for record in outputs if record.topic == "foreshock.signals"]


def rows_of(outputs: Iterable[OutputRecord]) -> list[tuple[int, str, str, int]]:
    """Minute since the begin, entity, metric and level of every row."""
    return [
        (int(minute) - MINUTE, said.entity[entity], said.metric[metric], int(level))
        for said in written(outputs)
        for entity, metric, minute, level in zip(said.entity_of, said.metric_of, said.minute, said.level, strict=True)
    ]


def minutes(first: int, stop: int, series: dict[str, float]) -> Log:
    """A wavering sample of each series each minute, and a tick after each minute."""
    log: list[Any] = []
    for minute in range(first, stop):
        samples = [(name, minute, value + minute % 3) for name, value in series.items()]
        log += rows(samples, first_offset=1_000 * minute)
        log.append(tick(minute))
    return log


def warm(series: dict[str, float], **sections: Any) -> tuple[PartitionPipeline, list[OutputRecord]]:
    made = pipeline(**sections)
    return made, run(made, minutes(0, WARM, series))


def test_once_a_minute_each_series_that_counts_says_how_far_it_is_out() -> None:
    _, outputs = warm({CPU: 10.0, MEMORY: 500.0, LATENCY: 3.0})
    said = rows_of(outputs)
    assert {(minute, metric) for minute, _, metric, _ in said} == {
        (minute, metric) for minute in range(WARM) for metric in ("cpu", "memory")
    }
    assert {entity for _, entity, _, _ in said} == {'{host="a"}'}
    assert max(level for _, _, _, level in said) < 16


def test_far_out_series_speak_for_their_entity_and_metric() -> None:
    disks = {f'disk{{host="a",mount="/{number}"}}': 50.0 for number in range(3)}
    made, _ = warm(disks)
    jump = [(name, WARM, 50.0 - 40.0 * (number + 1)) for number, name in enumerate(disks)]
    [said] = written(run(made, [*rows(jump, first_offset=10**6), tick(WARM)]))
    assert (said.metric, len(said.level)) == (["disk"], 1)
    [(row, series, far)] = said.speaker
    assert (row, series) == (0, 'disk{host="a",mount="/0"}')
    assert said.level[0] > 40
    assert -2.0 < far < 2.0, "it was seen once"
    again = [(name, WARM + 1, 50.0 - 20.0 * (number + 1)) for number, name in enumerate(disks)]
    [said] = written(run(made, [*rows(again, first_offset=10**6 + 9), tick(WARM + 1)]))
    [(row, series, far)] = said.speaker
    assert (row, series) == (0, 'disk{host="a",mount="/2"}')
    assert far < -15.0
    assert said.level[0] > round(8 * np.log2(1 - far)), "the level is that of the furthest"


def test_time_goes_to_every_partition_and_an_entity_to_that_of_its_scope() -> None:
    series = {f'cpu{{cluster="{name}",host="{name}"}}': 1.0 for name in "abc"}
    sections = {"topics": {"partitions": 4}, "incidents": {"scope": ["cluster"]}}
    outputs = run(pipeline(**sections), minutes(0, 3, series))
    placed = [
        (record.partition, decode_signals(record.value or b"")) for record in outputs if record.partition is not None
    ]
    at_ms = [(T_MS + minute * MINUTE_MS) for minute in range(3)]
    for number in range(4):
        assert [said.watermark_ms for place, said in placed if place == number] == at_ms
    for number, said in placed:
        assert all(partition_of(scope, 4) == number for scope in said.scope)
        assert [said.scope[place] for place in said.scope_of] == [f'{{cluster="{name[7]}"}}' for name in said.entity]
    assert sum([len(said.level) for _, said in placed]) == 9
    positions = [said.position for _, said in placed]
    assert positions == sorted(set(positions))


def test_nothing_is_written_within_a_minute() -> None:
    made = pipeline()
    assert len(written(run(made, minutes(0, 1, {CPU: 1.0})))) == 1
    assert written(run(made, [*rows([(CPU, 0.5, 1.0)], first_offset=500), tick(0.9)])) == []


def test_many_rows_are_written_though_time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "ROWS_BETWEEN_FLUSHES", 10)
    made = pipeline()
    log = [row for minute in range(1, 13) for row in rows([(CPU, minute, 1.0)], first_offset=minute)]
    outputs = made.step(records([tick(0), *log], cuts=range(20)))
    assert [(said.watermark_ms is None, len(said.level)) for said in written(outputs)] == [(False, 0), (True, 10)]


def test_a_record_that_would_be_too_long_is_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    series = {f'cpu{{host="h{number:03d}"}}': 1.0 for number in range(100)}
    whole = rows_of(run(pipeline(), minutes(0, 1, series)))
    monkeypatch.setattr(signal_records, "RECORD_BYTES_MAX", 1_000)
    outputs = run(pipeline(), minutes(0, 1, series))
    said = written(outputs)
    assert len(said) > 3
    assert max(len(record.value or b"") for record in outputs if record.topic == "foreshock.signals") < 1_100
    assert [each.watermark_ms is None for each in said] == [True] * (len(said) - 1) + [False]
    assert sorted(rows_of(outputs)) == sorted(whole)


def test_what_events_exclude_says_nothing() -> None:
    made, _ = warm({CPU: 10.0})
    maintenance = event(WARM - 1, WARM + 5, kind=EventKind.MAINTENANCE)
    said = rows_of(run(made, [maintenance, *minutes(WARM, WARM + 10, {CPU: 9_000.0})]))
    assert [minute for minute, _, _, _ in said] == list(range(WARM + 5, WARM + 10))


def test_broken_rules_and_limits_near_are_noticed_and_hold_as_long_as_the_prediction() -> None:
    rules = {
        "failures": [{"name": "hot", "metric": "cpu", "above": 5, "for": "5m", "within": "1h"}],
        "capacity": [{"name": "full", "metric": "memory", "limit": {"value": 400.0}}],
    }
    notices = [notice for said in written(warm({CPU: 10.0, MEMORY: 500.0}, **rules)[1]) for notice in said.notices]
    hot = [notice for notice in notices if notice.about == "hot"]
    assert {(notice.kind, notice.series, notice.scope, notice.predicted) for notice in hot} == {
        ("failure", CPU, "{}", False)
    }
    assert hot[0].text == "rule hot is broken"
    assert hot[0].until_ms - hot[0].at_ms == 2 * 3 * MINUTE_MS


def test_batches_and_restarts_make_no_difference() -> None:
    series = {CPU: 10.0, MEMORY: 500.0, 'cpu{host="b"}': 4.0}
    inputs = records(minutes(0, 30, series), cuts=range(0, 200, 7))
    whole = pipeline()
    expected = written(whole.step(inputs))
    half, rest = pipeline(), pipeline()
    outputs = fed(half, inputs[:41], [1, 5, 2, 9])
    rest.load(half.dump())
    outputs += fed(rest, inputs[41:], [3, 3, 8])
    assert list(map(_plain, written(outputs))) == list(map(_plain, expected))
    assert rest.dump() == whole.dump()


def test_what_waits_in_a_state_of_the_former_format_lasts_as_far_as_it_is_out() -> None:
    before, after = pipeline(), pipeline()
    run(before, [*minutes(0, 30, {CPU: 10.0}), *rows([(CPU, 30, 99.0)], first_offset=10**6)])
    sections = before.dump()
    [row] = [item for item in load_items("told", sections) if isinstance(item, list)]
    slot, minute, far, _ = row
    sections |= dump_items("told", [[slot, minute, far]])
    sections["head"] = sections["head"].replace(b'{"v":%d,' % FORMAT_VERSION, b'{"v":%d,' % FORMER_VERSION)
    after.load(sections)
    assert load_items("told", after.dump()) == [[slot, minute, far, far]]


def _plain(said: SignalRecord) -> bytes | None:
    return signals_record("t", 0, said).value


def test_a_series_that_is_evicted_leaves_nothing_behind() -> None:
    made = pipeline(limits={"series_per_partition": 1, "evict_after": "10m"})
    run(made, minutes(0, 3, {CPU: 1.0}))
    outputs = run(made, [tick(30), *minutes(31, 33, {'cpu{host="b"}': 2.0})])
    assert {entity for _, entity, _, _ in rows_of(outputs)} == {'{host="b"}'}
    names = made.state.signals._names
    assert [name for name in names._entities.names if name is not None] == [("{}", '{host="b"}')]
