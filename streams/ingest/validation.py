"""Stage 2 of ingest: which rows are believed. Whole columns at once; only a refused row is looked at by itself."""

from datetime import UTC, datetime
from math import isinf, isnan

import numpy as np

from streams.codecs.faults import Fault
from streams.ingest.interner import REFUSED, Interner
from streams.ingest.rows import Fetch, Refusal, Rows
from streams.rejects import RejectReason
from streams.settings.limits import LimitSettings


def believed(fetch: Fetch, interner: Interner, limits: LimitSettings) -> tuple[Rows, list[Refusal]]:
    """Split the rows of a fetch into those that are taken, in their order, and the refusals of the others."""
    rows = Rows(
        series_id=np.array(fetch.series_id, np.int64),
        offset=np.array(fetch.offset, np.int64),
        row=np.array(fetch.row, np.int64),
        timestamp_ms=np.array(fetch.timestamp_ms, np.int64),
        value=np.array(fetch.value, np.float64),
    )
    sound = (
        (interner.partition(rows.series_id) != REFUSED)
        & (np.abs(rows.value) <= limits.value_abs)  # False for NaN and the infinities too.
        & (rows.timestamp_ms >= limits.timestamp_min_ms)
        & (rows.timestamp_ms <= limits.timestamp_max_ms)
    )
    if sound.all():
        return rows, []
    refused = np.flatnonzero(~sound).tolist()
    return rows.take(sound), [_refusal(fetch, place, interner, limits) for place in refused]


def _refusal(fetch: Fetch, place: int, interner: Interner, limits: LimitSettings) -> Refusal:
    series_id, timestamp_ms, value = fetch.series_id[place], fetch.timestamp_ms[place], fetch.value[place]
    return Refusal(
        offset=fetch.offset[place],
        row=fetch.row[place],
        fault=interner.faults.get(series_id) or _value_fault(value, limits) or _timestamp_fault(timestamp_ms, limits),
        series=interner.names[series_id] or None,
        timestamp_ms=timestamp_ms,
        value=value,
    )


def _value_fault(value: float, limits: LimitSettings) -> Fault | None:
    if isnan(value):
        detail = "the value is NaN; Prometheus sends it as a staleness marker when a series has ended"
        return Fault(RejectReason.NOT_FINITE, detail)
    if isinf(value):
        return Fault(RejectReason.NOT_FINITE, "the value is infinite")
    if abs(value) > limits.value_abs:
        detail = f"the value {value!r} is further from zero than {limits.value_abs!r} (limits.value_abs)"
        return Fault(RejectReason.VALUE_OUT_OF_RANGE, detail)
    return None


def _timestamp_fault(timestamp_ms: int, limits: LimitSettings) -> Fault:
    allowed = f"{_instant(limits.timestamp_min_ms)} to {_instant(limits.timestamp_max_ms)}"
    return Fault(
        RejectReason.TIMESTAMP_OUT_OF_RANGE,
        f"the timestamp, read as {_instant(timestamp_ms)}, is not within {allowed} "
        "(limits.timestamp_min, limits.timestamp_max); is its unit what its size says?",
    )


def _instant(instant_ms: int) -> str:
    """RFC 3339 for the years that it knows."""
    try:
        return datetime.fromtimestamp(instant_ms // 1000, UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return f"{instant_ms} ms since 1970"
