"""What is applied at once: the records of one partition as they were fetched together."""

from dataclasses import dataclass

from streams.records import InputRecord
from streams.runtime.log import Place


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """Records of one partition in offset order; never empty.

    `start_offset` is where reading stood before: the log holds nothing between it and the first record. `number` counts
    the batches of a reader: they come to be applied in this order.
    """

    place: Place
    start_offset: int
    records: list[InputRecord]
    number: int = 0

    @property
    def last_offset(self) -> int:
        return self.records[-1].offset
