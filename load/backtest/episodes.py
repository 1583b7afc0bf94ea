"""Anomalies and incidents of a run, read back from its files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pyarrow.parquet as pq

EPISODES_FILE = "anomaly_episodes.parquet"
INCIDENTS_FILE = "incidents.jsonl"


class Episode(NamedTuple):
    """One anomaly of one series: from its first step until it was over, or is still seen; told at `found_ms`.

    It is suppressed if none of the records that told of it while it went on was for alarms.
    """

    series: str
    kind: str
    start_ms: int
    found_ms: int
    end_ms: int
    score: float
    suppressed: bool


def episodes_of(out: Path) -> list[Episode]:
    """The episodes of a run, by when they were found; none where it wrote no file of them."""
    path = out / EPISODES_FILE
    rows = pq.read_table(path).to_pylist() if path.exists() else []
    records: dict[tuple[str, str, int], list[dict[str, Any]]] = {}
    for row in rows:
        records.setdefault((row["series"], row["anomaly"], row["start_ms"]), []).append(row)
    return sorted(map(_episode, records.values()), key=lambda one: (one.found_ms, one.series, one.kind))


def incidents_of(out: Path) -> list[dict[str, Any]]:
    """The newest record of each incident of a run, by when it opened; none where it wrote no file of them."""
    newest = {incident["id"]: incident for incident in _lines(out / INCIDENTS_FILE)}
    return sorted(newest.values(), key=lambda incident: (incident["opened_at_ms"], incident["id"]))


def _episode(rows: list[dict[str, Any]]) -> Episode:
    row = rows[-1]
    end_ms = row["last_ms"] if row["end_ms"] is None else row["end_ms"]
    return Episode(
        row["series"],
        row["anomaly"],
        row["start_ms"],
        row["found_ms"],
        max(end_ms, row["found_ms"]),
        row["score"],
        all(one["suppressed"] for one in rows if one["state"] == "open"),
    )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        with path.open("rb") as file:
            yield from map(orjson.loads, file)
