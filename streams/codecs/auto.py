"""Codec `auto`: tells the JSON formats apart, message by message, by the fields they carry."""

from streams.codecs import native, prometheus
from streams.codecs.document import parse
from streams.codecs.faults import Fault
from streams.columns import Columns
from streams.rejects import RejectReason

UNKNOWN = Fault(
    RejectReason.UNKNOWN_FORMAT,
    'the message is JSON of no known format: the native one has the field "metric", prometheus-kafka-adapter\'s "name"',
)


class AutoCodec:
    """Codec `auto`."""

    name = "auto"

    def decode(self, payload: bytes, rows_max: int) -> Columns:
        document = parse(payload)
        if type(document) is Fault:
            return document.of_message()
        if type(document) is list or (type(document) is dict and "metric" in document):
            return native.decode_document(document, rows_max)
        if type(document) is dict and "name" in document:
            return prometheus.decode_document(document)
        return UNKNOWN.of_message()
