"""Stage 1 of ingest: the messages of a fetch through the codec, into one set of columns."""

from collections.abc import Sequence

from streams.codecs.document import EMPTY
from streams.codecs.faults import Fault
from streams.codecs.registry import Codec
from streams.columns import Columns
from streams.ingest.interner import Interner
from streams.ingest.rows import Fetch, Refusal
from streams.outputs.rejects import excerpt_of
from streams.records import InputRecord
from streams.rejects import RejectReason
from streams.settings.limits import LimitSettings


def gather(codec: Codec, interner: Interner, records: Sequence[InputRecord], limits: LimitSettings) -> Fetch:
    """Decode all messages. The loop runs once per message and touches no sample by itself.

    Series are interned message by message: a fetch's worth of keys alive at once would keep the garbage collector busy.
    """
    interner.trim()
    fetch = Fetch([], [], [], [], [], [])
    for offset, payload in records:
        if payload is None or len(payload) > limits.message_bytes:
            columns = _unread(payload, limits)
        else:
            columns = codec.decode(payload, limits.rows_per_message)
        fetch.series_id.extend(interner.ids(columns.series))
        fetch.offset.extend([offset] * len(columns.row))
        fetch.row.extend(columns.row)
        fetch.timestamp_ms.extend(columns.timestamp_ms)
        fetch.value.extend(columns.value)
        if columns.rejects:
            fetch.refusals.extend(_refusals(offset, payload or b"", columns))
    return fetch


def _unread(payload: bytes | None, limits: LimitSettings) -> Columns:
    if payload is None:
        return EMPTY.of_message()
    return Fault(
        RejectReason.MESSAGE_TOO_LARGE,
        f"the message has {len(payload)} bytes, at most {limits.message_bytes} are read (limits.message_bytes): "
        "send smaller batches or raise the limit",
    ).of_message()


def _refusals(offset: int, payload: bytes, columns: Columns) -> list[Refusal]:
    excerpt = excerpt_of(payload)
    return [
        Refusal(offset, reject.row, Fault(reject.reason, reject.detail), excerpt=excerpt) for reject in columns.rejects
    ]
