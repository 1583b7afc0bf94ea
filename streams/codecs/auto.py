"""Codec `auto`: tells the JSON formats apart, message by message, by the fields they carry."""

from streams.codecs import native, otlp_json, prometheus, telegraf
from streams.codecs.document import Document, parse
from streams.codecs.faults import Fault
from streams.columns import Columns
from streams.rejects import RejectReason

UNKNOWN = Fault(
    RejectReason.UNKNOWN_FORMAT,
    'the message is JSON of no known format: the native one has the field "metric", Telegraf\'s "fields" or "metrics", '
    'OTLP "resourceMetrics", prometheus-kafka-adapter\'s "name"',
)


class AutoCodec:
    """Codec `auto`."""

    name = "auto"

    def decode(self, payload: bytes, rows_max: int) -> Columns:
        document = parse(payload)
        if type(document) is Fault:
            return document.of_message()
        match format_of(document):
            case "json":
                return native.decode_document(document, rows_max)
            case "prometheus":
                return prometheus.decode_document(document)
            case "telegraf":
                return telegraf.decode_document(document, rows_max)
            case "otlp_json":
                return otlp_json.decode_document(document, rows_max)
            case _:
                return UNKNOWN.of_message()


def format_of(document: Document) -> str | None:
    """The name of the codec that reads a parsed message; None: there is none."""
    if type(document) is list or (type(document) is dict and "metric" in document):
        return "json"
    if type(document) is not dict:
        return None
    if otlp_json.RESOURCES in document:
        return "otlp_json"
    if "fields" in document or "metrics" in document:
        return "telegraf"
    return "prometheus" if "name" in document else None
