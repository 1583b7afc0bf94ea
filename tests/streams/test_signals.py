"""Records of the signals topic are read back as they were written, or refused with a reason."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.signals import BadSignalsError, Notice, SignalRecord, Speaker, decode_signals, encode_signals

RECORD = SignalRecord(
    partition=3,
    position=17,
    watermark_ms=1_700_000_000_000,
    scope=["{}"],
    entity=['{host="a"}', '{host="b"}'],
    scope_of=np.array([0, 0]),
    metric=["cpu"],
    entity_of=np.array([0, 1]),
    metric_of=np.array([0, 0]),
    minute=np.array([28_333_333, 28_333_334]),
    level=np.array([0, 31]),
    speaker=[Speaker(1, 'cpu{host="b"}', -13.5)],
    notices=[Notice("{}", '{host="a"}', "disk", "failure", "full", 5, 9, 0.5, "it is full soon", predicted=True)],
)


def assert_same(one: SignalRecord, other: SignalRecord) -> None:
    for field in fields(SignalRecord):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


def test_what_is_written_is_read_back() -> None:
    assert_same(decode_signals(encode_signals(RECORD)), RECORD)
    empty = np.empty(0, np.int64)
    nothing = replace(
        RECORD, watermark_ms=None, scope=[], entity=[], metric=[], scope_of=empty, speaker=[], notices=[],
        entity_of=empty, metric_of=empty, minute=empty, level=empty,
    )  # fmt: skip
    assert_same(decode_signals(encode_signals(nothing)), nothing)


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("v", 2, "version 2"),
        ("kind", "samples", "kind 'samples'"),
        ("partition", -1, "a partition or a position that can't be"),
        ("position", True, "type int"),
        ("watermark_ms", 2**60, "a watermark that is no time"),
        ("level", [0], "columns of different lengths"),
        ("level", [0, -1], "a level below 0"),
        ("level", [0, 0.5], "whole numbers"),
        ("minute", [0, 2**60], "a minute that is none"),
        ("entity_of", [0, 2], "belongs to nothing"),
        ("scope_of", [0], "a different number of entities"),
        ("entity", ["a", 3], "a list of names"),
        ("speaker", [[9, "cpu", 1.0]], "belongs to nothing"),
        ("speaker", [[1, "cpu", "far"]], "a number"),
        ("notices", [{}], "KeyError"),
        ("notices", [RECORD.notices[0]._asdict() | {"predicted": 1}], "type bool"),
        ("notices", [RECORD.notices[0]._asdict() | {"at_ms": 2**60}], "a time that is none"),
    ],
)
def test_what_is_wrong_is_said(field: str, value: Any, problem: str) -> None:
    document = orjson.loads(encode_signals(RECORD)) | {field: value}
    with pytest.raises(BadSignalsError, match=problem):
        decode_signals(orjson.dumps(document))


@given(
    st.binary(max_size=60)
    | st.builds(orjson.dumps, st.dictionaries(st.text(max_size=8), st.none() | st.integers(0, 9)))
)
def test_no_bytes_raise_anything_else(payload: bytes) -> None:
    with pytest.raises(BadSignalsError):
        decode_signals(payload)
