"""Messages as tables."""

import numpy as np
import orjson

from load.record.telemetry import BLOCKS, reader_for
from streams.blocks import SampleBlock, encode_block
from streams.series import SeriesKey

T_MS = 1_700_000_000_000


def block(offset: list[int], row: list[int], topic_id: str = "") -> bytes:
    times = np.array([T_MS + 60_000 * place for place in range(len(row))])
    values, index = np.arange(len(row), dtype=np.float64), np.zeros(len(row), np.int64)
    name, places = 'cpu{host="a"}', (np.array(offset), np.array(row))
    return encode_block(
        SampleBlock("telemetry", 0, None, [name], ['{host="a"}'], index, *places, times, values, topic_id)
    )


def test_a_message_by_its_codec() -> None:
    reader = reader_for("auto")
    message = [
        {"metric": "cpu", "labels": {"host": "a"}, "timestamp": T_MS, "value": 1.5},
        {"metric": "cpu", "labels": {"host": "a"}, "timestamp": "soon", "value": 1.5},
        {"metric": "mem", "timestamp": T_MS, "value": 2},
    ]
    table = reader.read(0, orjson.dumps(message))
    assert table.series == [SeriesKey("cpu", (("host", "a"),)), SeriesKey("mem", ())]
    assert table.value.tolist() == [1.5, 2.0]
    assert reader.skipped == 1


def test_values_that_are_none_are_passed_over() -> None:
    reader = reader_for("prometheus")
    stale = {"name": "up", "labels": {"job": "a"}, "timestamp": "2024-01-01T00:00:00Z", "value": "NaN"}
    assert not len(reader.read(0, orjson.dumps(stale)))
    assert reader.skipped == 1


def test_rows_of_blocks_count_once() -> None:
    reader = reader_for(BLOCKS)
    assert len(reader.read(0, block([1, 1, 2], [0, 1, 0]))) == 3
    assert len(reader.read(0, block([1, 2, 3], [1, 0, 0]))) == 1
    assert len(reader.read(1, block([1], [0]))) == 1, "another partition of the samples topic"
    assert len(reader.read(0, block([1], [0], "made anew"))) == 1
    assert reader.skipped == 0


def test_what_stands_between_the_blocks_is_no_sample() -> None:
    reader = reader_for(BLOCKS)
    silence = {"v": 1, "kind": "silence", "source": {"topic": "t", "partition": 0, "topic_id": "", "next_offset": 1}}
    assert not len(reader.read(0, orjson.dumps(silence)))
    assert not len(reader.read(0, block([], [])))
    assert not len(reader.read(0, b"nonsense"))
    assert reader.skipped == 1
