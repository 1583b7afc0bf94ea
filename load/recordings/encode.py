"""Tables to Arrow, and Arrow to a CSV or Parquet file."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from load.recordings.arrow import ArrowBatch, ArrowColumn
from load.recordings.csv_source import COMPRESSIONS
from load.recordings.files import suffix_of
from load.recordings.table import IntColumn, SampleTable

TEXT = pa.dictionary(pa.int32(), pa.string())


def long_schema(labels: Sequence[str]) -> pa.Schema:
    """Columns of the long form."""
    time, number = pa.timestamp("ms", "UTC"), pa.float64()
    text = [(name, TEXT) for name in labels]
    return pa.schema([("timestamp", time), ("metric", TEXT), ("value", number), *text])


def long_batch(table: SampleTable, schema: pa.Schema) -> ArrowBatch:
    """A table's rows as they are; a label that a series lacks is null.

    Raises
    ------
    ValueError
        If a series has a label that is no column.
    """
    labels = [dict(key.labels) for key in table.series]
    if left_out := sorted(set().union(*labels) - set(schema.names)):
        raise ValueError(f"labels {', '.join(left_out)} are not among the columns {', '.join(schema.names)}")
    columns: list[Any] = [
        pa.array(table.timestamp_ms).cast(pa.timestamp("ms", "UTC")),
        _text_column([key.metric for key in table.series], table.index),
        pa.array(table.value),
    ]
    columns += [
        _text_column([pairs.get(name) for pairs in labels], table.index) for name in schema.names[len(columns) :]
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


@contextmanager
def parquet_writer(path: Path, labels: Sequence[str]) -> Iterator[Callable[[ArrowBatch], None]]:
    """Write batches as row groups."""
    with pq.ParquetWriter(path, long_schema(labels), compression="zstd") as writer:
        yield writer.write_batch


@contextmanager
def csv_writer(path: Path, labels: Sequence[str]) -> Iterator[Callable[[ArrowBatch], None]]:
    """Write batches as lines, under one header."""
    plain = pa.schema([pa.field(f.name, pa.string() if f.type == TEXT else f.type) for f in long_schema(labels)])
    compression = COMPRESSIONS[suffix_of(path)]
    with pa.OSFile(str(path), "wb") as file:
        stream = pa.CompressedOutputStream(file, compression) if compression else file
        with stream, pyarrow.csv.CSVWriter(cast("IO[Any]", stream), plain) as writer:
            yield lambda batch: writer.write_batch(batch.cast(plain))


def _text_column(texts: Sequence[str | None], index: IntColumn) -> ArrowColumn:
    """Row i holds texts[index[i]]; Arrow wants the distinct texts once, and null as a missing code."""
    distinct = {text: place for place, text in enumerate(dict.fromkeys([text for text in texts if text is not None]))}
    place = np.array([distinct.get(text, -1) if text is not None else -1 for text in texts], np.int32)
    codes = place[index]
    indices: Any = pa.array(codes, mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(distinct), pa.string()))
