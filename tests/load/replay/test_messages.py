"""What is encoded is what the engine's codec decodes, in order, whatever the batching."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from load.recordings.table import SampleTable, slices
from load.replay.catalogue import SeriesCatalogue
from load.replay.messages import Message, encoder_for
from streams.codecs.registry import codec
from streams.series import SeriesKey, entity_of, labels_of, labels_text, partition_of, series_name
from tests.load.recordings.helpers import Row, rows_of, table_of

PARTITIONS = 3
ENTITY = frozenset({"host"})

keys = st.builds(
    SeriesKey,
    st.sampled_from(["cpu", 'a"b', "größe"]),
    st.dictionaries(st.sampled_from(["host", "disk"]), st.sampled_from(["x", 'y"\n']), max_size=2).map(labels_of),
)
rows = st.lists(
    st.tuples(st.integers(10**11, 10**11 + 5), keys.map(series_name), st.floats(allow_nan=False, allow_infinity=False)),
    min_size=1,
    max_size=40,
).map(lambda samples: sorted(samples, key=lambda row: row[0]))


def encoded(table: SampleTable, batch: int, rows_max: int = 1000) -> list[Message]:
    """All messages of a table that comes in parts."""
    encoder = encoder_for(batch, SeriesCatalogue(ENTITY, PARTITIONS))
    messages = [m for part in slices(table, rows_max) for group in encoder.encode(part) for m in group]
    return messages + encoder.finish()


def decoded(message: Message) -> list[Row]:
    """A message's samples, as the engine reads them."""
    columns = codec("json").decode(message.value, 10_000)
    assert columns.rejects == []
    names = [series_name(key) for key in columns.series]
    return list(zip(columns.timestamp_ms, names, columns.value, strict=True))


def entity_name(row: Row) -> str:
    labels = table_of([row]).series[0].labels
    return labels_text(entity_of(labels, ENTITY))


def by_entity(samples: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in samples:
        found.setdefault(entity_name(row), []).append(row)
    return found


@given(rows, st.integers(1, 5), st.integers(1, 40))
def test_every_sample_arrives_in_its_entitys_order(samples: list[Row], batch: int, rows_max: int) -> None:
    messages = encoded(table_of(samples), batch, rows_max)
    received = [row for message in messages for row in decoded(message)]
    assert by_entity(received) == by_entity(samples)
    assert [message.event_ms for message in messages] == sorted(message.event_ms for message in messages)


@given(rows, st.integers(1, 5))
def test_a_message_is_of_one_entity_and_goes_to_its_partition(samples: list[Row], batch: int) -> None:
    for message in encoded(table_of(samples), batch):
        entities = {entity_name(row) for row in decoded(message)}
        assert entities == {message.key.decode()}
        assert message.partition == partition_of(message.key.decode(), PARTITIONS)
        assert 1 <= message.samples == len(decoded(message)) <= batch


@given(rows, st.integers(2, 5), st.integers(1, 40))
def test_messages_do_not_depend_on_how_the_recording_is_cut(samples: list[Row], batch: int, rows_max: int) -> None:
    whole, cut = encoded(table_of(samples), batch), encoded(table_of(samples), batch, rows_max)
    assert sorted((m.key, m.event_ms, m.value) for m in whole) == sorted((m.key, m.event_ms, m.value) for m in cut)


def test_a_batch_waits_for_its_last_sample_and_the_rest_for_the_end() -> None:
    samples = [(1000 * 10**9 + i, f'cpu{{host="{host}"}}', float(i)) for i in range(5) for host in "ab"]
    messages = encoded(table_of(samples), 2, rows_max=3)
    assert [(m.event_ms - 1000 * 10**9, m.samples) for m in messages] == [
        (1, 2),
        (1, 2),
        (3, 2),
        (3, 2),
        (4, 1),
        (4, 1),
    ]


def test_what_holds_for_every_row_is_written_once() -> None:
    samples = [(10**12, 'cpu{host="a"}', 1.0), (10**12 + 1, 'cpu{host="a"}', 2.5)]
    assert encoded(table_of(samples), 2)[0].value == (
        b'{"metric":"cpu","labels":{"host":"a"},"timestamp":[1000000000000,1000000000001],"value":[1.0,2.5]}'
    )


def test_one_sample() -> None:
    assert encoded(table_of([(10**12, "cpu", 1.5)]), 1)[0].value == (
        b'{"metric":"cpu","labels":{},"timestamp":1000000000000,"value":1.5}'
    )


@pytest.mark.parametrize("batch", [1, 2])
def test_an_infinite_value_is_refused_alone(batch: int) -> None:
    message = encoded(table_of([(10**12, "m", np.inf), (10**12 + 1, "m", 1.0)]), batch)[0]
    rejects = codec("json").decode(message.value, 10).rejects
    assert [reject.row for reject in rejects] == [0]


def test_rows_helper_is_faithful() -> None:
    samples: list[Row] = [(1, 'a{b="c"}', 1.0), (2, "d", 2.0)]
    assert rows_of([table_of(samples)]) == samples
