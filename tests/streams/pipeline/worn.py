"""Hosts with a hazard, whose two series come once a day, and the incidents of one of them."""

from collections.abc import Sequence
from typing import Any

from streams.events import EventRecord
from streams.pipeline.partition import PartitionPipeline
from streams.records import OutputRecord
from tests.streams.pipeline import logs
from tests.streams.pipeline.logs import event, rows, said

DAY = 1440
WEAR: dict[str, Any] = {
    "name": "wear",
    "within": "7d",
    "every": "1d",
    "signs": [
        {"metric": "bad", "sign": "level", "weight": 1, "scale": 1},
        {"metric": "slow", "sign": "present", "weight": 0.5},
    ],
}
DAILY = {"topic": "telemetry", "step": "1d", "entity": ["host"]}


def daily(hazard: dict[str, Any] = WEAR, **sections: Any) -> PartitionPipeline:
    return logs.pipeline(sources=[DAILY], hazards=[hazard], **sections)


def day_by_day(days: int, hosts: str = "a", bad: float = 0.0) -> list[Any]:
    """Two series of each host, once a day."""
    samples = [
        (f'{metric}{{host="{host}"}}', DAY * day, bad if metric == "bad" else 0.0)
        for day in range(days)
        for host in hosts
        for metric in ("bad", "slow")
    ]
    return rows(samples)


def hazards(outputs: Sequence[OutputRecord]) -> list[dict[str, Any]]:
    return [each for each in said(outputs, "foreshock.failures") if each and each["kind"] == "hazard"]


def incident(day: float, offset: int = 0, **changes: Any) -> EventRecord:
    fields: dict[str, Any] = {"id": "INC", "labels": {"host": "a"}}
    return event(DAY * day, DAY * (day + 1), offset, **fields | changes)
