"""A file as batches of columns, whatever its format."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from load.recordings.arrow import ArrowBatch


class Source(Protocol):
    """One file. Reading can start any number of times."""

    names: list[str]

    def batches(self, text: Sequence[str], numbers: Sequence[str], rows_max: int) -> Iterator[ArrowBatch]:
        """Batches of at most `rows_max` rows, with at least these columns.

        Where the format has no types, `text` columns come as strings and `numbers` as float64, missing ones null.
        """
        ...
