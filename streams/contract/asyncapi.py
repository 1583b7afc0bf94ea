"""The AsyncAPI 3 document: topics, keys, headers, records and examples, made from settings and the code's schema."""

from collections import defaultdict
from typing import Any

import orjson

from streams.contract.kinds import KINDS
from streams.contract.records.inputs import EventMessage
from streams.contract.schemas import schema_of
from streams.contract.specimens import EVENT, SAMPLE, specimens
from streams.outputs.envelope import SOURCE
from streams.records import OutputRecord
from streams.schema import RecordKind, event_type, topic_name
from streams.settings.model import Settings
from streams.settings.sources import SourceSettings
from streams.topics import TopicSpec, topic_plan

ASYNCAPI_VERSION = "3.0.0"
KAFKA_BINDING = "0.5.0"
END = "end_of_key"
NATIVE_CODECS = ("auto", "json")

Document = dict[str, Any]

_DESCRIPTION = """\
Predictions come at least once. Of each key the record with the newest origin is what holds, until `expires_at_ms`; one
without a value ends its key. Records with the same `ce_id` are the same, byte for byte. Times are event time. Fields,
and values of enumerations, may be added to a version: pass over what you don't know. A change of a meaning makes a new
version, in `v` and in `ce_type`."""


def asyncapi_document(settings: Settings, release: str) -> Document:
    """The document of all public topics under these settings; `release` is the version of the software."""
    topics = [spec for spec in topic_plan(settings) if not _is_state(settings, spec)]
    kinds = _kinds_by_topic(settings)
    channels = {_short(settings, spec): _channel(spec, kinds[spec.name]) for spec in topics}
    sources = {source.topic: _source_channel(source) for source in settings.sources}
    return {
        "asyncapi": ASYNCAPI_VERSION,
        "info": {
            "title": "foreshock",
            "version": release,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": _servers(settings),
        "channels": channels | sources,
        "operations": _operations(settings, channels, sources),
        "components": {"messages": _messages()},
    }


def _is_state(settings: Settings, spec: TopicSpec) -> bool:
    return spec.name in (settings.topics.state, settings.topics.correlate_state)


def _short(settings: Settings, spec: TopicSpec) -> str:
    return spec.name.removeprefix(f"{settings.topics.prefix}.")


def _kinds_by_topic(settings: Settings) -> dict[str, list[RecordKind]]:
    topics: defaultdict[str, list[RecordKind]] = defaultdict(list)
    for kind in RecordKind:
        # What stands on the events topic is what others send; the record of it is among the samples.
        of = RecordKind.SAMPLES if kind is RecordKind.EVENT else kind
        topics[topic_name(settings.topics.prefix, of)].append(kind)
    return topics


def _servers(settings: Settings) -> Document:
    protocol = "kafka-secure" if settings.broker.security_protocol.endswith("SSL") else "kafka"
    hosts = settings.broker.bootstrap_servers
    return {f"broker-{place}": {"host": host, "protocol": protocol} for place, host in enumerate(hosts, start=1)}


def _channel(spec: TopicSpec, kinds: list[RecordKind]) -> Document:
    names = [str(kind) for kind in kinds] or ["event_message"]
    if "compact" in spec.configs["cleanup.policy"]:
        names.append(END)
    retention = {"retention.ms": int(spec.configs["retention.ms"])}
    return {
        "address": spec.name,
        "description": " ".join([KINDS[kind].fields.__doc__ for kind in kinds] or [EventMessage.__doc__ or ""]),
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {
            "kafka": {
                "topic": spec.name,
                "partitions": spec.partitions,
                "replicas": spec.replication_factor,
                "topicConfiguration": {"cleanup.policy": spec.configs["cleanup.policy"].split(",")} | retention,
                "bindingVersion": KAFKA_BINDING,
            }
        },
    }


def _source_channel(source: SourceSettings) -> Document:
    name = "telemetry" if source.codec in NATIVE_CODECS else "telemetry_of_others"
    return {
        "address": source.topic,
        "description": f"Telemetry, read by codec `{source.codec}`; any key, any number of partitions.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {"kafka": {"topic": source.topic, "bindingVersion": KAFKA_BINDING}},
    }


def _operations(settings: Settings, channels: Document, sources: Document) -> Document:
    received = {"events", *sources}
    sent = [name for name in channels if name not in received]
    groups = dict.fromkeys(received, "ingest") | {"samples": "forecast", "signals": "correlate"}
    sends = {f"send.{name}": {"action": "send", "channel": _channel_at(name)} for name in sent}
    receives = {
        f"receive.{name}": {
            "action": "receive",
            "channel": _channel_at(name),
            "bindings": {
                "kafka": {
                    "groupId": {"type": "string", "const": f"{settings.topics.prefix}-{group}"},
                    "bindingVersion": KAFKA_BINDING,
                }
            },
        }
        for name, group in sorted(groups.items())
    }
    return sends | receives


def _channel_at(name: str) -> Document:
    return {"$ref": f"#/channels/{name}"}


def _messages() -> Document:
    ours = {str(kind): _message(kind, record) for kind, record in specimens().items()}
    return {
        **{str(kind): ours[kind] for kind in RecordKind},
        END: {
            "name": END,
            "summary": "A record without a value ends its key: the series is gone.",
            "headers": _headers({"pattern": r"^dev\.foreshock\..+\.v\d+$"}),
            "payload": {"type": "null"},
        },
        "event_message": _input("event_message", EVENT),
        "telemetry": _input("telemetry", SAMPLE),
        "telemetry_of_others": {
            "name": "telemetry_of_others",
            "summary": "Telemetry in a format of its sender's.",
            "payload": {},
        },
    }


def _message(kind: RecordKind, record: OutputRecord) -> Document:
    schema = _payload(str(kind))
    return {
        "name": str(kind),
        "title": str(kind),
        "summary": schema.pop("description"),
        "contentType": "application/json",
        "headers": _headers({"const": event_type(kind)}),
        "payload": schema,
        "bindings": {"kafka": {"key": {"type": "string", "pattern": KINDS[kind].key}, "bindingVersion": KAFKA_BINDING}},
        "examples": [
            {
                "name": f"a_real_{kind}",
                "headers": {name: text.decode() for name, text in record.headers},
                "payload": orjson.loads(record.value or b"null"),
            }
        ],
    }


def _input(name: str, example: Document) -> Document:
    schema = _payload(name)
    return {
        "name": name,
        "summary": schema.pop("description", "Telemetry in the native format: one sample, an array, or columns."),
        "contentType": "application/json",
        "payload": schema,
        "examples": [{"name": f"an_{name}", "payload": example}],
    }


def _payload(name: str) -> Document:
    return {key: part for key, part in schema_of(name).items() if key not in ("$schema", "$id")}


def _headers(event_types: Document) -> Document:
    """The attributes of CloudEvents 1.0 in Kafka's binary mode."""
    text: Document = {"type": "string"}
    properties = {
        "ce_specversion": text | {"const": "1.0"},
        "ce_id": text | {"description": "the same again when a replay writes the record again"},
        "ce_source": text | {"const": SOURCE},
        "ce_type": text | event_types,
        "content-type": text | {"const": "application/json"},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}
