"""The board, filled with what the pipelines say of a small fleet."""

import orjson
import pytest

from streams.blocks import decode_block
from streams.schema import RecordKind
from streams.series import parse_series
from streams.serve.board.board import Board
from streams.serve.board.gist import ListName
from streams.serve.board.history import AHEAD_MS_MAX
from streams.serve.board.incoming import Incoming
from streams.serve.board.lists import Wanted
from streams.serve.board.search import series_matching
from tests.streams.serve import made

TOPICS = made.settings().topics
DISK = 'disk_used_bytes{host="a",namespace="shop"}'


def _last(topic: str, key: str) -> Incoming:
    return [one for one in made.records() if (one.topic, one.key) == (topic, key.encode())][-1]


def _newer(record: Incoming, **fields: object) -> Incoming:
    assert record.value is not None
    return record._replace(value=orjson.dumps(orjson.loads(record.value) | fields))


def test_the_newest_record_of_each_key_is_there_as_published() -> None:
    board = made.board()
    newest = {(one.topic, one.key): one.value for one in made.records() if one.topic != TOPICS.samples}
    kept = {shelf.at(slot).key: shelf.at(slot).value for shelf in board.shelves.values() for slot in _slots(shelf)}
    assert kept == {key: value for (_, key), value in newest.items()}
    assert not board.unreadable
    assert board.event_time_ms == made.END_MS
    assert board.model == "mixture/3+default-1"


def _slots(shelf: object) -> list[int]:
    found: list[int] = shelf.order()[1].tolist()  # type: ignore[attr-defined]
    return found


def test_latest_is_found_by_kind_name_and_rule() -> None:
    board = made.board()
    forecast = board.latest(RecordKind.FORECAST, DISK)
    assert forecast is not None
    assert forecast["series"] == DISK
    capacity = board.latest(RecordKind.CAPACITY, DISK, "disk")
    assert capacity is not None
    assert capacity["rule"] == "disk"
    assert board.latest(RecordKind.CAPACITY, DISK, "tape") is None
    assert [one["kind"] for one in board.records_of(ListName.CAPACITY, DISK)] == ["capacity"]


def test_an_older_record_is_no_news() -> None:
    board, record = made.board(), _last(TOPICS.forecasts, f"forecast|{DISK}")
    version = board.version
    board.apply([_newer(record, origin_ms=made.BEGIN_MS, quality="unfit")])
    assert board.version == version
    board.apply([_newer(record, origin_ms=made.END_MS + 1, quality="unfit")])
    assert board.version == version + 1
    assert (board.latest(RecordKind.FORECAST, DISK) or {})["quality"] == "unfit"


def test_a_series_is_gone_with_the_last_that_is_said_of_it() -> None:
    board = made.board()
    number = board.directory.number(DISK)
    assert number is not None
    said = [one for one in made.records() if one.topic != TOPICS.samples]
    about = {one.key: one for one in said if one.key.split(b"|")[1] == DISK.encode()}
    assert len(board.history.tail(number).t_ms)
    for place, record in enumerate(about.values()):
        assert (board.directory.number(DISK) is None) == (place == len(about))
        board.apply([record._replace(value=None)])
    assert board.directory.number(DISK) is None
    assert not len(board.history.tail(number).t_ms)
    assert board.latest(RecordKind.FORECAST, DISK) is None
    # Another name takes its number, and nothing of what it held.
    board.apply([_newer(about[f"forecast|{DISK}".encode()], series="new")._replace(key=b"forecast|new")])
    assert board.directory.number("new") == number
    assert not len(board.history.tail(number).t_ms)
    having = board.directory.having([("host", "a")])
    assert having is not None
    assert not having[number]


def test_the_tail_holds_the_samples_that_came() -> None:
    board = made.board(serve={"history": 12})
    number = board.directory.number(DISK)
    assert number is not None
    came: list[tuple[int, float]] = []
    for record in made.records():
        if record.topic == TOPICS.samples:
            block = decode_block(record.value or b"")
            rows = zip(block.index, block.timestamp_ms, block.value, strict=True)
            came += [(int(t_ms), float(v)) for place, t_ms, v in rows if block.series[place] == DISK]
    tail = board.history.tail(number)
    assert list(zip(tail.t_ms.tolist(), tail.v.tolist(), strict=True)) == came[-12:]
    assert board.history.newest(number) == (made.END_MS, came[-1][1])


def test_what_was_foretold_is_one_emission_ahead() -> None:
    board = made.board()
    number = board.directory.number(DISK)
    assert number is not None
    past = board.past.of(number)
    said = [orjson.loads(one.value or b"") for one in made.records() if one.key == f"forecast|{DISK}".encode()]
    # Forecasts come every twelve steps, and horizons are few: the furthest that the next forecast does not overtake.
    place = max([place for place, steps in enumerate(said[-1]["horizon_steps"]) if steps <= 12])
    ahead_ms = said[-1]["horizon_steps"][place] * made.STEP_MS
    assert past.t_ms.tolist() == [one["origin_ms"] + ahead_ms for one in said]
    row = said[-1]["quantiles"][place]
    assert past.quantiles[-1].tolist() == pytest.approx([row[0], row[4], row[8]], rel=1e-6)


