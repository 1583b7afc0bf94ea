"""Pages of lists."""

from typing import Any

import orjson
import pytest

from streams.schema import RecordKind
from streams.serve.board.board import Board
from streams.serve.board.gist import ListName
from streams.serve.board.incoming import Incoming
from streams.serve.board.lists import Page, Place, Wanted, count, ranked
from streams.serve.board.search import series_matching
from tests.streams.serve import made

NOW_MS = made.END_MS


def _all(board: Board, name: ListName, wanted: Wanted, limit: int, now_ms: int = NOW_MS) -> list[Any]:
    """A list, page by page."""
    records: list[Any] = []
    after: Place | None = None
    while True:
        page: Page = ranked(board, name, wanted, limit, after, now_ms)
        records += [orjson.loads(row.record.value) | {"stale": row.stale} for row in page.rows]
        after = page.next
        if after is None:
            return records
        assert len(page.rows) == limit


@pytest.mark.parametrize("name", ListName)
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_are_the_list_whatever_their_size(name: ListName, limit: int) -> None:
    board = made.board()
    whole = _all(board, name, Wanted(), 1_000)
    assert _all(board, name, Wanted(), limit) == whole
    assert len(whole) == len(board.shelves[name]) == count(board, name, Wanted())


def test_the_most_urgent_comes_first_and_what_has_expired_last() -> None:
    board = made.board()
    (fresh, *_) = _all(board, ListName.CAPACITY, Wanted(), 10)
    value = orjson.dumps({**fresh, "urgency": 1.0, "expires_at_ms": NOW_MS - 1, "origin_ms": NOW_MS})
    key = f"capacity|{fresh['series']}|disk".encode()
    board.apply([Incoming(made.settings().topics.capacity, 0, 0, key, value)])
    for limit in (1, 2, 10):
        records = _all(board, ListName.CAPACITY, Wanted(), limit)
        assert [one["stale"] for one in records] == [False, False, True]
        assert records[-1]["series"] == fresh["series"]
        urgencies = [one["urgency"] for one in records[:-1]]
        assert urgencies == sorted(urgencies, reverse=True)


def test_rows_that_come_before_a_place_do_not_shift_the_pages() -> None:
    board = made.board()
    first = ranked(board, ListName.FAILURES, Wanted(), 3, None, NOW_MS)
    before = _all(board, ListName.FAILURES, Wanted(), 100)
    record = {**before[-1], "probability": 1.0, "origin_ms": NOW_MS + 1, "entity": '{host="new"}'}
    top = Incoming(made.settings().topics.failures, 0, 0, b'hazard|{host="new"}|host', orjson.dumps(record))
    board.apply([top])
    rest = ranked(board, ListName.FAILURES, Wanted(), 100, first.next, NOW_MS)
    assert [one.record.value for one in rest.rows if one.record.key != top.key] == [
        orjson.dumps({key: value for key, value in one.items() if key != "stale"}) for one in before[3:]
    ]


def test_lists_are_cut_down() -> None:
    board = made.board()

    def found(name: ListName, **wanted: Any) -> list[Any]:
        records = _all(board, name, Wanted(**wanted), 2)
        assert count(board, name, Wanted(**wanted)) == len(records)
        return records

    everything = found(ListName.FAILURES)
    hosts = found(ListName.FAILURES, labels=(("namespace", "shop"), ("host", "a")))
    assert hosts == [one for one in everything if one["labels"] == {"host": "a", "namespace": "shop"}]
    assert {one["kind"] for one in hosts} == {"failure", "hazard", "objective"}
    fared = found(ListName.RULE_QUALITY, kinds=(RecordKind.HAZARD_QUALITY, RecordKind.OBJECTIVE_QUALITY))
    assert {one["kind"] for one in fared} == {"hazard_quality", "objective_quality"}
    assert {one["entity"] for one in fared} == {one["entity"] for one in everything if one["kind"] == "hazard"}
    hazards = found(ListName.FAILURES, kinds=(RecordKind.HAZARD,))
    assert hazards == [one for one in everything if one["kind"] == "hazard"]
    assert found(ListName.FAILURES, rule="errors") == [one for one in everything if one.get("rule") == "errors"]
    assert found(ListName.FAILURES, metric="error_*") == [one for one in everything if one.get("metric")]
    assert found(ListName.FAILURES, text="PAY") == [one for one in everything if one["labels"]["namespace"] == "pay"]
    assert not found(ListName.FAILURES, labels=(("namespace", "none"),))
    assert not found(ListName.FAILURES, rule="none")
    assert not found(ListName.CAPACITY, states=("none",))
    capacity = found(ListName.CAPACITY)
    states = {one["status"] for one in capacity}
    assert found(ListName.CAPACITY, states=tuple(states)) == capacity
    newest = max(one["origin_ms"] for one in everything)
    assert found(ListName.FAILURES, since_ms=newest) == [one for one in everything if one["origin_ms"] == newest]


def test_incidents_are_found_by_any_of_their_members() -> None:
    board = made.board()
    of_pay = _all(board, ListName.INCIDENTS, Wanted(labels=(("namespace", "pay"),)), 1)
    everything = _all(board, ListName.INCIDENTS, Wanted(), 1)
    assert of_pay == [one for one in everything if any('"pay"' in member["entity"] for member in one["members"])]
    assert 0 < len(of_pay) < len(everything)


def test_series_are_found_in_the_order_of_the_alphabet() -> None:
    board = made.board()

    def found(wanted: Wanted, quality: str | None = None, limit: int = 2, now_ms: int = NOW_MS) -> list[str]:
        names: list[str] = []
        after: str | None = None
        while True:
            page = series_matching(board, wanted, quality, limit, after, now_ms)
            names += [board.directory.name(number) for number in page.series]
            after = page.next
            if after is None:
                return names

    everything = found(Wanted())
    assert everything == sorted(everything)
    assert len(everything) == 12
    assert found(Wanted(), limit=5) == everything
    assert found(Wanted(metric="disk*")) == [name for name in everything if name.startswith("disk")]
    assert found(Wanted(text="Disk shop")) == [one for one in everything if "disk" in one and "shop" in one]
    assert found(Wanted(labels=(("host", "c"),))) == [name for name in everything if 'host="c"' in name]
    by_quality = {quality: found(Wanted(), quality) for quality in ("ok", "warming", "unfit", "stale")}
    assert sorted([name for names in by_quality.values() for name in names]) == everything
    assert found(Wanted(), "stale", now_ms=2**50) == everything
    assert not found(Wanted(), "ok", now_ms=2**50)
