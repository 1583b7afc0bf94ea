"""The telemetry of a chaos run: rounds of a small fleet, a minute of event time each, as many as the run needs.

Pure: the same seed makes the same rounds. Hosts report in turn as column batches and as single samples, a few messages
are hostile, and every host is in order on one partition.
"""

from math import pi, sin
from random import Random
from typing import NamedTuple

import orjson

from load.verify.hostile import hostile_messages

STEP_MS = 60_000
BEGIN_MS = 1_767_225_600_000
"""2026-01-01."""

DAY_STEPS = 24 * 60
MEMORY_BYTES = 1e10
HOSTILE_EVERY_ROUNDS = 7


class Message(NamedTuple):
    """What is sent where."""

    partition: int
    key: bytes
    value: bytes


class Telemetry:
    """Rounds of samples, made one after the other."""

    def __init__(self, seed: int, hosts: int, partitions: int, first_host: int = 0) -> None:
        self._random = Random(seed)  # noqa: S311  # not for secrets
        self._hosts = [f"host-{number:03d}" for number in range(first_host, first_host + hosts)]
        self._partitions = partitions
        self._requests = dict.fromkeys(self._hosts, 0.0)
        self._round = 0

    def round(self) -> list[Message]:
        """The next minute of every host."""
        messages = [
            message
            for number, host in enumerate(self._hosts)
            for message in self._of_host(host, number % self._partitions, batched=number % 2 == 0)
        ]
        # Behind the host's first samples: a series that begins with an absurd time counts it as taken, then as refused.
        if self._round % HOSTILE_EVERY_ROUNDS == HOSTILE_EVERY_ROUNDS - 1:
            place = self._random.randrange(len(messages))
            messages.insert(place, self._hostile())
        self._round += 1
        return messages

    def _of_host(self, host: str, partition: int, *, batched: bool) -> list[Message]:
        values = self._values(host)
        timestamp_ms = BEGIN_MS + self._round * STEP_MS + self._random.randrange(STEP_MS // 2)
        shared = {"labels": {"host": host}, "timestamp": timestamp_ms}
        documents = (
            [shared | {"metric": list(values), "value": list(values.values())}]
            if batched
            else [shared | {"metric": metric, "value": value} for metric, value in values.items()]
        )
        return [Message(partition, host.encode(), orjson.dumps(document)) for document in documents]

    def _values(self, host: str) -> dict[str, float]:
        day = sin(2 * pi * self._round / DAY_STEPS)
        self._requests[host] += self._random.randrange(1000)
        is_hot = self._round % 90 < 12
        return {
            "cpu_percent": 50 + 20 * day + self._random.gauss(0, 3) + 35 * is_hot,
            "memory_used_bytes": MEMORY_BYTES * min(0.99, 0.3 + 0.0002 * self._round + self._random.uniform(0, 0.01)),
            "memory_total_bytes": MEMORY_BYTES,
            "requests_total": self._requests[host],
        }

    def _hostile(self) -> Message:
        number = self._random.randrange(len(self._hosts))
        host = self._hosts[number]
        kinds = hostile_messages(12, "cpu_percent", {"host": host}, self._random.randrange(2**31))
        return Message(number % self._partitions, host.encode(), self._random.choice(kinds))
