"""CloudEvents headers in Kafka's binary mode."""

from streams.outputs.envelope import headers
from streams.schema import RecordKind, event_type


def test_the_headers_of_a_record() -> None:
    assert headers(event_type(RecordKind.FORECAST), "cpu@é") == (
        ("ce_specversion", b"1.0"),
        ("ce_id", "cpu@é".encode()),
        ("ce_source", b"foreshock"),
        ("ce_type", b"dev.foreshock.forecast.v1"),
        ("content-type", b"application/json"),
    )
