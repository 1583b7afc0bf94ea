"""A fleet as large as one likes, from the records of a small one: each copy has labels of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from streams.blocks import SampleBlock, encode_block
from streams.series import SeriesKey, labels_of, labels_text, parse_series, series_name
from streams.serve.board.incoming import Incoming

NAMESPACES = 40
SERIES_OF_A_BLOCK = 40
NOT_COPIED = ("reject", "incident")
"""What is about no single series or entity."""


@dataclass(frozen=True, slots=True)
class Template:
    """A record of the small fleet."""

    topic: str
    kind: str
    rule: str
    fields: dict[str, Any]


def templates(records: Path) -> list[Template]:
    """The newest record of each key, of the file that `foreshock backtest --records` writes."""
    newest: dict[tuple[str, str], str | None] = {}
    for line in records.read_bytes().splitlines():
        record = orjson.loads(line)
        if record["key"].partition("|")[0] not in NOT_COPIED and "|" in record["key"]:
            newest[record["topic"], record["key"]] = record["value"]
    return [
        Template(topic, fields["kind"], _rule(key, fields), fields)
        for (topic, key), value in newest.items()
        if value is not None and "kind" in (fields := orjson.loads(value))
    ]


def copy_of(template: Template, copy: int, later_ms: int = 0) -> Incoming:
    """The record of the copy with that number, made so much later."""
    fields = dict(template.fields)
    for name in ("origin_ms", "last_sample_at_ms", "expires_at_ms"):
        fields[name] += later_ms
    labels = labels_of({**fields["labels"], **_own_labels(copy)})
    fields["labels"] = dict(labels)
    if "series" in fields:
        fields["series"] = series_name(SeriesKey(fields["metric"], labels))
        fields["entity"] = renamed_entity(fields["entity"], copy)
    else:
        fields["entity"] = labels_text(labels)
    subject = fields.get("series", fields["entity"])
    key = f"{template.kind}|{subject}" + (f"|{template.rule}" if template.rule else "")
    return Incoming(template.topic, 0, 0, key.encode(), bytes(bytearray(orjson.dumps(fields))))


def renamed_entity(entity: str, copy: int) -> str:
    """The entity of the copy."""
    return labels_text(labels_of({**dict(parse_series(entity).labels), **_own_labels(copy)}))


def sample_blocks(topic: str, series: list[str], times_ms: Iterable[int]) -> Iterator[Incoming]:
    """Samples of these series at these times, as the samples topic has them."""
    times = np.array(list(times_ms))
    for begin in range(0, len(series), SERIES_OF_A_BLOCK):
        names = series[begin : begin + SERIES_OF_A_BLOCK]
        rows = len(times) * len(names)
        block = SampleBlock(
            source_topic="telemetry",
            source_partition=0,
            watermark_ms=int(times[-1]),
            series=names,
            entity=names,
            index=np.tile(np.arange(len(names)), len(times)),
            offset=np.arange(rows),
            row=np.zeros(rows, np.int64),
            timestamp_ms=np.repeat(times, len(names)),
            value=100.0 + np.sin(np.arange(rows) / 50.0),
        )
        yield Incoming(topic, 0, 0, b"", encode_block(block))


def _rule(key: str, fields: dict[str, Any]) -> str:
    subject = fields.get("series", fields.get("entity", ""))
    return key.removeprefix(f"{fields.get('kind')}|{subject}").removeprefix("|")


def _own_labels(copy: int) -> dict[str, str]:
    return {"copy": f"c{copy:05}", "namespace": f"ns-{copy % NAMESPACES:02}"}
