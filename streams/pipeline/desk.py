"""The desk: where a step's records pile up until they are handed out, and where rejects are written and counted."""

from collections import Counter

from streams.outputs.rejects import Coordinate, reject_record
from streams.pipeline.rows import Row
from streams.pipeline.sources import SourceId
from streams.records import OutputRecord
from streams.rejects import RejectReason


class Desk:
    """Records of the current step."""

    def __init__(self, rejects_topic: str, samples_topic: str) -> None:
        self.rejects: Counter[RejectReason] = Counter()
        self.source_ids: list[SourceId] = []
        """What the `source` of a row stands for."""
        self._source_numbers: dict[SourceId, int] = {}
        self._rejects_topic, self._samples_topic = rejects_topic, samples_topic
        self._records: list[OutputRecord] = []

    def put(self, *records: OutputRecord) -> None:
        """Add records."""
        self._records.extend(records)

    def take(self) -> list[OutputRecord]:
        """Hand out what has piled up."""
        records, self._records = self._records, []
        return records

    def source_number(self, source: SourceId) -> int:
        """The number that stands for a source partition."""
        number = self._source_numbers.setdefault(source, len(self.source_ids))
        if number == len(self.source_ids):
            self.source_ids.append(source)
        return number

    def reject(self, row: Row, reason: RejectReason, detail: str, series: str) -> None:
        """Write the record of a refused row."""
        self.rejects[reason] += 1
        place = Coordinate(*self.source_ids[row.source], row.offset, row.row)
        self.put(
            reject_record(
                self._rejects_topic,
                place,
                reason,
                detail,
                series=series,
                timestamp_ms=row.timestamp_ms,
                value=row.value,
            )
        )

    def reject_event(self, source: SourceId, offset: int, detail: str) -> None:
        """Write the record of an event that finds no place. Every partition that has none for it says so."""
        reason = RejectReason.TOO_MANY_EVENTS
        self.rejects[reason] += 1
        self.put(reject_record(self._rejects_topic, Coordinate(*source, offset, -1), reason, detail))

    def reject_block(self, partition: int, offset: int, problem: str) -> None:
        """Write the record of a samples record that is no block."""
        self.rejects[RejectReason.MALFORMED] += 1
        place = Coordinate(self._samples_topic, partition, offset, -1)
        self.put(reject_record(self._rejects_topic, place, RejectReason.MALFORMED, problem))
