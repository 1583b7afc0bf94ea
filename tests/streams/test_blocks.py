"""Blocks: bit for bit through the samples topic, and nothing else is taken for one."""

import json
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.blocks import BadBlockError, SampleBlock, decode_block, encode_block

instants = st.integers(-(2**53), 2**53)
text = st.text(st.characters(exclude_categories=["Cs"]))


@st.composite
def blocks(draw: st.DrawFn) -> SampleBlock:
    series = draw(st.lists(text, min_size=1, max_size=5))
    places = sorted(draw(st.sets(st.tuples(st.integers(0, 2**62), st.integers(0, 9999)), max_size=20)))
    count = len(places)
    column = st.lists(instants, min_size=count, max_size=count)
    value = st.floats(allow_nan=False, allow_infinity=False)
    return SampleBlock(
        source_topic=draw(text),
        source_partition=draw(st.integers(0, 2**31 - 1)),
        watermark_ms=draw(st.none() | instants),
        series=series,
        entity=draw(st.lists(text, min_size=len(series), max_size=len(series))),
        index=np.array(draw(st.lists(st.integers(0, len(series) - 1), min_size=count, max_size=count)), np.int64),
        offset=np.array([offset for offset, _ in places], np.int64),
        row=np.array([row for _, row in places], np.int64),
        timestamp_ms=np.array(draw(column), np.int64),
        value=np.array(draw(st.lists(value, min_size=count, max_size=count)), np.float64),
        source_topic_id=draw(text),
    )


def bits(block: SampleBlock) -> list[Any]:
    cells = [getattr(block, field.name) for field in fields(block)]
    return [(cell.dtype, cell.tobytes()) if isinstance(cell, np.ndarray) else cell for cell in cells]


@given(blocks())
def test_a_block_reads_back_bit_for_bit(block: SampleBlock) -> None:
    assert bits(decode_block(encode_block(block))) == bits(block)


SMALL = SampleBlock(
    source_topic="telemetry",
    source_partition=3,
    watermark_ms=None,
    series=["a", "b"],
    entity=["{}", "{}"],
    index=np.array([0, 1, 0]),
    offset=np.array([7, 7, 8]),
    row=np.array([0, 1, 0]),
    timestamp_ms=np.array([1, 2, 3]),
    value=np.array([0.1, -0.0, 5e-324]),
)


def test_a_tick_alone_is_a_block() -> None:
    nothing = np.array([], np.int64)
    tick = SampleBlock("telemetry", 0, 5000, [], [], nothing, nothing, nothing, nothing, np.array([], np.float64))
    assert bits(decode_block(encode_block(tick))) == bits(tick)


def test_a_block_of_an_earlier_release_names_no_topic_id() -> None:
    document = json.loads(encode_block(replace(SMALL, source_topic_id="a")))
    del document["source"]["topic_id"]
    assert bits(decode_block(json.dumps(document).encode())) == bits(SMALL)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"v": 2}, "version 2"),
        ({"kind": "forecast"}, "'forecast'"),
        ({"index": [0, 1]}, "different lengths"),
        ({"index": [0, 1, 2]}, "not in its list"),
        ({"index": [0, 1, -1]}, "not in its list"),
        ({"entity": ["{}"]}, "different number"),
        ({"series": ["a", 5]}, "no name"),
        ({"series": "ab"}, "no name"),
        ({"watermark_ms": "soon"}, "type int"),
        ({"value": [1.0, None, 2.0]}, "'value'"),
        ({"value": ["1", "2", "3"]}, "'value'"),
        ({"timestamp_ms": [1.5, 2, 3]}, "'timestamp_ms'"),
        ({"timestamp_ms": [2**64, 2, 3]}, "'timestamp_ms'"),
        ({"row": [[0], [1], [0]]}, "'row'"),
        ({"row": {}}, "'row'"),
        ({"offset": [7, 7, 6]}, "order"),
        ({"row": [1, 1, 0]}, "order"),
        ({"source": None}, "TypeError"),
        ({"source": {"topic": [], "partition": 0}}, "type str"),
        ({"source": {"topic": "telemetry", "partition": 1e20}}, "type int"),
        ({"source": {"topic": "telemetry", "partition": 2**31}}, "partition 2147483648"),
        ({"source": {"topic": "telemetry", "partition": 0, "topic_id": None}}, "type str"),
        ({"watermark_ms": True}, "type int"),
        ({"watermark_ms": -(2**53) - 1}, "watermark"),
        ({"timestamp_ms": [0, 2**53 + 1, 2]}, "timestamp"),
        ({"timestamp_ms": [0, 1, -(2**63)]}, "timestamp"),
    ],
)
def test_what_is_no_block_is_told(change: dict[str, Any], told: str) -> None:
    document = json.loads(encode_block(SMALL)) | change
    with pytest.raises(BadBlockError, match=told):
        decode_block(json.dumps(document).encode())


@given(
    st.binary() | st.recursive(st.none() | st.integers() | text, st.lists).map(lambda tree: json.dumps(tree).encode())
)
def test_other_bytes_are_told(payload: bytes) -> None:
    with pytest.raises(BadBlockError):
        decode_block(payload)


@given(st.sampled_from(sorted(json.loads(encode_block(SMALL)))), st.recursive(st.none() | st.floats() | text, st.lists))
def test_a_block_with_any_field_changed_is_read_or_told(name: str, cell: object) -> None:
    document = json.loads(encode_block(SMALL)) | {name: cell}
    try:
        block = decode_block(json.dumps(document).encode())
    except BadBlockError:
        return
    assert bits(decode_block(encode_block(block))) == bits(block)


def test_values_written_as_whole_numbers_are_numbers() -> None:
    document = json.loads(encode_block(SMALL)) | {"value": [1, 2, 3]}
    assert bits(decode_block(json.dumps(document).encode())) == bits(replace(SMALL, value=np.array([1.0, 2.0, 3.0])))
