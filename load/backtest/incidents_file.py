"""incidents.jsonl: every record of an incident as a line, in the order in which they were told."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from streams.records import OutputRecord


class IncidentsFile:
    """Written as incidents are told; `opened` counts them."""

    def __init__(self, path: Path, topic: str) -> None:
        self._file, self._topic = path.open("wb"), topic
        self._ids: set[bytes] = set()

    @property
    def opened(self) -> int:
        """Incidents so far."""
        return len(self._ids)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._file.close()

    def write(self, records: Iterable[OutputRecord]) -> None:
        """Add what of these records tells of incidents."""
        for record in records:
            if record.topic == self._topic and record.value is not None:
                self._ids.add(record.key)
                self._file.write(record.value + b"\n")
