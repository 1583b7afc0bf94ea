"""The CloudEvents envelope in Kafka's binary mode: attributes are headers, and the record's value is the data alone.

No time among the attributes: every header follows from the record, so that a replay writes the same bytes.
"""

from functools import cache

from streams.records import Headers

SOURCE = "foreshock"

_SPEC_VERSION = ("ce_specversion", b"1.0")
_SOURCE = ("ce_source", SOURCE.encode())
_JSON = ("content-type", b"application/json")


def headers(event_type: str, ce_id: str) -> Headers:
    """The headers of one record.

    Parameters
    ----------
    event_type
        What `schema.event_type` gives for the record's kind.
    ce_id
        Unique among the records of that type; the same again when a replay writes the record again.
    """
    return (_SPEC_VERSION, ("ce_id", ce_id.encode()), _SOURCE, _type_header(event_type), _JSON)


@cache  # The types are few: one for each kind of record.
def _type_header(event_type: str) -> tuple[str, bytes]:
    return ("ce_type", event_type.encode())
