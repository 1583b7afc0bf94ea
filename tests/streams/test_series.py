"""Series names: one way to write them, and the same series when read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.series import (
    SeriesKey,
    entity_of,
    labels_of,
    labels_text,
    parse_series,
    partition_of,
    series_name,
)

metrics = st.text(min_size=1).filter(lambda text: "{" not in text and "}" not in text)
label_names = st.text(st.characters(exclude_characters='="{},', exclude_categories=["Z", "C"]), min_size=1)
label_values = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.builds(SeriesKey, metrics, st.dictionaries(label_names, label_values, max_size=4).map(labels_of))


@given(keys)
def test_a_name_reads_back_as_its_series(key: SeriesKey) -> None:
    assert parse_series(series_name(key)) == key


@given(keys, keys)
def test_two_series_never_share_a_name(one: SeriesKey, other: SeriesKey) -> None:
    assert (series_name(one) == series_name(other)) == (one == other)


@pytest.mark.parametrize(
    ("labels", "name"),
    [
        ({}, "cpu"),
        ({"host": "a"}, 'cpu{host="a"}'),
        ({"zone": "b", "host": "a"}, 'cpu{host="a",zone="b"}'),
        ({"path": 'C:\\x "y"\n'}, r'cpu{path="C:\\x \"y\"\n"}'),
    ],
)
def test_the_written_form(labels: dict[str, str], name: str) -> None:
    assert series_name(SeriesKey("cpu", labels_of(labels))) == name


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("cpu{}", SeriesKey("cpu", ())),
        ('cpu{ host = "a" , zone="b" }', SeriesKey("cpu", (("host", "a"), ("zone", "b")))),
        ('cpu{zone="b",host="a"}', SeriesKey("cpu", (("host", "a"), ("zone", "b")))),
        (r'cpu{path="\\n"}', SeriesKey("cpu", (("path", r"\n"),))),
        ('cpu{app.kubernetes.io/name="a"}', SeriesKey("cpu", (("app.kubernetes.io/name", "a"),))),
    ],
)
def test_what_people_write_is_read(text: str, key: SeriesKey) -> None:
    assert parse_series(text) == key


@pytest.mark.parametrize(
    ("text", "place"),
    [('cpu{host="a}', 'host="a'), ("cpu{host}", "host"), ('cpu{host="a",host="b"}', "twice"), ('cpu{="a"}', '="a"')],
)
def test_unreadable_labels_are_told_with_their_place(text: str, place: str) -> None:
    with pytest.raises(ValueError, match=place):
        parse_series(text)


@pytest.mark.parametrize(
    ("labels", "entity"),
    [
        ({"host": "a", "cpu": "0"}, '{host="a"}'),
        ({"pod": "p", "host": "a", "cpu": "0"}, '{host="a",pod="p"}'),
        ({"cpu": "0", "job": "j"}, '{cpu="0",job="j"}'),
        ({}, "{}"),
    ],
)
def test_the_entity_is_the_configured_labels_or_all(labels: dict[str, str], entity: str) -> None:
    assert labels_text(entity_of(labels_of(labels), frozenset({"host", "pod"}))) == entity


def test_partitions_are_the_same_in_every_process() -> None:
    assert [partition_of(f'{{host="{host}"}}', 8) for host in "abcdefgh"] == GOLDEN_PARTITIONS


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 10_000))
def test_a_partition_is_within_range(entity: str, partitions: int) -> None:
    assert 0 <= partition_of(entity, partitions) < partitions


# zlib.crc32 of the entity's text, modulo 8. Changing it would separate users' entities from their state.
GOLDEN_PARTITIONS = [7, 6, 1, 4, 3, 2, 5, 0]
