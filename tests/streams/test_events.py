"""Events in the samples topic: there and back, and nothing else is taken for one."""

from dataclasses import asdict
from typing import Any

import orjson
import pytest

from streams.blocks import BadBlockError, decode_block, decode_record
from streams.events import INSTANT_MS_MAX, Event, EventRecord, encode_event
from streams.schema import EventKind

EVENT = Event(
    id="CHG-1",
    kind=EventKind.MAINTENANCE,
    start_ms=1_700_000_000_000,
    end_ms=1_700_000_060_000,
    metric="cpu*",
    labels={"host": "é"},
    learn=False,
    cancelled=False,
    title="new disks",
    description="",
    suppress=True,
    judge=False,
)
RECORD = EventRecord("foreshock.events", 0, 17, EVENT)


def test_an_event_reads_back() -> None:
    assert decode_record(encode_event(RECORD)) == RECORD


def test_an_event_that_is_not_over_reads_back() -> None:
    still_open = EventRecord("foreshock.events", 0, 17, Event(**asdict(EVENT) | {"end_ms": None}))
    assert decode_record(encode_event(still_open)) == still_open


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"v": 2}, "version 2"),
        ({"source": {"topic": "t", "partition": "0", "offset": 1}}, "type int"),
        ({"source": {"topic": "t", "partition": 0}}, "offset"),
        ({"event": None}, "TypeError"),
    ],
)
def test_what_is_no_event_is_told(change: dict[str, Any], told: str) -> None:
    document = orjson.loads(encode_event(RECORD)) | change
    with pytest.raises(BadBlockError, match=told):
        decode_record(orjson.dumps(document))


@pytest.mark.parametrize(
    "change",
    [
        {"id": 1},
        {"kind": "holiday"},
        {"start_ms": 1.5},
        {"start_ms": True},
        {"start_ms": INSTANT_MS_MAX + 1},
        {"end_ms": -INSTANT_MS_MAX - 1},
        {"labels": {"host": 1}},
        {"labels": [["host", "a"]]},
        {"learn": 0},
        {"suppress": 0},
        {"judge": None},
        {"cancelled": None},
        {"title": None},
    ],
)
def test_an_event_with_a_wrong_field_is_told(change: dict[str, Any]) -> None:
    document = orjson.loads(encode_event(RECORD))
    with pytest.raises(BadBlockError):
        decode_record(orjson.dumps(document | {"event": document["event"] | change}))


@pytest.mark.parametrize(
    ("kind", "suppress", "judge"),
    [("incident", False, True), ("maintenance", True, False), ("deploy", True, False), ("exclude", False, False)],
)
def test_an_event_of_before_there_were_effects_has_those_of_its_kind(kind: str, suppress: bool, judge: bool) -> None:
    document = orjson.loads(encode_event(RECORD))
    del document["event"]["suppress"], document["event"]["judge"]
    document["event"]["kind"] = kind
    read = decode_record(orjson.dumps(document))
    assert isinstance(read, EventRecord)
    assert (read.event.suppress, read.event.judge) == (suppress, judge)


def test_an_event_is_no_block() -> None:
    with pytest.raises(BadBlockError, match="a control record where a block of samples belongs"):
        decode_block(encode_event(RECORD))
