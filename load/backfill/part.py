"""A part of a recording in event time, and the messages of it that a topic does not hold yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from load.recordings.recording import Recording
from load.recordings.table import SampleTable
from load.replay.messages import Encoder, Message


@dataclass(frozen=True, slots=True)
class Part:
    """A `Recording`: another one's samples from `start_ms` to before `stop_ms`."""

    recording: Recording
    start_ms: int
    stop_ms: int

    def span_ms(self) -> tuple[int, int]:
        """First and last event time that there may be."""
        return self.start_ms, self.stop_ms - 1

    def tables(self, rows_max: int) -> Iterator[SampleTable]:
        """See `load.recordings.recording.Recording`."""
        for table in self.recording.tables(rows_max):
            begin, end = np.searchsorted(table.timestamp_ms, [self.start_ms, self.stop_ms]).tolist()
            if begin < end:
                yield table.rows(begin, end)
            if end < len(table):
                return


@dataclass(frozen=True, slots=True)
class Missing:
    """An `Encoder` of another one's messages, without those that are on their partition for certain.

    A partition was written in the order of time, so it has all that is older than its newest sample. Messages of that
    very instant are sent again: at worst they are `same_step` rejects.
    """

    encoder: Encoder
    newest_ms: Mapping[int, int | None]

    def encode(self, table: SampleTable) -> Iterator[list[Message]]:
        """See `Encoder.encode`."""
        for messages in self.encoder.encode(table):
            yield self._missing(messages)

    def finish(self) -> list[Message]:
        """See `Encoder.finish`."""
        return self._missing(self.encoder.finish())

    def _missing(self, messages: list[Message]) -> list[Message]:
        return [message for message in messages if not self._is_there(message)]

    def _is_there(self, message: Message) -> bool:
        newest_ms = self.newest_ms.get(message.partition)
        return newest_ms is not None and message.event_ms < newest_ms
