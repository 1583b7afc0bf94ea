"""The native JSON format: one sample, an array, a column batch; and every way to get it wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.series import SeriesKey
from tests.streams.codecs.samples import Told, decode, key, native, rows, told

T_MS = 1700000000000
CPU = key("cpu", host="a")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (native(), (CPU, T_MS, 1.5)),
        (native(timestamp=1700000000), (CPU, T_MS, 1.5)),
        (native(timestamp="2023-11-14T22:13:20Z"), (CPU, T_MS, 1.5)),
        (native(labels=...), (key("cpu"), T_MS, 1.5)),
        (native(labels=None), (key("cpu"), T_MS, 1.5)),
        (native(labels={"zone": "z", "host": "a"}), (key("cpu", host="a", zone="z"), T_MS, 1.5)),
        (native(value=3), (CPU, T_MS, 3.0)),
        (native(value=2**64), (CPU, T_MS, 2.0**64)),
        (native(value=-0.0, unit="%"), (CPU, T_MS, -0.0)),
    ],
)
def test_one_sample(document: Any, expected: tuple[Any, ...]) -> None:
    columns = decode("json", document)
    assert rows(columns) == [(0, *expected)]
    assert columns.rejects == []
    assert type(columns.value[0]) is float


def test_an_array_of_samples() -> None:
    columns = decode("json", [native(), native(metric="memory", value=2)])
    assert rows(columns) == [(0, CPU, T_MS, 1.5), (1, key("memory", host="a"), T_MS, 2.0)]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (native(value=[1, 2.5]), [(CPU, T_MS, 1.0), (CPU, T_MS, 2.5)]),
        (native(value=[1.0]), [(CPU, T_MS, 1.0)]),
        (native(timestamp=[T_MS, T_MS + 1], value=[1.0, 2.0]), [(CPU, T_MS, 1.0), (CPU, T_MS + 1, 2.0)]),
        (native(timestamp=[T_MS, T_MS + 1]), [(CPU, T_MS, 1.5), (CPU, T_MS + 1, 1.5)]),
        (native(timestamp=[1700000000, 1700000001]), [(CPU, T_MS, 1.5), (CPU, T_MS + 1000, 1.5)]),
        (native(timestamp=[T_MS, T_MS * 1000]), [(CPU, T_MS, 1.5), (CPU, T_MS, 1.5)]),
        (native(timestamp=[T_MS, float(T_MS)]), [(CPU, T_MS, 1.5), (CPU, T_MS, 1.5)]),
        (
            native(metric=["cpu", "memory"], value=[1.0, 2.0]),
            [(CPU, T_MS, 1.0), (key("memory", host="a"), T_MS, 2.0)],
        ),
        (native(labels=[{"host": "a"}, None], value=[1.0, 2.0]), [(CPU, T_MS, 1.0), (key("cpu"), T_MS, 2.0)]),
        (
            native(metric=["a", "b"], labels=[{}, {"x": "y"}], timestamp=[T_MS, "2023-11-14T22:13:20Z"], value=[1, 2]),
            [(key("a"), T_MS, 1.0), (key("b", x="y"), T_MS, 2.0)],
        ),
    ],
)
def test_a_column_batch(document: Any, expected: list[tuple[Any, ...]]) -> None:
    columns = decode("json", document)
    assert rows(columns) == [(row, *cells) for row, cells in enumerate(expected)]
    assert [set(map(type, cells)) for cells in (columns.series, columns.value)] == [{SeriesKey}, {float}]
    assert columns.rejects == []


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"", [(-1, "empty_message")]),
        (b"[]", [(-1, "empty_message")]),
        (b" ", [(-1, "malformed")]),
        (b"\xff\xfe", [(-1, "malformed")]),
        (b'{"metric":"cpu","timestamp":1,"value":NaN}', [(-1, "malformed")]),
        (b'{"metric":"cpu","timestamp":1,"value":Infinity}', [(-1, "malformed")]),
        (b'{"metric":"cpu","timestamp":1,"value":1e999}', [(-1, "malformed")]),
        (b'{"metric":"\\ud800","timestamp":1,"value":1}', [(-1, "malformed")]),
        (b"[" * 5000, [(-1, "malformed")]),
        (b"5", [(-1, "unknown_format")]),
        (b"null", [(-1, "unknown_format")]),
        (b'"cpu 1.5"', [(-1, "unknown_format")]),
        (b"{}", [(0, "missing_field")]),
        (native(metric=...), [(0, "missing_field")]),
        (native(metric=None), [(0, "missing_field")]),
        (native(metric=5), [(0, "wrong_type")]),
        (native(timestamp=...), [(0, "missing_field")]),
        (native(timestamp="2023-11-14T22:13:20"), [(0, "wrong_type")]),
        (native(timestamp=True), [(0, "wrong_type")]),
        (native(value=...), [(0, "missing_field")]),
        (native(value=None), [(0, "missing_field")]),
        (native(value="1.5"), [(0, "wrong_type")]),
        (native(value=True), [(0, "wrong_type")]),
        (native(value={}), [(0, "wrong_type")]),
        (native(labels="host=a"), [(0, "wrong_type")]),
        (native(labels={"cpu": 0}), [(0, "wrong_type")]),
        (native(labels={"cpu": None}), [(0, "missing_field")]),
        (native(value=[]), [(-1, "empty_message")]),
        (native(value=[1, 2], timestamp=[T_MS]), [(-1, "malformed")]),
        (native(value=[1, 2], metric=5), [(-1, "wrong_type")]),
        (native(value=[1, 2], timestamp=...), [(-1, "missing_field")]),
        (native(value=[1, 2], labels={"a": 1}), [(-1, "wrong_type")]),
    ],
)
def test_nothing_of_it_can_be_used(document: Any, expected: Told) -> None:
    columns = decode("json", document)
    assert rows(columns) == []
    assert told(columns) == expected


def test_a_bad_row_of_an_array_is_refused_alone() -> None:
    columns = decode("json", [native(), 5, native(value=None), [], native(value=2.0)])
    assert [row for row, *_ in rows(columns)] == [0, 4]
    assert told(columns) == [(1, "wrong_type"), (2, "missing_field"), (3, "wrong_type")]


def test_a_bad_row_of_a_column_batch_is_refused_alone() -> None:
    columns = decode("json", native(timestamp=[T_MS, T_MS, "now", T_MS], value=[1.0, "x", 3.0, 4.0]))
    assert rows(columns) == [(0, CPU, T_MS, 1.0), (3, CPU, T_MS, 4.0)]
    assert told(columns) == [(1, "wrong_type"), (2, "wrong_type")]


@pytest.mark.parametrize("document", [[native()] * 3, native(value=[1.0] * 3)])
def test_a_message_of_too_many_rows_is_refused_whole(document: Any) -> None:
    assert len(rows(decode("json", document, rows_max=3))) == 3
    assert told(decode("json", document, rows_max=2)) == [(-1, "too_many_rows")]


def test_details_never_repeat_a_long_field() -> None:
    long = "x" * 100_000
    documents = [native(value=long), native(timestamp=long), native(labels={long: 1}), native(metric=[long] * 2)]
    for document in documents:
        for reject in decode("json", document).rejects:
            assert len(reject.detail) < 300


cells = st.none() | st.booleans() | st.integers(0, 2**64) | st.floats(allow_nan=False, allow_infinity=False) | st.text()


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_a_column_batch_is_the_array_of_its_rows(pairs: list[tuple[Any, Any]]) -> None:
    batch = decode("json", native(timestamp=[time for time, _ in pairs], value=[value for _, value in pairs]))
    array = decode("json", [native(timestamp=time, value=value) for time, value in pairs])
    assert rows(batch) == rows(array)
    assert batch.rejects == array.rejects
