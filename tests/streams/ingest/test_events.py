"""Events through ingest: one control record on every partition, or a reject."""

from typing import Any

import orjson

from streams.blocks import decode_record
from streams.events import EventRecord
from streams.ingest.ingest import Ingest
from streams.records import InputRecord
from streams.rejects import RejectReason
from streams.settings.model import Settings

SETTINGS = Settings.model_validate({"topics": {"prefix": "x", "partitions": 3}, "sources": [{"topic": "telemetry"}]})
EVENT = {"id": "INC-7", "kind": "incident", "start": 1_700_000_000_000, "labels": {"host": "a"}}


def records(*documents: Any, first_offset: int = 17) -> list[InputRecord]:
    payloads = [item if isinstance(item, bytes | None) else orjson.dumps(item) for item in documents]
    return [InputRecord(first_offset + place, payload) for place, payload in enumerate(payloads)]


def test_an_event_goes_to_every_partition() -> None:
    outputs = Ingest(SETTINGS).step("x.events", 0, records(EVENT))
    assert [(output.topic, output.partition, output.key) for output in outputs] == [
        ("x.samples", partition, b"x.events/0") for partition in range(3)
    ]
    assert {output.value for output in outputs} == {outputs[0].value}
    record = decode_record(outputs[0].value or b"")
    assert isinstance(record, EventRecord)
    assert (record.source_topic, record.source_partition, record.offset) == ("x.events", 0, 17)
    assert (record.event.id, record.event.labels) == ("INC-7", {"host": "a"})
    assert [dict(output.headers)["ce_id"] for output in outputs] == [b"x.events/0/%d/17" % part for part in range(3)]
    assert {dict(output.headers)["ce_type"] for output in outputs} == {b"dev.foreshock.event.v1"}


def test_bad_events_are_refused_alone_with_their_reason_and_place() -> None:
    ingest = Ingest(SETTINGS)
    bad = [None, b"{", {**EVENT, "kind": "outage"}, {**EVENT, "lable": {}}]
    outputs = ingest.step("x.events", 0, records(EVENT, *bad, EVENT))
    assert [output.topic for output in outputs] == ["x.samples"] * 6 + ["x.rejects"] * 4
    told = [orjson.loads(output.value or b"") for output in outputs[6:]]
    assert [reject["reason"] for reject in told] == ["empty_message", "malformed", "bad_event", "unknown_field"]
    assert [reject["source"]["offset"] for reject in told] == [18, 19, 20, 21]
    assert {(reject["source"]["topic"], reject["source"]["row"]) for reject in told} == {("x.events", -1)}
    assert told[1]["excerpt"] == "{"
    assert ingest.counts[RejectReason.BAD_EVENT] == 1
    assert ingest.samples == 0


def test_events_move_no_event_time() -> None:
    outputs = Ingest(SETTINGS).step("x.events", 0, records(*[EVENT] * 9))
    assert not [output for output in outputs if b"watermark_ms" in (output.value or b"")]
