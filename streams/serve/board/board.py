"""The board: what the topics have said, and nothing else.

Records are applied in the order of their partitions; the newest of a key holds. A series or an entity is on the board
while something is predicted of it, so what the board holds is bounded by what the workers do; samples may be ahead of
them, and those of some more series wait. Records that are none of ours are counted and passed over: anybody may write
to a topic.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
import orjson

from streams.blocks import SampleBlock, decode_record
from streams.schema import RecordKind
from streams.series import Labels, parse_series
from streams.serve.board.changes import Change, Changes
from streams.serve.board.directory import Directory
from streams.serve.board.gist import LIST_OF, Gist, ListName, gist_of, instant_of
from streams.serve.board.history import History
from streams.serve.board.incoming import Incoming
from streams.serve.board.past import Past, foretold_by
from streams.serve.board.shelf import NOBODY, Shelf
from streams.serve.board.subjects import Subjects
from streams.settings.model import Settings

UNREADABLE = (orjson.JSONDecodeError, KeyError, TypeError, ValueError, OverflowError, IndexError, AttributeError)
"""What comes of reading a record that somebody else has written."""


class Board:
    """The newest of everything, and a bounded tail of samples.

    Attributes
    ----------
    version
        Grows with every change.
    event_time_ms
        How far the telemetry has come; 0 before the first record.
    step_ms
        The shortest step of a series that was forecast; None before the first.
    model
        The model that the newest prediction names.
    rejects
        Refused rows by reason, of the rejects that were read.
    unreadable
        Records of our topics that are none of ours.
    """

    def __init__(self, settings: Settings) -> None:
        self.version = 0
        self._settings = settings
        self._samples, self._rejects = settings.topics.samples, settings.topics.rejects
        self._emit_every = settings.forecast.emit_every
        self._empty()

    def begin_anew(self) -> None:
        """Forget everything; whoever watches has fallen behind."""
        self.version += 1
        self._empty()

    def apply(self, records: Iterable[Incoming]) -> None:
        """Take in records, of any of the topics."""
        for record in records:
            try:
                self._apply(record)
            except UNREADABLE:
                self.unreadable[record.topic] += 1

    def latest(self, kind: RecordKind, name: str, rule: str | None = None) -> dict[str, Any] | None:
        """The newest record of a series, an entity or an incident; of kinds that have rules, by that rule."""
        key = f"{kind}|{name}" if rule is None else f"{kind}|{name}|{rule}"
        value = self.shelves[LIST_OF[kind]].value(key.encode())
        return None if value is None else orjson.loads(value)

    @property
    def directory(self) -> Directory:
        """The names that records are about."""
        return self.subjects.directory

    def records_of(self, name: str, subject: str) -> list[dict[str, Any]]:
        """All that a list holds about a series or an entity, in the order of the keys."""
        number = self.directory.number(subject)
        if number is None or ListName(name) not in self.subjects.lists_of(number):
            return []
        shelf = self.shelves[ListName(name)]
        kept = sorted([shelf.at(slot) for slot in shelf.slots_of(number)], key=lambda one: one.key)
        return [orjson.loads(one.value) for one in kept]

    def forget_before(self, origin_ms: int) -> None:
        """Forget predictions that were made before an instant.

        Their topics end keys by tombstones, and after `topics.predictions_retention` without them.
        """
        for shelf in self.shelves.values():
            for key in list(shelf.older_than(origin_ms)):
                self._drop(shelf, key)

    def _empty(self) -> None:
        self.event_time_ms = 0
        self.step_ms: int | None = None
        self.model: str | None = None
        self.rejects: Counter[str] = Counter()
        self.unreadable: Counter[str] = Counter()
        self.subjects = Subjects()
        self.shelves = {name: Shelf() for name in ListName}
        self.history = History(self._settings.serve.history)
        self.past = Past()
        self.changes = Changes(since_version=self.version)
        self.members: dict[bytes, tuple[Labels, ...]] = {}

    def _apply(self, record: Incoming) -> None:
        if record.topic == self._samples:
            self._take_samples(record)
        elif record.topic == self._rejects:
            self._count_reject(record)
        elif record.value is None:
            self._end(record.key)
        else:
            self._take(record.key, record.value)

    def _take(self, key: bytes, value: bytes) -> None:
        fields: dict[str, Any] = orjson.loads(value)
        gist = gist_of(fields)
        shelf = self.shelves[LIST_OF[gist.kind]]
        slot = shelf.slot(key)
        if slot is not None and gist.origin_ms < shelf.columns.origin_ms[slot]:
            return  # said before: a worker that was killed says it again
        members = _members(fields) if gist.kind is RecordKind.INCIDENT else ()
        point = foretold_by(fields, self._emit_every) if gist.kind is RecordKind.FORECAST else None
        step_ms = instant_of(fields["step_ms"]) if gist.kind is RecordKind.FORECAST else self.step_ms
        subject = NOBODY if gist.subject is None else self.subjects.number(gist.subject)
        # From here on nothing can be amiss with the record.
        if point is not None:
            self.past.add(subject, point)
        if step_ms is not None:
            self.step_ms = min(self.step_ms or step_ms, step_ms)
        if slot is None and subject != NOBODY:
            self.subjects.add_record(subject, LIST_OF[gist.kind])
        if members:
            self.members[key] = members
        shelf.put(key, value, gist, subject)
        self._reach(gist.reached_ms)
        self.model = fields.get("model", self.model)
        self._changed(gist.kind, gist.subject or fields["id"], gist)

    def _reach(self, event_time_ms: int) -> None:
        self.event_time_ms = max(self.event_time_ms, event_time_ms)
        self.history.reached_ms = self.event_time_ms

    def _end(self, key: bytes) -> None:
        kind = RecordKind(key.partition(b"|")[0].decode())
        shelf = self.shelves[LIST_OF[kind]]
        if shelf.slot(key) is not None:
            self._drop(shelf, key)

    def _drop(self, shelf: Shelf, key: bytes) -> None:
        subject = shelf.drop(key)
        kind, _, name = key.decode().partition("|")
        self.members.pop(key, None)
        self.version += 1
        if subject == NOBODY:
            self.changes.add(Change(self.version, RecordKind(kind), name, 0))
            return
        self.changes.add(Change(self.version, RecordKind(kind), self.directory.name(subject), 0))
        if self.subjects.remove_record(subject, LIST_OF[RecordKind(kind)]):
            self._forget(subject)

    def _forget(self, number: int) -> None:
        self.subjects.remove(number)
        self.history.clear(number)
        self.past.clear(number)

    def _number_of(self, series: str) -> int:
        """The number that samples of a series go by, for they may come before what is predicted of it."""
        number, gives_way = self.subjects.wait(series)
        if gives_way is not None:
            self._forget(gives_way)
        return number

    def _take_samples(self, record: Incoming) -> None:
        block = decode_record(record.value or b"")
        if not isinstance(block, SampleBlock):
            return  # an event or a silence: it changes no sample
        if block.watermark_ms is not None:
            self._reach(block.watermark_ms)
        numbers = np.array([self._number_of(name) for name in block.series], np.int64)
        if len(numbers):
            self.history.append(numbers[block.index], block.timestamp_ms, block.value)
        self.version += 1

    def _count_reject(self, record: Incoming) -> None:
        fields = orjson.loads(record.value or b"")
        self.rejects[str(fields["reason"])] += int(fields["rows"])

    def _changed(self, kind: RecordKind, name: str, gist: Gist) -> None:
        self.version += 1
        self.changes.add(Change(self.version, kind, name, gist.origin_ms))


def _members(fields: dict[str, Any]) -> tuple[Labels, ...]:
    """The labels of the entities of an incident."""
    return tuple([parse_series(member["entity"]).labels for member in fields["members"]])
