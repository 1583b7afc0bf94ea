"""Signals made by hand: entities by name, levels by metric, minute by minute."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
import orjson

from streams.correlate.config import CorrelateConfig
from streams.correlate.pipeline import CorrelatePipeline
from streams.records import InputRecord, OutputRecord
from streams.settings.model import Settings
from streams.signals import LEVELS_PER_DOUBLING, MINUTE_MS, Notice, SignalRecord, Speaker, encode_signals

BEGIN = 28_000_000
"""The first minute."""

HOSTS = tuple(f"h{number}" for number in range(8))
USUAL = 3
STRUCK = 80
"""Levels of a quiet and of a struck metric, in eighths of a doubling."""

Levels = Mapping[str, int]


def config(partitions: int = 1, dependencies: Sequence[tuple[str, str]] = (), **incidents: Any) -> CorrelateConfig:
    return CorrelateConfig.from_settings(
        Settings.model_validate(
            {
                "sources": [{"topic": "telemetry"}],
                "topics": {"partitions": partitions},
                "incidents": incidents,
                "dependencies": [{"caller": caller, "callee": callee} for caller, callee in dependencies],
            }
        )
    )


def entity(name: str) -> str:
    return f'{{host="{name}"}}'


def notice(host: str, minute: int, **more: Any) -> Notice:
    """That a rule of a host's disk is broken, for ten minutes."""
    fields: dict[str, Any] = {
        "scope": "{}",
        "entity": entity(host),
        "series": f'disk{{host="{host}"}}',
        "kind": "failure",
        "about": "disk",
        "at_ms": (BEGIN + minute) * MINUTE_MS,
        "until_ms": (BEGIN + minute + 10) * MINUTE_MS,
        "strength": 1.0,
        "text": "rule disk is broken",
        "predicted": False,
    }
    return Notice(**(fields | more))


@dataclass
class Samples:
    """One samples partition, which writes to one signals partition."""

    partition: int = 0
    position: int = 0
    records: list[bytes] = field(default_factory=list)

    def say(
        self,
        minute: int | None,
        rows: Iterable[tuple[int, str, str, int]] = (),
        notices: Sequence[Notice] = (),
        scope: str = "{}",
    ) -> bytes:
        """A record: rows of (minute, host, metric, level), and the time that has come, in minutes."""
        rows = sorted(rows)
        hosts, metrics = sorted({row[1] for row in rows}), sorted({row[2] for row in rows})
        record = SignalRecord(
            partition=self.partition,
            position=self.position,
            watermark_ms=None if minute is None else (BEGIN + minute) * MINUTE_MS,
            scope=[scope],
            entity=[entity(host) for host in hosts],
            scope_of=np.zeros(len(hosts), np.int64),
            metric=metrics,
            entity_of=np.array([hosts.index(row[1]) for row in rows], np.int64),
            metric_of=np.array([metrics.index(row[2]) for row in rows], np.int64),
            minute=np.array([BEGIN + row[0] for row in rows], np.int64),
            level=np.array([row[3] for row in rows], np.int64),
            speaker=[
                Speaker(place, f'{metric}{{host="{host}"}}', 2.0 ** (level / LEVELS_PER_DOUBLING) - 1.0)
                for place, (_, host, metric, level) in enumerate(rows)
                if level >= STRUCK // 2
            ],
            notices=list(notices),
        )
        self.position += 1
        self.records.append(encode_signals(record))
        return self.records[-1]


class World:
    """A fleet in one scope, and the pipeline that looks at it."""

    def __init__(self, hosts: Sequence[str] = HOSTS, calm: int = 40, **more: Any) -> None:
        self.pipeline = CorrelatePipeline(config(**more))
        self.hosts = hosts
        self.samples = Samples()
        self.minute = 0
        self.told: list[dict[str, Any]] = []
        self._random = Random(1)
        self._offset = 0
        for _ in range(calm):
            self.go()

    def go(self, *struck: str, notices: Sequence[Notice] = (), level: int = STRUCK, **levels: int) -> list[Any]:
        """One minute, in which some hosts are struck; gives what is told of it, one call later than in a worker."""
        rows = [
            (self.minute, host, metric, self._random.choice([0, 1, USUAL]))
            for host in self.hosts
            for metric in ("cpu", "memory")
        ]
        rows += [(self.minute, host, "syscalls", level if host in struck else 0) for host in self.hosts]
        rows += [(self.minute, host, "network", levels.get(host, 0)) for host in self.hosts]
        self.minute += 1
        record = self.samples.say(self.minute, rows, notices)
        told = decoded(self.pipeline.step([InputRecord(self._offset, record)]))
        self._offset += 1
        self.told += told
        return told

    def calm(self, minutes: int) -> list[Any]:
        """Minutes in which nothing happens; gives what is told meanwhile."""
        return [record for _ in range(minutes) for record in self.go()]

    def open(self) -> list[str]:
        """The incidents that are open."""
        return [each.id for triage in self.pipeline.state.triages.values() for each in triage.incidents]


def decoded(records: Iterable[OutputRecord]) -> list[dict[str, Any]]:
    return [orjson.loads(record.value) for record in records if record.value is not None]


def names(record: Mapping[str, Any]) -> list[str]:
    """The hosts of an incident, the likeliest cause first."""
    return [member["entity"].removeprefix('{host="').removesuffix('"}') for member in record["members"]]
