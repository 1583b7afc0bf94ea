"""CSV files, plain or compressed. Every type is ours to say: guessing one from the first rows breaks on later ones."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Literal, cast

import pyarrow as pa
import pyarrow.csv

from load.recordings.arrow import ArrowBatch
from load.recordings.errors import RecordingError
from load.recordings.files import suffix_of

COMPRESSIONS: dict[str, Literal["gzip", "zstd"] | None] = {".csv": None, ".csv.gz": "gzip", ".csv.zst": "zstd"}
MISSING_VALUES = ["", "NaN", "nan", "NA", "null", "NULL", "None"]

# A block must hold a whole line: the header of 100,000 wide columns has several MB.
BLOCK_BYTES = 16 << 20

_BAD_NUMBER = re.compile(r"In CSV column #(\d+): .*invalid value '(.*)'", re.DOTALL)


class CsvSource:
    """A CSV file with a header, comma-separated, UTF-8."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names = self._header()

    def batches(self, text: Sequence[str], numbers: Sequence[str], rows_max: int) -> Iterator[ArrowBatch]:
        """See `Source.batches`."""
        types = dict.fromkeys(text, pa.string()) | dict.fromkeys(numbers, pa.float64())
        try:
            for batch in self._open(types):
                for start in range(0, batch.num_rows, rows_max):
                    yield batch.slice(start, rows_max)
        except (pa.ArrowInvalid, OSError) as error:
            raise self._explained(error) from error

    def _open(self, types: dict[str, Any]) -> pyarrow.csv.CSVStreamingReader:
        return pyarrow.csv.open_csv(
            self._stream(),
            read_options=pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=types, include_columns=list(types), null_values=MISSING_VALUES, strings_can_be_null=False
            ),
        )

    def _stream(self) -> IO[Any]:
        file = pa.OSFile(str(self.path), "rb")
        compression = COMPRESSIONS[suffix_of(self.path)]
        return cast("IO[Any]", pa.CompressedInputStream(file, compression) if compression else file)

    def _header(self) -> list[str]:
        try:
            with self._stream() as stream:
                text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
                names = next(csv.reader(text), [])
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise RecordingError(self.path, f"can't be read: {error}", "is it a CSV file in UTF-8?") from error
        if not names:
            raise RecordingError(self.path, "is empty", "a CSV file starts with a line of column names")
        return names

    def _explained(self, error: Exception) -> RecordingError:
        if match := _BAD_NUMBER.search(str(error)):
            place, cell = int(match.group(1)), match.group(2)
            where = self._line(lambda row: len(row) > place and row[place] == cell)
            what = f"has {cell!r} in the column {self.names[place]!r}{where}, which is not a number"
            return RecordingError(
                self.path, what, "drop the column or mend the cell; only labels of the long form are text"
            )
        where = self._line(lambda row: bool(row) and len(row) != len(self.names))
        return RecordingError(self.path, f"can't be read{where}: {error}", "is every line of the file complete?")

    def _line(self, is_it: Callable[[list[str]], bool]) -> str:
        """Where a row is, for a message: the file is read once more, for its reader tells no lines."""
        with suppress(OSError, UnicodeDecodeError, csv.Error), self._stream() as stream:
            rows = csv.reader(io.TextIOWrapper(stream, "utf-8-sig", newline=""))
            for row in rows:
                if is_it(row):
                    return f" on line {rows.line_num}"
        return ""
