"""Prometheus' remote write 1.0: a protobuf message of three kinds, written by hand because there is no more to it.

::

    WriteRequest {repeated TimeSeries timeseries = 1}
    TimeSeries   {repeated Label labels = 1; repeated Sample samples = 2}
    Label        {string name = 1; string value = 2}
    Sample       {double value = 1; int64 timestamp = 2}     milliseconds since 1970
"""

import struct
from collections.abc import Iterable
from typing import NamedTuple

_VARINT, _DOUBLE, _BYTES = 0, 1, 2


class Sample(NamedTuple):
    """One sample of one series; labels are sorted by name, `__name__` among them."""

    labels: tuple[tuple[str, str], ...]
    value: float
    timestamp_ms: int


def write_request(samples: Iterable[Sample]) -> bytes:
    """A request with these samples, each as a series of its own."""
    return b"".join([_field(1, _time_series(sample)) for sample in samples])


def _time_series(sample: Sample) -> bytes:
    labels = [_field(1, _field(1, name.encode()) + _field(2, value.encode())) for name, value in sample.labels]
    return b"".join(labels) + _field(2, _sample(sample))


def _sample(sample: Sample) -> bytes:
    value = _tag(1, _DOUBLE) + struct.pack("<d", sample.value)
    return value + _tag(2, _VARINT) + _varint(sample.timestamp_ms)


def _field(number: int, content: bytes) -> bytes:
    return _tag(number, _BYTES) + _varint(len(content)) + content


def _tag(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first. Times before 1970 can't be written so, and there are none."""
    assert value >= 0
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)
