"""A file of daily SMART values (Backblaze's form) as what the engine takes: each day's samples, then its failures."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from models.arrays import Flags, Floats
from streams.blocks import SampleBlock
from streams.events import Event, EventRecord
from streams.schema import EventKind

DAY_MS = 86_400_000
METRICS = ("smart_5_raw", "smart_197_raw")
SOURCE, EVENTS = "drives", "events"
ENTITY_LABEL = "serial_number"


class Day(NamedTuple):
    """The drives seen on a day, their values of METRICS (n, 2), and which of them failed."""

    time_ms: int
    drives: list[str]
    values: Floats
    failed: Flags


def days_of(path: Path) -> list[Day]:
    """All days of a file, in order."""
    table = pq.read_table(path, columns=["date", ENTITY_LABEL, "failure", *METRICS])
    found = []
    for date in sorted(set(map(str, table["date"].to_pylist()))):
        rows = table.filter(pc.equal(table["date"], pa.scalar(date))).sort_by(ENTITY_LABEL)
        drives = rows[ENTITY_LABEL].to_pylist()
        # Some rows stand there twice.
        once = np.array([place for place, drive in enumerate(drives) if not place or drives[place - 1] != drive])
        values = np.stack([_floats(rows[metric]) for metric in METRICS], axis=1)[once]
        failed = (rows["failure"].to_numpy() == 1)[once]
        time_ms = int(np.datetime64(date, "ms").astype(np.int64))
        found.append(Day(time_ms, [drives[place] for place in once.tolist()], values, failed))
    return found


def _floats(column: Any) -> Floats:
    found: Floats = column.cast(pa.float64()).to_numpy()
    return found


@dataclass(frozen=True, slots=True)
class Fleet:
    """Drives whose names are wanted, day by day."""

    days: list[Day]
    wanted: frozenset[str]

    def blocks(self) -> Iterator[tuple[int, list[SampleBlock | EventRecord]]]:
        """Of each day its time, the block of its samples, and an incident for each drive that failed."""
        for number, day in enumerate(self.days):
            keep = [place for place, drive in enumerate(day.drives) if drive in self.wanted]
            failures = [
                _incident(day.drives[place], day.time_ms, number * len(day.drives) + place)
                for place in keep
                if day.failed[place]
            ]
            yield day.time_ms, [_block(day, keep, number), *failures]


def _block(day: Day, keep: list[int], number: int) -> SampleBlock:
    """A row for each drive and metric that has a value."""
    drives = [day.drives[place] for place in keep]
    values = day.values[keep]
    at, metric = np.nonzero(np.isfinite(values))
    rows = len(at)
    return SampleBlock(
        SOURCE, 0, day.time_ms,
        [f'{name}{{{ENTITY_LABEL}="{drive}"}}' for drive in drives for name in METRICS],
        [f'{{{ENTITY_LABEL}="{drive}"}}' for drive in drives for _ in METRICS],
        index=len(METRICS) * at + metric,
        offset=np.full(rows, number),
        row=np.arange(rows),
        timestamp_ms=np.full(rows, day.time_ms),
        value=values[at, metric],
    )  # fmt: skip


def _incident(drive: str, time_ms: int, offset: int) -> EventRecord:
    event = Event(
        id=f"failure of {drive}", kind=EventKind.INCIDENT, start_ms=time_ms, end_ms=None,
        metric="*", labels={ENTITY_LABEL: drive}, learn=False, cancelled=False, title="", description="", judge=True,
    )  # fmt: skip
    return EventRecord(EVENTS, 0, offset, event)
