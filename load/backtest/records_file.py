"""records.jsonl: every output record as a line, to be compared with the topics of a live run.

``{"topic": ..., "key": ..., "value": "..." | null, "headers": {...}}``; `value` is the record's JSON verbatim, as text.
"""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson

from streams.records import OutputRecord


class RecordsFile:
    """Written as records are published."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._file.close()

    def write(self, records: Iterable[OutputRecord]) -> None:
        """Add records."""
        self._file.writelines([record_line(record) for record in records])


def record_line(record: OutputRecord) -> bytes:
    """One record as a line."""
    fields = {
        "topic": record.topic,
        "key": record.key.decode(),
        "value": None if record.value is None else record.value.decode(),
        "headers": {name: value.decode() for name, value in record.headers},
    }
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)
