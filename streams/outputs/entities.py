"""What records of entities have in common: labels, keys and ids."""

from functools import lru_cache

from streams.outputs.envelope import headers
from streams.outputs.subject import record_key
from streams.records import OutputRecord
from streams.schema import RecordKind, event_type
from streams.series import Labels, parse_series

ENTITIES_KEPT = 50_000


@lru_cache(ENTITIES_KEPT)
def entity_labels(entity: str) -> Labels:
    """The labels of an entity, of its text form."""
    return parse_series(entity).labels


def entity_record(
    kind: RecordKind, topic: str, entity: str, rule: str, origin: int | str, value: bytes
) -> OutputRecord:
    """A record of an entity and a rule. Its id adds the origin to the key, so that older ones can be told."""
    key = record_key(kind, entity, rule)
    return OutputRecord(topic, None, key.encode(), value, headers(event_type(kind), f"{key}|{origin}"))
