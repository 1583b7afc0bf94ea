"""Silence as a control record: it comes back as it was written, and what is none is told."""

from typing import Any

import orjson
import pytest

from streams.blocks import BadBlockError, decode_record
from streams.ingest.ingest import Ingest
from streams.settings.model import Settings
from streams.silence import SilenceRecord, encode_silence

RECORD = SilenceRecord("telemetry", 1, 18, "id")
SETTINGS = Settings.model_validate({"topics": {"prefix": "x", "partitions": 2}, "sources": [{"topic": "telemetry"}]})


def test_it_comes_back_as_it_was() -> None:
    assert decode_record(encode_silence(RECORD)) == RECORD


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"source": None},
        {"source": {"topic": "t", "partition": 0, "topic_id": ""}},
        {"source": {"topic": 7, "partition": 0, "topic_id": "", "next_offset": 1}},
        {"source": {"topic": "t", "partition": "0", "topic_id": "", "next_offset": 1}},
        {"source": {"topic": "t", "partition": 0, "topic_id": "", "next_offset": 1.0}},
        {"source": {"topic": "t", "partition": 0, "topic_id": None, "next_offset": 1}},
    ],
)
def test_what_is_none_is_told(change: dict[str, Any]) -> None:
    document = orjson.loads(encode_silence(RECORD)) | change
    with pytest.raises(BadBlockError):
        decode_record(orjson.dumps(document))


def test_ingest_tells_every_partition() -> None:
    outputs = Ingest(SETTINGS).silence("telemetry", 1, 18, "id")
    assert [(output.topic, output.partition, output.key) for output in outputs] == [
        ("x.samples", number, b"telemetry/1@id") for number in range(2)
    ]
    assert {decode_record(output.value or b"") for output in outputs} == {RECORD}
    assert [dict(output.headers)["ce_id"] for output in outputs] == [b"telemetry/1@id/0/18", b"telemetry/1@id/1/18"]
    assert {dict(output.headers)["ce_type"] for output in outputs} == {b"dev.foreshock.silence.v1"}
