"""Labelled recordings: CSV files of one series each, and where people saw anomalies in them.

Two forms are read. A folder with ``windows.json`` (file -> list of [first, last] timestamps, as the Numenta Anomaly
Benchmark has) holds ``timestamp,value`` files; other folders hold files with a third column, ``label``, that is not 0
in an anomaly.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from models.arrays import Flags, Floats, Ints
from streams.pipeline.cadence import SAMPLES_NEEDED, inferred_step_ms

WINDOWS_FILE = "windows.json"


class Labelled(NamedTuple):
    """A recording of one series.

    Attributes
    ----------
    timestamp_ms, value
        Of the n rows of the file.
    taken
        Rows that are learned: the first of each step, with a finite value.
    step, step_ms
        Their steps, and the width of one.
    spans
        First and last row of each anomaly.
    """

    name: str
    timestamp_ms: Ints
    value: Floats
    taken: Ints
    step: Ints
    step_ms: int
    spans: list[tuple[int, int]]


def labelled(folder: Path) -> Iterator[Labelled]:
    """The recordings of a folder, by their names."""
    windows = folder / WINDOWS_FILE
    if windows.exists():
        for name, spans in sorted(orjson.loads(windows.read_bytes()).items()):
            timestamp_ms, value, _ = _read(folder / name)
            bounds = [[_ms(pa.array([text]))[0] for text in span] for span in spans]
            rows = [tuple(int(np.flatnonzero(timestamp_ms == at)[0]) for at in span) for span in bounds]
            yield _of(name, timestamp_ms, value, [(first, last) for first, last in rows])
        return
    for path in sorted(folder.rglob("*.csv")):
        timestamp_ms, value, label = _read(path)
        yield _of(str(path.relative_to(folder)), timestamp_ms, value, runs(label > 0))


def runs(flags: Flags, apart: int = 1) -> list[tuple[int, int]]:
    """First and last place of each run of flags; runs at most `apart` places apart are one."""
    places = np.flatnonzero(flags)
    if not len(places):
        return []
    pieces = np.split(places, np.flatnonzero(np.diff(places) > apart) + 1)
    return [(int(piece[0]), int(piece[-1])) for piece in pieces]


def _read(path: Path) -> tuple[Ints, Floats, Floats]:
    texts = {name: pa.string() for name in ("timestamp", "TimeStamp", "Timestamp")}
    table = pyarrow.csv.read_csv(path, convert_options=pyarrow.csv.ConvertOptions(column_types=texts))
    table = table.rename_columns([name.lower() for name in table.column_names])
    value = table["value"].cast(pa.float64()).to_numpy(zero_copy_only=False)
    label = table["label"].to_numpy() if "label" in table.column_names else np.zeros(len(value))
    return _ms(table["timestamp"]), value, label.astype(np.float64)


def _ms(texts: Any) -> Ints:
    plain = pc.replace_substring_regex(texts.cast(pa.string()), r"Z$", "")
    instants = plain.cast(pa.timestamp("us")).cast(pa.int64())
    return np.asarray(instants.to_numpy(zero_copy_only=False), np.int64) // 1000


def _of(name: str, timestamp_ms: Ints, value: Floats, spans: list[tuple[int, int]]) -> Labelled:
    step_ms = inferred_step_ms(np.unique(timestamp_ms)[:SAMPLES_NEEDED].tolist())
    rows = np.flatnonzero(np.isfinite(value))
    rows = rows[np.argsort(timestamp_ms[rows], kind="stable")]
    _, first = np.unique(timestamp_ms[rows] // step_ms, return_index=True)
    taken = rows[first]
    return Labelled(name, timestamp_ms, value, taken, timestamp_ms[taken] // step_ms, step_ms, spans)
