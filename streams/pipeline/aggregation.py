"""Aggregation: sources that send several samples a step have one made of them, when a tick closes the step."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from models.layout import Arrays
from streams.pipeline.grid import AGGREGATES, NO_STEP
from streams.pipeline.rows import Row
from streams.rejects import RejectReason
from streams.settings.sources import Aggregate

NEVER_MS = 2**62


class Closed(NamedTuple):
    """A step that was closed: its last sample, with the value of the whole step."""

    row: Row
    step: int


@dataclass(slots=True)
class Samples:
    """What is kept of the samples of an open step; `last` is the latest by its own time."""

    count: int
    total: float
    largest: float
    last: Row

    def add(self, row: Row) -> None:
        """One more sample."""
        self.count += 1
        self.total += row.value
        self.largest = max(self.largest, row.value)
        if row.timestamp_ms >= self.last.timestamp_ms:
            self.last = row

    def combined(self, how: Aggregate) -> float:
        """The value of the step."""
        return {"mean": self.total / self.count, "sum": self.total, "max": self.largest, "last": self.last.value}[how]


class Aggregator:
    """The open steps of all aggregated series: by slot, then by step."""

    def __init__(self, grid: Arrays) -> None:
        self.grid = grid
        self.open: dict[int, dict[int, Samples]] = {}
        self._closes_first_ms = 0  # No open step closes before this.

    def add(self, row: Row, watermark_ms: int | None, jump_steps: int) -> tuple[RejectReason, str] | None:
        """Put a sample into its open step; says why not when it comes too late or too far ahead."""
        step = row.timestamp_ms // int(self.grid["step_ms"][row.slot])
        closed = self._closed_step(row.slot, watermark_ms)
        if step <= closed:
            return RejectReason.LATE, f"{closed - step + 1} steps after its step was closed"
        if closed != NO_STEP and step - closed > jump_steps:
            return RejectReason.JUMP_AHEAD, f"more than {jump_steps} steps ahead of event time"
        steps = self.open.setdefault(row.slot, {})
        if step in steps:
            steps[step].add(row)
        else:
            steps[step] = Samples(1, row.value, row.value, row)
            self._closes_first_ms = min(self._closes_first_ms, self._closes_at_ms(row.slot, step))
        return None

    def close_until(self, watermark_ms: int) -> list[list[Closed]]:
        """Take out the steps that event time has closed; those that close at one instant together, instants in order.

        So it makes no difference whether event time came here in one tick or in several.
        """
        if watermark_ms < self._closes_first_ms:
            return []
        by_instant: dict[int, list[Closed]] = {}
        self._closes_first_ms = NEVER_MS
        for slot in sorted(self.open):
            for step in list(self.open[slot]):
                closes_at_ms = self._closes_at_ms(slot, step)
                if closes_at_ms <= watermark_ms:
                    by_instant.setdefault(closes_at_ms, []).append(self._close(slot, step))
                else:
                    self._closes_first_ms = min(self._closes_first_ms, closes_at_ms)
        return [closed for _, closed in sorted(by_instant.items())]

    def forget(self, slot: int) -> list[Samples]:
        """Drop the open steps of a slot; returns them in their order."""
        return [samples for _, samples in sorted(self.open.pop(slot, {}).items())]

    def dump(self) -> list[Any]:
        """Open steps in plain values."""
        return [
            [slot, step, s.count, s.total, s.largest, list(s.last)]
            for slot, steps in sorted(self.open.items())
            for step, s in sorted(steps.items())
        ]

    def load(self, rows: list[Any]) -> None:
        """Put back what `dump` made."""
        for slot, step, count, total, largest, last in rows:
            self.open.setdefault(slot, {})[step] = Samples(count, total, largest, Row(*last))

    def _close(self, slot: int, step: int) -> Closed:
        samples = self.open[slot].pop(step)
        if not self.open[slot]:
            del self.open[slot]
        value = samples.combined(AGGREGATES[self.grid["aggregate"][slot]])
        return Closed(samples.last._replace(value=value), step)

    def _closed_step(self, slot: int, watermark_ms: int | None) -> int:
        """The last step of a series that takes no more samples."""
        last = int(self.grid["last_step"][slot])
        if watermark_ms is None:
            return last
        lateness = int(self.grid["lateness_steps"][slot])
        return max(last, watermark_ms // int(self.grid["step_ms"][slot]) - 1 - lateness)

    def _closes_at_ms(self, slot: int, step: int) -> int:
        lateness = int(self.grid["lateness_steps"][slot])
        return (step + 1 + lateness) * int(self.grid["step_ms"][slot])
