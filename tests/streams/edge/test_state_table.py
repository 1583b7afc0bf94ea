"""The table's store holds raw changelog records until they are taken, and always wants all of them."""

import asyncio
from types import SimpleNamespace
from typing import Any

from faust.types import TP

from streams.edge.app import build_app
from streams.edge.limits import TransportLimits
from streams.edge.state_table import RecoveredStore, StateTable
from tests.integration.counting import settings_of

CHANGELOG = TP("changelog", 3)


def store() -> RecoveredStore:
    app = build_app(settings_of("127.0.0.1:1", "prefix", "source"), "test", TransportLimits())
    table = app.Table("state", key_type=bytes, value_type=bytes, partitions=8)
    assert isinstance(table, StateTable)
    return table.recovered


def apply(store: RecoveredStore, *records: tuple[int, bytes, bytes | None]) -> None:
    events: list[Any] = [
        SimpleNamespace(message=SimpleNamespace(partition=partition, key=key, value=value))
        for partition, key, value in records
    ]
    store.apply_changelog_batch(events, bytes, bytes)


def test_the_latest_value_of_every_key_is_handed_over_once() -> None:
    recovered = store()
    apply(recovered, (3, b"m", b"1"), (3, b"s", b"1"), (4, b"m", b"x"), (3, b"m", b"2"), (3, b"s", None))
    assert recovered.take(3) == {b"m": b"2"}
    assert recovered.take(3) == {}
    assert recovered.take(4) == {b"m": b"x"}
    assert recovered.figures().records == 5


def test_every_recovery_begins_at_the_beginning_and_with_nothing() -> None:
    recovered = store()
    apply(recovered, (3, b"m", b"1"))
    asyncio.run(recovered.on_rebalance({CHANGELOG}, set(), {CHANGELOG}))
    assert recovered.take(3) == {}
    assert recovered.persisted_offset(CHANGELOG) == -1
