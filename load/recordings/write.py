"""Samples to a recording in the long form: `timestamp`, `metric`, `value`, and a column per label."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from load.recordings.arrow import ArrowBatch, require_pyarrow
from load.recordings.errors import RecordingError
from load.recordings.files import PARQUET_SUFFIX, known_suffix
from load.recordings.layout import RESERVED, is_label_name
from load.recordings.table import SampleTable

Write = Callable[["ArrowBatch"], None]


def write_recording(path: Path, tables: Iterable[SampleTable], labels: Sequence[str] | None = None) -> int:
    """Write tables, one after the other, to a file whose suffix tells the format; the file is replaced.

    Parameters
    ----------
    labels
        Names of all labels that occur. Without them every table is held in memory until all are known.

    Returns
    -------
    int
        The samples written.

    Raises
    ------
    RecordingError
        If the suffix is unknown, or a label can't be a column.
    """
    known_suffix(path)
    require_pyarrow()
    if labels is None:
        tables = list(tables)
        labels = sorted({name for table in tables for key in table.series for name, _ in key.labels})
    _refuse_labels(path, labels)
    from load.recordings.encode import long_batch, long_schema

    schema = long_schema(labels)
    rows = 0
    with _opened(path, labels) as write:
        for table in tables:
            write(long_batch(table, schema))
            rows += len(table)
    return rows


@contextmanager
def _opened(path: Path, labels: Sequence[str]) -> Iterator[Write]:
    from load.recordings.encode import csv_writer, parquet_writer

    opened = parquet_writer if known_suffix(path) == PARQUET_SUFFIX else csv_writer
    try:
        with opened(path, labels) as write:
            yield write
    except OSError as error:
        raise RecordingError(path, f"can't be written: {error}", "is there such a folder, and room in it?") from error


def _refuse_labels(path: Path, labels: Sequence[str]) -> None:
    for name in labels:
        if name.lower() in RESERVED or not is_label_name(name):
            raise RecordingError(path, f"can't hold the label {name!r}", f"{', '.join(RESERVED)} name other columns")
