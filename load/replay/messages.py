"""Tables to messages of the native JSON codec: tables in, messages out, no clock and no broker.

Messages come in event-time order, those of one entity in its samples' order. An infinite value is sent as null, which
JSON offers in its place, and is the receiver's to refuse.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

import numpy as np
import orjson

from load.recordings.table import FloatColumn, IntColumn, SampleTable, slices
from load.replay.catalogue import SeriesCatalogue

# Samples turned into messages at a time: some milliseconds of work.
ROWS_AT_ONCE = 20_000


class Message(NamedTuple):
    """A message and when it is due: at the event time of its last sample."""

    partition: int
    key: bytes
    value: bytes
    event_ms: int
    samples: int


class Encoder(Protocol):
    """Makes messages of tables that follow each other in time."""

    def encode(self, table: SampleTable) -> Iterator[list[Message]]:
        """Messages that are complete, a group at a time."""
        ...

    def finish(self) -> list[Message]:
        """What is left at the end."""
        ...


def encoder_for(batch: int, catalogue: SeriesCatalogue) -> Encoder:
    """The encoder for `batch` samples a message."""
    return SampleEncoder(catalogue) if batch == 1 else BatchEncoder(catalogue, batch)


class SampleEncoder:
    """One message per sample."""

    def __init__(self, catalogue: SeriesCatalogue) -> None:
        self._catalogue = catalogue

    def encode(self, table: SampleTable) -> Iterator[list[Message]]:
        """See `Encoder.encode`."""
        places = self._catalogue.places(table.series)
        for part in slices(table, ROWS_AT_ONCE):
            yield self._messages(places[part.index], part)

    def finish(self) -> list[Message]:
        """Nothing: no sample is held back."""
        return []

    def _messages(self, places: IntColumn, part: SampleTable) -> list[Message]:
        known = self._catalogue
        times, values = _json_items(part.timestamp_ms), _json_items(part.value)
        rows = zip(places.tolist(), times, values, part.timestamp_ms.tolist(), strict=True)
        messages = []
        for place, time, value, event_ms in rows:
            route = known.routes[known.entity[place]]
            text = b'{"metric":%b,"labels":%b,"timestamp":%b,"value":%b}' % (
                known.metric[place],
                known.labels[place],
                time,
                value,
            )
            messages.append(Message(route.partition, route.key, text, event_ms, 1))
        return messages


class Rows(NamedTuple):
    """Samples of one entity in time order: places of their series, times, values; [n] each."""

    place: IntColumn
    timestamp_ms: IntColumn
    value: FloatColumn

    def part(self, start: int, stop: int) -> "Rows":
        """Rows start..stop."""
        return Rows(self.place[start:stop], self.timestamp_ms[start:stop], self.value[start:stop])

    def then(self, later: "Rows") -> "Rows":
        """These rows, and later ones."""
        return Rows(
            np.concatenate([self.place, later.place]),
            np.concatenate([self.timestamp_ms, later.timestamp_ms]),
            np.concatenate([self.value, later.value]),
        )


class BatchEncoder:
    """Column batches: a message holds `batch` samples of one entity; fewer only at the end."""

    def __init__(self, catalogue: SeriesCatalogue, batch: int) -> None:
        self._catalogue = catalogue
        self._batch = batch
        self._waiting: dict[int, Rows] = {}
        self._last_ms = 0

    def encode(self, table: SampleTable) -> Iterator[list[Message]]:
        """See `Encoder.encode`."""
        places = self._catalogue.places(table.series)
        for part in slices(table, ROWS_AT_ONCE):
            self._last_ms = int(part.timestamp_ms[-1])
            rows = Rows(places[part.index], part.timestamp_ms, part.value)
            yield sorted(self._full_batches(rows), key=_due)

    def finish(self) -> list[Message]:
        """The rest of every entity, due when the last sample is."""
        rests = sorted(self._waiting.items())
        self._waiting = {}
        return [
            self._message(entity, rows)._replace(event_ms=self._last_ms) for entity, rows in rests if len(rows.place)
        ]

    def _full_batches(self, rows: Rows) -> Iterator[Message]:
        for entity, new in self._by_entity(rows):
            waiting = self._waiting.get(entity)
            held = new if waiting is None else waiting.then(new)
            full = len(held.place) // self._batch * self._batch
            for start in range(0, full, self._batch):
                yield self._message(entity, held.part(start, start + self._batch))
            self._waiting[entity] = held.part(full, len(held.place))

    def _by_entity(self, rows: Rows) -> Iterator[tuple[int, Rows]]:
        entity = np.array(self._catalogue.entity, np.int64)[rows.place]
        order = np.argsort(entity, kind="stable")
        grouped = Rows(rows.place[order], rows.timestamp_ms[order], rows.value[order])
        distinct, starts = np.unique(entity[order], return_index=True)
        stops = [*starts[1:].tolist(), len(order)]
        for name, start, stop in zip(distinct.tolist(), starts.tolist(), stops, strict=True):
            yield name, grouped.part(start, stop)

    def _message(self, entity: int, rows: Rows) -> Message:
        known, places = self._catalogue, rows.place.tolist()
        text = b'{"metric":%b,"labels":%b,"timestamp":%b,"value":%b}' % (
            _json_column([known.metric[place] for place in places]),
            _json_column([known.labels[place] for place in places]),
            orjson.dumps(rows.timestamp_ms, option=orjson.OPT_SERIALIZE_NUMPY),
            orjson.dumps(rows.value, option=orjson.OPT_SERIALIZE_NUMPY),
        )
        route = known.routes[entity]
        return Message(route.partition, route.key, text, int(rows.timestamp_ms[-1]), len(places))


def _due(message: Message) -> int:
    return message.event_ms


def _json_items(column: IntColumn | FloatColumn) -> list[bytes]:
    """Each number as JSON; all at once, as one array, is several times faster."""
    return orjson.dumps(column, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")


def _json_column(items: list[bytes]) -> bytes:
    """An array, or one item that holds for every row."""
    return items[0] if items.count(items[0]) == len(items) else b"[%b]" % b",".join(items)
