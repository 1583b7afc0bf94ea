"""What an agent gets: the records of one partition as they were fetched together."""

from dataclasses import dataclass

from faust.types import TP

from streams.records import InputRecord


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """Records of one partition in offset order; never empty.

    `start_offset` is where reading stood before: the log holds nothing between it and the first record.
    """

    tp: TP
    start_offset: int
    records: list[InputRecord]

    @property
    def last_offset(self) -> int:
        return self.records[-1].offset
