"""Records of the signals topic; their fields are those of `streams.signals`.

The key is the samples partition and the position: a replay writes the same records again.
"""

from streams.outputs.envelope import headers
from streams.records import OutputRecord
from streams.schema import RecordKind, event_type
from streams.signals import SignalRecord, encode_signals


def signals_record(topic: str, to_partition: int, record: SignalRecord) -> OutputRecord:
    """The record, for a partition of the signals topic."""
    key = f"{record.partition}/{record.position}"
    return OutputRecord(
        topic, to_partition, key.encode(), encode_signals(record), headers(event_type(RecordKind.SIGNALS), key)
    )
