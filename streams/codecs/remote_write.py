"""Prometheus remote write 1.0 as a message's value: a snappy block of a protobuf ``WriteRequest``.

::

    WriteRequest {repeated TimeSeries timeseries = 1}
    TimeSeries   {repeated Label labels = 1; repeated Sample samples = 2}
    Label        {string name = 1; string value = 2}
    Sample       {double value = 1; int64 timestamp = 2}     milliseconds since 1970

Metadata, exemplars and native histograms are passed over. NaN, Prometheus' staleness marker among others, passes here
and is refused by validation. A sample's row is its place in the message; a series that can't be read counts as one.
"""

from typing import NamedTuple

import cramjam

from streams.codecs.document import EMPTY, too_many_rows
from streams.codecs.faults import Fault, missing
from streams.codecs.wire import FIXED64, LENGTH, VARINT, BadWireError, double_of, fields_of, signed
from streams.columns import Columns
from streams.rejects import RejectReason
from streams.series import SeriesKey, labels_of

NAME_LABEL = "__name__"
INFLATED_BYTES_MAX = 32 * 2**20
"""A block says how long it is before it is inflated; Prometheus sends a megabyte or so."""

NO_SERIES = Fault(
    RejectReason.EMPTY_MESSAGE,
    "the message holds no sample; remote write 2.0, histograms and metadata are not read: send 1.0",
)


class Series(NamedTuple):
    """A series of a message as it is written."""

    labels: list[tuple[str, str]]
    samples: list[tuple[int, float]]


class RemoteWriteCodec:
    """Codec `remote_write`."""

    name = "remote_write"

    def decode(self, payload: bytes, rows_max: int) -> Columns:
        if not payload:
            return EMPTY.of_message()
        inflated = _inflated(payload)
        if type(inflated) is Fault:
            return inflated.of_message()
        try:
            return _columns(inflated, rows_max)
        except (BadWireError, UnicodeDecodeError) as error:
            return Columns.refused(RejectReason.MALFORMED, f"not a WriteRequest: {error}")


def _inflated(payload: bytes) -> bytes | Fault:
    try:
        size = cramjam.snappy.decompress_raw_len(payload)
        if size > INFLATED_BYTES_MAX:
            detail = f"the block inflates to {size} bytes, at most {INFLATED_BYTES_MAX} are read"
            return Fault(RejectReason.MESSAGE_TOO_LARGE, detail)
        return bytes(cramjam.snappy.decompress_raw(payload))
    except cramjam.DecompressionError as error:
        return Fault(RejectReason.MALFORMED, f"not a snappy block: {error}")


def _columns(message: bytes, rows_max: int) -> Columns:
    columns, row = Columns(), 0
    for number, kind, content in fields_of(memoryview(message)):
        if number != 1 or kind != LENGTH or type(content) is not memoryview:
            continue
        series = _series(content)
        if not series.samples:
            continue
        key = _key(series.labels)
        if type(key) is Fault:
            columns.rejects.append(key.at(row))
            row += 1
            continue
        for time_ms, value in series.samples:
            columns.series.append(key)
            columns.timestamp_ms.append(time_ms)
            columns.value.append(value)
            columns.row.append(row)
            row += 1
    if row > rows_max:
        return too_many_rows(row, rows_max).of_message()
    return columns if row else NO_SERIES.of_message()


def _series(message: memoryview) -> Series:
    series = Series([], [])
    for number, kind, content in fields_of(message):
        if kind != LENGTH or type(content) is not memoryview:
            continue
        if number == 1:
            series.labels.append(_label(content))
        elif number == 2:
            series.samples.append(_sample(content))
    return series


def _label(message: memoryview) -> tuple[str, str]:
    name = text = ""
    for number, kind, content in fields_of(message):
        if kind == LENGTH and type(content) is memoryview:
            if number == 1:
                name = str(content, "utf-8")
            elif number == 2:
                text = str(content, "utf-8")
    return name, text


def _sample(message: memoryview) -> tuple[int, float]:
    # What is 0 is not written.
    time_ms, value = 0, 0.0
    for number, kind, content in fields_of(message):
        if number == 1 and kind == FIXED64 and type(content) is memoryview:
            value = double_of(content)
        elif number == 2 and kind == VARINT and type(content) is int:
            time_ms = signed(content)
    return time_ms, value


def _key(labels: list[tuple[str, str]]) -> SeriesKey | Fault:
    pairs = dict(labels)
    if len(pairs) != len(labels):
        return Fault(RejectReason.BAD_NAME, "the series has a label twice")
    name = pairs.pop(NAME_LABEL, "")
    return SeriesKey(name, labels_of(pairs)) if name else missing(f"label {NAME_LABEL}")
