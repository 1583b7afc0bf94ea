"""Meters around the pure parts: what their steps took and did, counted once a batch and since the process began.

The counts of a pipeline's state go back to a checkpoint after a crash, and go to another worker with their partition.
Prometheus takes any step back for a restart and would count everything again, so here a worker's own work is counted.
"""

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Self

from streams.edge.roles import RoleName
from streams.metrics.durations import Durations
from streams.pipeline.figures import PipelineFigures
from streams.pipeline.marks import NO_MARKS
from streams.records import InputRecord, OutputRecord
from streams.rejects import RejectReason
from streams.runtime.parts import Engine, IngestStep, Pipeline


class Meter:
    """What one role of this process has done."""

    def __init__(self) -> None:
        self.steps = Durations()
        self.records = 0
        self.samples = 0
        self.rejects: Counter[RejectReason] = Counter()
        self.evicted = 0
        self.repeated = 0
        self.marks = NO_MARKS


class MeteredIngest:
    """An ingest, with a meter."""

    def __init__(self, ingest: IngestStep, meter: Meter) -> None:
        self._ingest = ingest
        self._meter = meter

    @property
    def counts(self) -> Counter[RejectReason]:
        """Rows refused so far, by reason."""
        return self._ingest.counts

    @property
    def samples(self) -> int:
        """Samples taken so far."""
        return self._ingest.samples

    def step(
        self, topic: str, partition: int, records: Sequence[InputRecord], topic_id: str = ""
    ) -> list[OutputRecord]:
        """Ingest's step."""
        began = time.perf_counter()
        outputs = self._ingest.step(topic, partition, records, topic_id)
        self._meter.steps.observe(time.perf_counter() - began)
        self._meter.records += len(records)
        self._meter.samples, self._meter.rejects = self._ingest.samples, self._ingest.counts
        return outputs

    def silence(self, topic: str, partition: int, next_offset: int, topic_id: str = "") -> list[OutputRecord]:
        """Ingest's silence."""
        return self._ingest.silence(topic, partition, next_offset, topic_id)


class MeteredPipeline:
    """A pipeline, with a meter that it shares with the others of its process."""

    def __init__(self, pipeline: Pipeline, meter: Meter) -> None:
        self._pipeline = pipeline
        self._meter = meter
        self._begin()

    @property
    def next_offset(self) -> int:
        """The first offset not applied yet."""
        return self._pipeline.next_offset

    def figures(self) -> PipelineFigures:
        """What it says of itself."""
        return self._pipeline.figures()

    def step(self, records: Sequence[InputRecord]) -> list[OutputRecord]:
        """The pipeline's step."""
        began = time.perf_counter()
        outputs = self._pipeline.step(records)
        self._meter.steps.observe(time.perf_counter() - began)
        self._meter.records += len(records)
        self._count()
        return outputs

    def dump(self) -> dict[str, bytes]:
        """The state as named sections."""
        return self._pipeline.dump()

    def load(self, sections: Mapping[str, bytes]) -> None:
        """Put back what `dump` made; what was counted before is not this process' work."""
        self._pipeline.load(sections)
        self._begin()

    def can_mend(self, damaged: Collection[str]) -> bool:
        """The pipeline's answer."""
        return self._pipeline.can_mend(damaged)

    def mend(self, sections: Mapping[str, bytes], damaged: Collection[str], rebuilt: Self) -> int:
        """Put back what is whole, and the rest from a pipeline whose own meter counted what it read again."""
        series = self._pipeline.mend(sections, damaged, rebuilt._pipeline)
        self._begin()
        return series

    def _begin(self) -> None:
        self._before = self._pipeline.figures()
        self._rejects = self._before.rejects.copy()

    def _count(self) -> None:
        before, now, meter = self._before, self._pipeline.figures(), self._meter
        meter.samples += now.samples - before.samples
        meter.evicted += now.evicted - before.evicted
        meter.repeated += now.repeated - before.repeated
        if now.marks is not before.marks:
            meter.marks = meter.marks + now.marks - before.marks
        # Counters are slow to compare and to copy, and most batches have no rejects.
        if now.rejects.total() != self._rejects.total():
            meter.rejects.update(now.rejects - self._rejects)
            self._rejects = now.rejects.copy()
        self._before = now


def metered(engine: Engine, meters: Mapping[RoleName, Meter]) -> Engine:
    """The engine, its parts with these meters."""
    return Engine(
        ingest=lambda: MeteredIngest(engine.ingest(), meters[RoleName.INGEST]),
        pipeline=lambda partition: MeteredPipeline(engine.pipeline(partition), meters[RoleName.FORECAST]),
        correlate=lambda partition: MeteredPipeline(engine.correlate(partition), meters[RoleName.CORRELATE]),
    )
