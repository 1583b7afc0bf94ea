"""Interning: names checked once, the table bounded."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.codecs.faults import Fault
from streams.ingest import interner as interner_module
from streams.ingest.interner import REFUSED, Interner
from streams.ingest.names import name_of
from streams.rejects import RejectReason
from streams.series import SeriesKey, labels_of, parse_series, partition_of
from streams.settings.limits import LimitSettings
from tests.streams.codecs.samples import key

LIMITS = LimitSettings(labels_per_series=3, name_bytes=60)


def interner(partitions: int = 8) -> Interner:
    return Interner(["host"], partitions, LIMITS)


def test_a_series_has_one_number_name_entity_and_partition() -> None:
    table = interner()
    numbers = table.ids([key("cpu", host="a"), key("memory", host="a"), key("cpu", host="a")])
    assert numbers == [0, 1, 0]
    assert table.names == ['cpu{host="a"}', 'memory{host="a"}']
    assert table.entities == ['{host="a"}'] * 2
    assert table.partition(np.array(numbers)).tolist() == [partition_of('{host="a"}', 8)] * 3
    assert table.text_bytes(np.array([0])) == len('cpu{host="a"}{host="a"}')
    assert table.ids([key("memory", host="a")]) == [1]


def test_a_refused_series_is_remembered_as_such() -> None:
    table = interner()
    assert table.ids([key(""), key("cpu"), key("")]) == [0, 1, 0]
    assert table.partition(np.array([0, 1])).tolist() == [REFUSED, partition_of("{}", 8)]
    assert table.faults[0].reason == RejectReason.BAD_NAME
    assert len(table) == 2


def test_an_explosion_of_labels_keeps_the_table_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interner_module, "INTERNED_BYTES_MAX", 100_000)
    table = interner()
    sizes = []
    for start in range(0, 2000, 10):
        table.trim()
        numbers = table.ids([key("cpu", host=f"host-{place}") for place in range(start, start + 10)])
        assert [table.names[number] for number in numbers] == [
            f'cpu{{host="host-{place}"}}' for place in range(start, start + 10)
        ]
        sizes.append(len(table))
    assert max(sizes) <= 100_000 // interner_module.SERIES_BYTES + 10
    assert len(table.names) == len(table.entities) == len(table)


@pytest.mark.parametrize(
    ("series", "reason", "told"),
    [
        (key(""), RejectReason.BAD_NAME, "empty"),
        (key(" \t"), RejectReason.BAD_NAME, "empty"),
        (key("cpu\x00"), RejectReason.BAD_NAME, r"\x00"),
        (key("cpu\n"), RejectReason.BAD_NAME, r"\n"),
        (key("cpu\x85"), RejectReason.BAD_NAME, r"\x85"),
        (key("cpu", host="\x1b[31m"), RejectReason.BAD_NAME, r"\x1b"),
        (key("cpu{"), RejectReason.BAD_NAME, "brace"),
        (key('cpu{a="b"}'), RejectReason.BAD_NAME, "brace"),
        (key("cpu", **{"": "a"}), RejectReason.BAD_NAME, "label"),
        (key("cpu", **{"a b": "a"}), RejectReason.BAD_NAME, "'a b'"),
        (key("cpu", **{'a="b",c': "a"}), RejectReason.BAD_NAME, "label"),
        (key("cpu", a="", b="", c="", d=""), RejectReason.TOO_MANY_LABELS, "4 labels, at most 3"),
        (key("x" * 61), RejectReason.NAME_TOO_LONG, "61 bytes, at most 60"),
        (key("é" * 31), RejectReason.NAME_TOO_LONG, "62 bytes"),
        (key("cpu", host="x" * 100_000), RejectReason.NAME_TOO_LONG, "begins"),
    ],
)
def test_names_that_are_refused(series: SeriesKey, reason: RejectReason, told: str) -> None:
    fault = name_of(series, LIMITS)
    assert isinstance(fault, Fault)
    assert fault.reason == reason
    assert told in fault.detail
    assert len(fault.detail) < 300


@pytest.mark.parametrize(
    "series",
    [
        key("cpu"),
        key("x" * 60),
        key("system.cpu/user time %"),
        key("cpu", a="", b="1", c="2"),
        key("cpu", path='C:\\ "x"\nnext'),
        key("cpu", **{"app.kubernetes.io/name": "é{}"}),
    ],
)
def test_names_that_are_taken(series: SeriesKey) -> None:
    name = name_of(series, LIMITS)
    assert isinstance(name, str)
    assert parse_series(name) == series


text = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('{}=", \n\\'))


@given(text, st.dictionaries(text, text, max_size=3))
def test_a_name_that_is_taken_reads_back(metric: str, labels: dict[str, str]) -> None:
    series = SeriesKey(metric, labels_of(labels))
    name = name_of(series, LimitSettings())
    assert isinstance(name, Fault) or parse_series(name) == series
