"""Parquet files: columns are read one slice of rows at a time, and only those that are wanted."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from load.recordings.arrow import ArrowBatch
from load.recordings.errors import RecordingError


class ParquetSource:
    """A Parquet file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open(()) as file:
            self.names = list(file.schema_arrow.names)

    def batches(self, text: Sequence[str], numbers: Sequence[str], rows_max: int) -> Iterator[ArrowBatch]:
        """See `Source.batches`; numbers are checked here, where a column's type is known before its cells."""
        with self._open(text) as file:
            self._refuse_other_types(file.schema_arrow, numbers)
            try:
                yield from file.iter_batches(batch_size=rows_max, columns=[*text, *numbers])
            except (pa.ArrowException, OSError) as error:
                raise self._unreadable(error) from error

    def _open(self, text: Sequence[str]) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self.path, read_dictionary=list(text))
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(error) from error

    def _refuse_other_types(self, schema: pa.Schema, numbers: Sequence[str]) -> None:
        for name in numbers:
            kind = schema.field(name).type
            if not (
                pa.types.is_integer(kind)
                or pa.types.is_floating(kind)
                or pa.types.is_decimal(kind)
                or pa.types.is_null(kind)
            ):
                what = f"has values of type {kind} in the column {name!r}, which are not numbers"
                raise RecordingError(self.path, what, "drop the column; only labels of the long form are text")

    def _unreadable(self, error: Exception) -> RecordingError:
        return RecordingError(self.path, f"can't be read: {error}", "is it a complete Parquet file?")
