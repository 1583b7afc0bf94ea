"""Samples of topics, made by hand."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from streams.doctor.sample import Message, TopicSample
from streams.series import partition_of

MINUTE_MS = 60_000
T_MS = 1_700_000_040_000
GIB = 2.0**30
DELAY_MS = 500


def native(metric: str, labels: dict[str, str], step: int, value: float) -> dict[str, Any]:
    return {"metric": metric, "labels": labels, "timestamp": T_MS + step * MINUTE_MS, "value": value}


def fleet(steps: int = 20, hosts: int = 3) -> Iterator[dict[str, Any]]:
    """Volumes of hosts with what they hold at most, CPU, a counter without its name, and a gauge with a counter's."""
    for step in range(steps):
        for host in [f"h{number}" for number in range(hosts)]:
            for volume in ("root", "data"):
                labels = {"host": host, "volume": volume}
                yield native("volume_used_bytes", labels, step, (20 + step % 7) * GIB)
                yield native("volume_capacity_bytes", labels, step, 100 * GIB)
            yield native("cpu_percent", {"host": host}, step, 40.0 + step % 5)
            yield native("requests_served", {"host": host}, step, 1000.0 + 17 * step)
            yield native("queue_count", {"host": host}, step, float(step % 4))


def sampled(
    samples: Iterable[dict[str, Any]], partitions: int = 2, by_entity: bool = True, brokers: int = 3
) -> TopicSample:
    """A message for each native sample, on the partition of its host, or on all in turn."""
    messages = []
    for offset, sample in enumerate(samples):
        host = sample["labels"].get("host", "")
        partition = partition_of(host, partitions) if by_entity else offset % partitions
        key = host.encode() if by_entity else None
        messages.append(Message(partition, offset, key, orjson.dumps(sample), sample["timestamp"] + DELAY_MS))
    messages.sort(key=lambda message: (message.partition, message.offset))
    return TopicSample("telemetry", partitions, len(messages) + 1000, messages, brokers)
