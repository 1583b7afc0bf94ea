"""Stage 3 of ingest: rows into blocks, grouped by the partition of the samples topic that their entity belongs to."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from streams.blocks import SampleBlock
from streams.ingest.interner import Interner
from streams.ingest.rows import Rows

BLOCK_ROWS_MAX = 4000
BLOCK_TEXT_BYTES_MAX = 250_000  # Names and entities, before JSON escapes them.

# A record stays under Kafka's default limit of 1 MB: a row's five numbers at their longest, with commas, and names of
# nothing but quotes, which JSON doubles.
ROW_BYTES_MAX = 5 + 20 + 8 + 20 + 25
assert BLOCK_ROWS_MAX * ROW_BYTES_MAX + 2 * BLOCK_TEXT_BYTES_MAX < 900_000


class SourceLog(NamedTuple):
    """The log of a source partition. `topic_id` is another one once the topic was deleted and made again."""

    topic: str
    partition: int
    topic_id: str = ""

    @property
    def name(self) -> str:
        """Told apart from every other log."""
        return f"{self.topic}/{self.partition}" + (f"@{self.topic_id}" if self.topic_id else "")


def by_partition(rows: Rows, interner: Interner, partitions: int) -> Iterator[tuple[int, Rows]]:
    """The rows of each partition that has any, in source order."""
    partition = interner.partition(rows.series_id)
    order = np.argsort(partition, kind="stable")
    bounds = np.searchsorted(partition[order], np.arange(partitions + 1)).tolist()
    for number in range(partitions):
        mine = order[bounds[number] : bounds[number + 1]]
        if len(mine):
            yield number, rows.take(mine)


def pieces(rows: Rows, interner: Interner) -> Iterator[Rows]:
    """Cut rows so that each piece makes a block within the limits."""
    for start in range(0, len(rows), BLOCK_ROWS_MAX):
        yield from _cut_by_text(rows.take(slice(start, start + BLOCK_ROWS_MAX)), interner)


def block_of(rows: Rows, interner: Interner, source: SourceLog, watermark_ms: int | None) -> SampleBlock:
    """The block of some rows; its series stand in the order of their first row."""
    ids, first, inverse = np.unique(rows.series_id, return_index=True, return_inverse=True)
    by_first_row = np.argsort(first)
    place = np.empty(len(ids), np.int64)
    place[by_first_row] = np.arange(len(ids))
    series_ids = ids[by_first_row].tolist()
    return SampleBlock(
        source_topic=source.topic,
        source_partition=source.partition,
        watermark_ms=watermark_ms,
        series=[interner.names[number] for number in series_ids],
        entity=[interner.entities[number] for number in series_ids],
        index=place[inverse],
        offset=rows.offset,
        row=rows.row,
        timestamp_ms=rows.timestamp_ms,
        value=rows.value,
        source_topic_id=source.topic_id,
    )


def _cut_by_text(rows: Rows, interner: Interner) -> Iterator[Rows]:
    # Every row's text is no less than that of the distinct series, and looked up in a tenth of the time.
    ids = rows.series_id
    fits = interner.text_bytes(ids) <= BLOCK_TEXT_BYTES_MAX
    if len(rows) == 1 or fits or interner.text_bytes(np.unique(ids)) <= BLOCK_TEXT_BYTES_MAX:
        yield rows
        return
    middle = len(rows) // 2
    yield from _cut_by_text(rows.take(slice(None, middle)), interner)
    yield from _cut_by_text(rows.take(slice(middle, None)), interner)
