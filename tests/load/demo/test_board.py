"""The state of what is shown, from records."""

from typing import Any

import pytest

from load.demo.board import WANTED, Board
from load.demo.predictions import entity_name
from load.generate.spec import DAY_MS, MINUTE_MS
from streams.schema import RecordKind
from tests.load.demo.made import NOW_MS, record


def test_the_latest_of_each_key_is_shown_the_most_urgent_first() -> None:
    board = Board()
    for key, p_24h in ((b"a", 0.1), (b"b", 0.5), (b"a", 0.8)):
        board.apply(key, record(RecordKind.CAPACITY, p_within_24h=p_24h))
    assert [prediction.p_24h for prediction in board.capacity()] == [0.8, 0.5]
    assert board.counts[RecordKind.CAPACITY] == 3


def test_failures_have_a_place_of_their_own() -> None:
    board = Board()
    board.apply(b"a", record(RecordKind.FAILURE, '{service="s"}', probability=0.7))
    assert [(failure.entity, failure.probability) for failure in board.failures()] == [("s", 0.7)]
    assert board.capacity() == []


@pytest.mark.parametrize("kind", [RecordKind.CAPACITY, RecordKind.FAILURE])
def test_a_tombstone_takes_a_prediction_away(kind: RecordKind) -> None:
    board = Board()
    board.apply(b"a", record(kind))
    assert board.capacity() or board.failures()
    board.apply(b"a", None)
    assert not board.capacity()
    assert not board.failures()


def test_the_latest_quality_of_each_series_counts() -> None:
    board = Board()
    for key, quality in ((b"a", "warming"), (b"b", "unfit"), (b"c", "ok"), (b"a", "ok")):
        board.apply(key, record(RecordKind.QUALITY, quality=quality))
    assert board.quality() == {"ok": 2, "unfit": 1}
    board.apply(b"b", None)
    assert board.quality() == {"ok": 2}


def test_what_is_long_expired_is_not_shown() -> None:
    board = Board()
    board.apply(b"a", record(RecordKind.CAPACITY))
    board.apply(b"b", record(RecordKind.FORECAST, at_ms=NOW_MS + DAY_MS))
    assert len(board.capacity()) == 1, "how far another topic was read says nothing"
    board.apply(b"c", record(RecordKind.CAPACITY, '{host="c"}', at_ms=NOW_MS + DAY_MS))
    assert [prediction.entity for prediction in board.capacity()] == ["c"]


def test_time_reached_is_the_newest_of_any_prediction() -> None:
    board = Board()
    assert board.reached_ms == 0
    board.apply(b"a", record(RecordKind.FORECAST, at_ms=NOW_MS))
    board.apply(b"b", record(RecordKind.FAILURE, at_ms=NOW_MS - MINUTE_MS))
    assert board.reached_ms == NOW_MS


def test_predictions_flowed_once_every_kind_came() -> None:
    board = Board()
    for kind in WANTED:
        assert not board.flowed
        assert kind in board.missing
        board.apply(b"a", record(kind))
    assert board.flowed


def test_rejects_count_the_rows_they_refuse_and_are_no_prediction() -> None:
    board = Board()
    board.apply(b"t/0/1/-1", record(RecordKind.REJECT, rows=40))
    board.apply(b"t/0/2/3", record(RecordKind.REJECT))
    assert board.counts[RecordKind.REJECT] == 41
    assert board.reached_ms == 0


@pytest.mark.parametrize(
    ("entity", "name"), [('{host="a",volume="v"}', "a/v"), ('{service="a\\"b"}', 'a"b'), ("{}", "")]
)
def test_entity_name(entity: str, name: str) -> None:
    assert entity_name(entity) == name


def test_incidents_that_are_open_come_first_and_then_the_newest() -> None:
    board = Board()
    times = {b"old": {"opened_at_ms": NOW_MS}, b"open": {"opened_at_ms": NOW_MS + 1}}
    over = {b"new": {"opened_at_ms": NOW_MS + 2, "closed_at_ms": NOW_MS + 3, "status": "closed"}}
    for key, fields in (over | times).items():
        board.apply(key, record(RecordKind.INCIDENT, **fields))
    assert [incident.opened_ms - NOW_MS for incident in board.incidents()] == [1, 0, 2]
    assert board.reached_ms == 0


def test_anomalies_that_go_on_are_shown_the_newest_first() -> None:
    board = Board()
    records: dict[bytes, dict[str, Any]] = {
        b"old": {"found_ms": NOW_MS - 1},
        b"over": {"found_ms": NOW_MS + 2, "state": "closed"},
        b"mild": {"found_ms": NOW_MS, "score": 0.8},
        b"strange": {"found_ms": NOW_MS, "score": 0.95},
        b"gone": {"found_ms": NOW_MS + 1},
    }
    for key, fields in records.items():
        board.apply(key, record(RecordKind.ANOMALY, **fields))
    board.apply(b"gone", None)
    shown = [(anomaly.found_ms - NOW_MS, anomaly.score) for anomaly in board.anomalies()]
    assert shown == [(0, 0.95), (0, 0.8), (-1, 0.9)]
