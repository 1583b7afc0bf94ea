"""Telling the formats apart; and the promise that no codec raises, whatever the bytes."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.codecs.registry import codec, names
from streams.columns import Columns
from streams.settings.sources import SourceSettings
from tests.streams.codecs.samples import adapter, decode, native, otlp, rows, telegraf, told


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (native(), "json"),
        ([native(), native()], "json"),
        ([], "json"),
        (native(value=[1, 2]), "json"),
        (native(value="x"), "json"),
        (native(name="cpu"), "json"),
        (adapter(), "prometheus"),
        (adapter(value=5), "prometheus"),
        (telegraf(), "telegraf"),
        (telegraf(fields=...), "prometheus"),
        ({"metrics": [telegraf()]}, "telegraf"),
        (otlp(), "otlp_json"),
        ({"resourceMetrics": []}, "otlp_json"),
        (b"{", "json"),
        (b"", "prometheus"),
    ],
)
def test_auto_reads_as_the_format_it_is(document: Any, name: str) -> None:
    assert decode("auto", document) == decode(name, document)


@pytest.mark.parametrize("document", [{}, {"value": 1}, {"resourceLogs": []}, b"5", b"null", b'"up"', b"true"])
def test_other_json_is_of_no_known_format(document: Any) -> None:
    assert told(decode("auto", document)) == [(-1, "unknown_format")]


def test_the_settings_name_the_codecs_there_are() -> None:
    assert set(names()) == {"auto", "json", "prometheus", "telegraf", "otlp_json", "remote_write"}
    for name in names():
        assert codec(name).name == name
        assert SourceSettings.model_validate({"topic": "t", "codec": name}).codec == name


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from(["NaN", "+Inf", "1e5", "2023-11-14T22:13:20Z", "2023-11-14T22:13:20"])
)
trees = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3))
fields = ["metric", "labels", "timestamp", "value", "name", "__name__", "fields", "tags", "metrics", "resourceMetrics"]
messages = st.dictionaries(st.sampled_from(fields), trees | st.lists(scalars, max_size=4), max_size=6)
documents = trees | messages | st.lists(messages, max_size=4)


def check(columns: Columns) -> None:
    """What holds of every codec's answer."""
    taken = rows(columns)
    places = [row for row, *_ in taken] + [reject.row for reject in columns.rejects]
    assert places, "a message gives samples or says why not"
    assert len(set(places)) == len(places)
    assert [row for row, *_ in taken] == sorted(row for row, *_ in taken)
    for _, series, timestamp_ms, value in taken:
        assert type(series.metric) is str
        assert list(series.labels) == sorted(series.labels)
        assert -(2**63) <= timestamp_ms < 2**63
        assert type(value) is float
    for reject in columns.rejects:
        assert reject.detail


CORPUS = [
    b"",
    b"\x00",
    b"\xef\xbb\xbf{}",
    b"[" * 100_000,
    b'{"metric":' * 2000,
    b"[[]]",
    b"[{}]",
    b'{"metric":{},"value":[[]]}',
    b'{"metric":[1],"labels":[1],"timestamp":[1],"value":[1]}',
    b'{"metric":"a","timestamp":1e308,"value":1e308}',
    b'{"metric":"a","timestamp":-1e308,"value":-1e308}',
    b'{"metric":"a","timestamp":18446744073709551615,"value":1}',
    b'{"metric":"a","timestamp":-9223372036854775808,"value":1}',
    b'{"name":"a","timestamp":"9999-12-31T23:59:59-23:59","value":"1"}',
    b'{"name":"a","timestamp":"0001-01-01T00:00:00+23:59","value":"1"}',
    b'{"metric":"","timestamp":0,"value":0}',
    b'{"metrics":[1,{},{"name":"a"},{"name":"a","fields":{},"timestamp":0},{"name":"a","fields":{"x":1},"tags":[]}]}',
    b'{"resourceMetrics":[1,{},{"scopeMetrics":1},{"resource":1,"scopeMetrics":[1,{"metrics":1},{"metrics":[1,{}]}]}]}',
]


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("payload", CORPUS)
def test_the_corpus_never_raises(name: str, payload: bytes) -> None:
    check(codec(name).decode(payload, 100))


@pytest.mark.parametrize("name", names())
@given(payload=st.binary())
def test_no_bytes_raise(name: str, payload: bytes) -> None:
    check(codec(name).decode(payload, 100))


@pytest.mark.parametrize("name", names())
@given(document=documents)
def test_no_document_raises(name: str, document: Any) -> None:
    check(codec(name).decode(orjson.dumps(document), 3))
