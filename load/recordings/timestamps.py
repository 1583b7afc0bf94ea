"""Timestamp columns of any kind to milliseconds since the epoch.

Kinds: Arrow timestamps and dates, numbers, and text holding numbers or RFC 3339 (also with a space for the `T`, or a
date alone). Without an offset a time is UTC. A number's unit follows from its size: seconds up to 1e11 (the year 5138),
then milliseconds, microseconds, nanoseconds. Anything finer than a millisecond is dropped.
"""

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from load.recordings.arrow import ArrowColumn
from load.recordings.table import IntColumn
from models.arrays import Floats, Ints

# Smallest magnitude read as milliseconds, microseconds, nanoseconds.
EPOCH_MS_MIN = 1e11
EPOCH_US_MIN = 1e14
EPOCH_NS_MIN = 1e17

MS_PER_TICK = {"s": 1_000, "ms": 1}
TICKS_PER_MS = {"us": 1_000, "ns": 1_000_000}


class TimestampError(ValueError):
    """A cell that is not a time; the message quotes it."""


def timestamps_ms(column: ArrowColumn) -> IntColumn:
    """Milliseconds since the epoch of each cell.

    Raises
    ------
    TimestampError
        If a cell is empty or can't be read, or the column's type can't hold times.
    """
    if column.null_count:
        raise TimestampError("an empty timestamp")
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _of_arrow_times(column)
    if pa.types.is_integer(kind):
        return epoch_ms(_numpy(column.cast(pa.int64())))
    if pa.types.is_floating(kind):
        return epoch_ms(_numpy(column.cast(pa.float64())))
    if _is_text(kind):
        return _of_text(column)
    raise TimestampError(f"values of type {kind}, which hold no time")


def epoch_ms(number: Ints | Floats) -> IntColumn:
    """Milliseconds since the epoch of numbers whose unit, s to ns, is told by their size."""
    if not np.all(np.isfinite(number)):
        raise TimestampError("a timestamp that is not a finite number")
    size = np.abs(number)
    seconds = size < EPOCH_MS_MIN
    divisor = np.select([size < EPOCH_US_MIN, size < EPOCH_NS_MIN], [1, 1_000], 1_000_000)
    # Rounded down first to microseconds: 1700000000.123 s is 1700000000122.99... ms as a float64.
    of_seconds = np.floor(np.round(np.where(seconds, number, 0) * 1e6) / 1e3).astype(np.int64)
    return np.where(seconds, of_seconds, (number // divisor).astype(np.int64))


def _of_arrow_times(column: ArrowColumn) -> IntColumn:
    times = column if isinstance(column.type, pa.TimestampType) else column.cast(pa.timestamp("ms"))
    unit: str = times.type.unit
    ticks = _numpy(times.cast(pa.int64()))
    return ticks * MS_PER_TICK[unit] if unit in MS_PER_TICK else ticks // TICKS_PER_MS[unit]


def _of_text(column: ArrowColumn) -> IntColumn:
    """Each distinct text is read once: long recordings repeat a timestamp in every series."""
    coded: Any = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    return _of_distinct_text(coded.dictionary.cast(pa.string()))[_numpy(coded.indices.cast(pa.int64()))]


def _of_distinct_text(texts: ArrowColumn) -> IntColumn:
    for zone in (None, "UTC"):
        try:
            return _of_arrow_times(texts.cast(pa.timestamp("ns", zone)))
        except pa.ArrowInvalid:
            continue
    # Numbers, or with and without an offset: one by one.
    return np.array([_text_ms(str(text)) for text in texts.to_pylist()], np.int64)


def _text_ms(text: str) -> int:
    stripped = text.strip()
    try:
        return _number_text_ms(stripped) if _is_number(stripped) else _rfc3339_ms(stripped)
    except (ValueError, OverflowError):
        raise TimestampError(f"the timestamp {text!r}, which can't be read") from None


def _number_text_ms(text: str) -> int:
    number = np.array([int(text)], np.int64) if text.lstrip("+-").isdecimal() else np.array([float(text)])
    return int(epoch_ms(number)[0])


def _rfc3339_ms(text: str) -> int:
    moment = datetime.fromisoformat(text.upper())
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    whole_s = aware.replace(microsecond=0).timestamp()
    return int(whole_s) * 1000 + aware.microsecond // 1000


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_text(kind: pa.DataType) -> bool:
    value_kind = kind.value_type if isinstance(kind, pa.DictionaryType) else kind
    return bool(pa.types.is_string(value_kind) or pa.types.is_large_string(value_kind))


def _numpy(column: ArrowColumn) -> Ints:
    return np.asarray(column.to_numpy(zero_copy_only=False))