def test_an_absurd_time_is_not_believed() -> None:
    board = made.board()
    record = [one for one in made.records() if one.topic == TOPICS.samples][-1]
    block = orjson.loads(record.value or b"")
    far = [t_ms + AHEAD_MS_MAX + 1 for t_ms in block["timestamp_ms"]]
    number = board.directory.number(DISK)
    assert number is not None
    before = board.history.tail(number)
    board.apply([record._replace(value=orjson.dumps(block | {"timestamp_ms": far, "watermark_ms": None}))])
    assert board.history.tail(number).t_ms.tolist() == before.t_ms.tolist()
    assert board.event_time_ms == made.END_MS


def test_a_block_that_catches_up_is_told_once_the_telemetry_has_come_so_far() -> None:
    board = made.board()
    record = [one for one in made.records() if one.topic == TOPICS.samples][-1]
    block = orjson.loads(record.value or b"")
    far = [t_ms + 24 * AHEAD_MS_MAX for t_ms in block["timestamp_ms"]]
    number = board.directory.number(DISK)
    assert number is not None
    before = board.history.newest(number)
    board.apply([record._replace(value=orjson.dumps(block | {"timestamp_ms": far, "watermark_ms": None}))])
    assert board.history.newest(number) == before
    board.apply([record._replace(value=orjson.dumps(block | {"timestamp_ms": far, "watermark_ms": max(far)}))])
    assert board.history.newest(number) != before
    assert len(board.history.tail(number).t_ms) > 0


_ODD: list[dict[str, object]] = [
    {"origin_ms": "soon"},
    {"origin_ms": 2**60},
    {"expires_at_ms": 1.5},
    {"series": "broken{"},
    {"series": 'broken{a="}'},
    {"series": 7},
    {"levels": 7},
    {"quantiles": []},
    {"quality": None},
]
NONSENSE = [
    b"",
    b"nonsense",
    b"[]",
    b'{"kind": "forecast"}',
    b'{"kind": "shopping"}',
    *[orjson.dumps(orjson.loads(_last(TOPICS.forecasts, f"forecast|{DISK}").value or b"") | fields) for fields in _ODD],
]


@pytest.mark.parametrize("value", NONSENSE, ids=lambda value: value[:24].decode())
def test_what_is_none_of_ours_changes_nothing(value: bytes) -> None:
    board = Board(made.settings())
    board.apply([Incoming(TOPICS.forecasts, 0, 0, b"forecast|x", value)])
    # A series may be called so: it is odd, and no nonsense.
    if b'"broken{"' not in value:
        assert board.unreadable[TOPICS.forecasts] == 1
        assert board.version == 0
        assert board.directory.size == 0
    board.apply([Incoming(topic, 0, 0, b"who|knows", value) for topic in (TOPICS.samples, TOPICS.rejects)])
    board.apply([Incoming(TOPICS.capacity, 0, 0, b"\xff|?", None)])


def test_rejects_are_counted_by_their_rows() -> None:
    board = Board(made.settings())
    value = orjson.dumps({"kind": "reject", "reason": "late", "rows": 3})
    board.apply([Incoming(TOPICS.rejects, 0, place, b"telemetry/0/1/-1", value) for place in range(2)])
    assert board.rejects == {"late": 6}


def test_predictions_leave_as_their_topics_forget_them() -> None:
    board = made.board()
    board.forget_before(made.END_MS + 1)
    assert not any(len(shelf) for shelf in board.shelves.values())
    assert not board.members
    assert all(board.directory.number(name) is None for name in (DISK, '{host="a",namespace="shop"}'))


def test_changes_name_what_changed() -> None:
    board = made.board()
    changes = board.changes.after(0, 10_000)
    assert [one.version for one in changes] == sorted({one.version for one in changes})
    assert {one.kind for one in changes} == {
        *(RecordKind.FORECAST, RecordKind.QUALITY, RecordKind.CAPACITY, RecordKind.FAILURE, RecordKind.ANOMALY),
        *(RecordKind.HAZARD, RecordKind.OBJECTIVE, RecordKind.INCIDENT, RecordKind.FAILURE_QUALITY),
        *(RecordKind.HAZARD_QUALITY, RecordKind.OBJECTIVE_QUALITY),
    }
    assert {parse_series(one.name).metric for one in changes if one.kind is RecordKind.FORECAST} == {
        *("disk_used_bytes", "error_rate", "latency_ms", "requests_total")
    }


def test_samples_wait_for_what_is_predicted_of_their_series() -> None:
    board = Board(made.settings())
    samples = [one for one in made.records() if one.topic == TOPICS.samples]
    board.apply(samples)
    number = board.directory.number(DISK)
    assert number is not None
    assert not board.subjects.shown()[number]
    assert not series_matching(board, Wanted(), None, 50, None, 0).series
    board.apply([_last(TOPICS.forecasts, f"forecast|{DISK}")])
    assert board.subjects.shown()[number]
    assert len(board.history.tail(number).t_ms) == made.STEPS
    assert series_matching(board, Wanted(), None, 50, None, 0).series == [number]


def test_a_flood_of_names_costs_no_more_than_the_waiting_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.serve.board.subjects.WAITING_MAX", 5)
    board = made.board()
    size, sample = board.directory.size, [one for one in made.records() if one.topic == TOPICS.samples][-1]
    block = orjson.loads(sample.value or b"")
    names = [f'flood{{pod="{number}"}}' for number in range(100)]
    for name in names:
        value = orjson.dumps(block | {"series": [name] * len(block["series"])})
        board.apply([sample._replace(value=value)])
    assert board.directory.size == size + 6
    assert [name for name in names if board.directory.number(name) is not None] == names[-5:]
    assert len(series_matching(board, Wanted(), None, 200, None, 0).series) == 12
