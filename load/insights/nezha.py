"""The Nezha recordings: days of two micro-service systems, a metrics file for each pod, with timed fault injections.

The layout is that of the published data set: ``<day>/<pod>_metric.csv.gz`` and ``<day>/<day>-fault_list.json``. Of the
2022 day the column TimeStamp is shifted by days, so times are read from the column Time, which is in UTC.
"""

import csv
import gzip
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson

from load.recordings.table import SampleTable, sort_by_time
from streams.series import SeriesKey, labels_of

RESOURCES = (
    *("CpuUsage(m)", "MemoryUsage(Mi)", "SyscallRead", "SyscallWrite"),
    *("NetworkReceiveBytes", "NetworkTransmitBytes"),
)
"""The pod's own resources, which the study compares: no metrics of its node, and no latencies."""

DAY_MS = 86_400_000
FAULT_LASTS_MS = 600_000
"""So long after its injection nothing is taken for quiet."""

_TIME_CHARACTERS = len("2022-08-22 03:51:19")


class Fault(NamedTuple):
    """A fault that was injected into a pod."""

    at_ms: int
    pod: str
    kind: str


class Day(NamedTuple):
    """A recording, its pods, and the faults, by time. What is said before `begin_ms` is not scored."""

    name: str
    system: str
    table: SampleTable
    pods: list[str]
    faults: list[Fault]
    begin_ms: int


def read_day(folder: Path) -> Day:
    """Read a folder."""
    tables = [_pod_table(path) for path in sorted(folder.glob("*_metric.csv.gz"))]
    if not tables:
        raise FileNotFoundError(f"{folder} has no *_metric.csv.gz: is it a day of Nezha?")
    pods = [dict(table.series[0].labels)["pod"] for table in tables]
    faults = sorted(_faults(folder / f"{folder.name}-fault_list.json"))
    system = "TrainTicket" if any(pod.startswith("ts-") for pod in pods) else "OnlineBoutique"
    table = _joined(tables)
    return Day(folder.name, system, table, pods, faults, int(table.timestamp_ms[0]))


def with_day_before(day: Day) -> Day:
    """The same day after one of which only the end is known, and that without a fault: this day's own end."""
    table = day.table
    rows = np.flatnonzero(table.timestamp_ms >= day.faults[-1].at_ms + FAULT_LASTS_MS)
    before = SampleTable(table.series, table.index[rows], table.timestamp_ms[rows] - DAY_MS, table.value[rows])
    return day._replace(
        table=SampleTable(
            table.series,
            np.concatenate([before.index, table.index]),
            np.concatenate([before.timestamp_ms, table.timestamp_ms]),
            np.concatenate([before.value, table.value]),
        )
    )


def _pod_table(path: Path) -> SampleTable:
    with gzip.open(path, "rt") as lines:
        rows = list(csv.DictReader(lines))
    times_ms = [_time_ms(row["Time"]) for row in rows]
    cells = [
        (place, at_ms, float(row[metric]))
        for at_ms, row in zip(times_ms, rows, strict=True)
        for place, metric in enumerate(RESOURCES)
        if row[metric] not in ("", "NaN")
    ]
    index, timestamp_ms, value = zip(*cells, strict=True)
    series = [SeriesKey(metric, labels_of({"pod": rows[0]["PodName"]})) for metric in RESOURCES]
    return SampleTable(series, np.array(index), np.array(timestamp_ms, np.int64), np.array(value))


def _joined(tables: Sequence[SampleTable]) -> SampleTable:
    firsts = np.cumsum([0, *[len(table.series) for table in tables]])
    return sort_by_time(
        SampleTable(
            [key for table in tables for key in table.series],
            np.concatenate([table.index + first for table, first in zip(tables, firsts, strict=False)]),
            np.concatenate([table.timestamp_ms for table in tables]),
            np.concatenate([table.value for table in tables]),
        )
    )


def _faults(path: Path) -> Iterator[Fault]:
    for of_hour in orjson.loads(path.read_bytes()).values():
        for fault in of_hour:
            yield Fault(_time_ms(fault["inject_time"]), fault["inject_pod"], fault["inject_type"])


def _time_ms(text: str) -> int:
    at = datetime.strptime(text[:_TIME_CHARACTERS], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return int(at.timestamp() * 1000)
