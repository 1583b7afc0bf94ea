"""Telegraf's JSON, single and in batches."""

from typing import Any

import pytest

from tests.streams.codecs.samples import Told, decode, key, rows, telegraf, told

T_MS = 1700000000000


def test_a_real_message_byte_for_byte() -> None:
    payload = (
        b'{"fields":{"field_1":30,"n_images":660},"name":"docker","tags":{"host":"raynor"},"timestamp":1458229140}\n'
    )
    assert rows(decode("telegraf", payload)) == [
        (0, key("docker_field_1", host="raynor"), 1458229140000, 30.0),
        (1, key("docker_n_images", host="raynor"), 1458229140000, 660.0),
    ]


def test_a_batch() -> None:
    batch = {"metrics": [telegraf(), telegraf(name="swarm", fields={"nodes": 3}, tags=...)]}
    assert [(row, series) for row, series, *_ in rows(decode("telegraf", batch))] == [
        (0, key("docker_field_1", host="a")),
        (1, key("docker_n_images", host="a")),
        (2, key("swarm_nodes")),
    ]


@pytest.mark.parametrize("timestamp", [1700000000, 1700000000000, 1700000000000000, "2023-11-14T22:13:20Z"])
def test_any_unit_of_time(timestamp: Any) -> None:
    assert rows(decode("telegraf", telegraf(timestamp=timestamp)))[0][2] == T_MS


def test_texts_and_truths_are_passed_over_and_rows_stay_where_they_were() -> None:
    columns = decode("telegraf", telegraf(fields={"os": "linux", "up": True, "load": 1, "note": None}))
    assert rows(columns) == [(2, key("docker_load", host="a"), T_MS, 1.0)]
    assert not columns.rejects


def test_a_bad_metric_of_a_batch_is_refused_alone() -> None:
    columns = decode("telegraf", {"metrics": [telegraf(), telegraf(timestamp=...), 5, telegraf()]})
    assert [row for row, *_ in rows(columns)] == [0, 1, 5, 6]
    assert told(columns) == [(2, "missing_field"), (4, "wrong_type")]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"", [(-1, "empty_message")]),
        (b"{", [(-1, "malformed")]),
        ([telegraf()], [(-1, "unknown_format")]),
        ({"metrics": []}, [(-1, "empty_message")]),
        ({"metrics": {}}, [(-1, "wrong_type")]),
        (telegraf(fields={"os": "linux"}), [(-1, "empty_message")]),
        (telegraf(fields={}), [(-1, "empty_message")]),
        (telegraf(fields=[1]), [(0, "wrong_type")]),
        (telegraf(name=...), [(0, "missing_field")]),
        (telegraf(tags={"host": 1}), [(0, "wrong_type")]),
        (telegraf(timestamp="yesterday"), [(0, "wrong_type")]),
    ],
)
def test_refused(document: Any, expected: Told) -> None:
    columns = decode("telegraf", document)
    assert rows(columns) == []
    assert told(columns) == expected


def test_too_many_rows() -> None:
    columns = decode("telegraf", {"metrics": [telegraf(), telegraf()]}, rows_max=3)
    assert told(columns) == [(-1, "too_many_rows")]
    assert "4 samples" in columns.rejects[0].detail
    assert not told(decode("telegraf", {"metrics": [telegraf(), telegraf()]}, rows_max=4))
