"""Meters count what this process did, whatever the state says was done before."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import pytest

from streams.edge.metrics.metering import Meter, metered
from streams.edge.roles import RoleName
from streams.pipeline.figures import PipelineFigures
from streams.records import InputRecord, OutputRecord
from streams.rejects import RejectReason
from streams.runtime.parts import Engine
from tests.integration.counting import CountingIngest, CountingPipeline

LATE, FULL = RejectReason.LATE, RejectReason.BANK_FULL


class RejectingPipeline(CountingPipeline):
    """Takes every record and refuses it too."""

    refused: Counter[RejectReason] | None = None

    def step(self, records: Sequence[InputRecord]) -> list[OutputRecord]:
        self.refused = (self.refused or Counter({LATE: 50})) + Counter({LATE: len(records)})
        return super().step(records)

    def figures(self) -> PipelineFigures:
        refused = self.refused or Counter({LATE: 50})
        return PipelineFigures(1, 9, None, self.count, refused.copy(), self.count // 2, 3 * self.count)


def records(offset: int, count: int) -> list[InputRecord]:
    return [InputRecord(offset + place, b"[%d]" % (offset + place)) for place in range(count)]


class MendedPipeline(CountingPipeline):
    """Takes all from the one that read the log again."""

    def mend(self, sections: Mapping[str, bytes], damaged: Collection[str], rebuilt: CountingPipeline) -> int:
        assert isinstance(rebuilt, MendedPipeline), "it must be given the pipeline itself"
        self.load(rebuilt.dump())
        return len(damaged)


def engine_of(pipeline: type[CountingPipeline]) -> Engine:
    return Engine(lambda: CountingIngest("samples"), lambda _: pipeline("forecasts"), lambda _: pipeline("incidents"))


@pytest.fixture
def meters() -> dict[RoleName, Meter]:
    return {name: Meter() for name in RoleName}


def test_pipelines_share_a_meter_and_what_was_loaded_is_not_counted(meters: dict[RoleName, Meter]) -> None:
    engine = metered(engine_of(RejectingPipeline), meters)
    before = CountingPipeline("forecasts")
    before.step(records(0, 20))
    restored, fresh = engine.pipeline(0), engine.pipeline(1)
    restored.load(before.dump())
    restored.step(records(20, 4))
    fresh.step(records(0, 2))
    fresh.step(records(2, 2))
    meter = meters[RoleName.FORECAST]
    assert (restored.next_offset, restored.figures().samples, restored.dump()) == (24, 24, {**restored.dump()})
    assert (meter.records, meter.samples, meter.evicted, meter.repeated) == (8, 8, 2 + 2, 12 + 12)
    assert meter.steps.buckets()[-1][1] == 3
    assert meter.steps.sum_s > 0


def test_what_is_mended_was_counted_when_it_was_read_again(meters: dict[RoleName, Meter]) -> None:
    engine = metered(engine_of(MendedPipeline), meters)
    rebuilt, mended = engine.pipeline(0), engine.pipeline(0)
    rebuilt.step(records(0, 20))
    assert not mended.can_mend(["head"])
    assert mended.mend({}, ["a", "b"], rebuilt) == 2
    mended.step(records(20, 4))
    assert (mended.next_offset, meters[RoleName.FORECAST].samples) == (24, 24)


def test_rejects_are_counted_by_reason_from_the_load_on(meters: dict[RoleName, Meter]) -> None:
    engine = metered(engine_of(RejectingPipeline), meters)
    pipeline = engine.pipeline(0)
    for offset in (0, 60):
        pipeline.step(records(offset, 60))
    assert meters[RoleName.FORECAST].rejects == {LATE: 60 + 60}


def test_ingest_has_a_meter_too(meters: dict[RoleName, Meter]) -> None:
    ingest = metered(engine_of(CountingPipeline), meters).ingest()
    assert len(ingest.step("source", 3, records(0, 5))) == 1
    ingest.counts[FULL] += 2
    meter = meters[RoleName.INGEST]
    assert (ingest.samples, meter.records, meter.samples, meter.rejects) == (5, 5, 5, {FULL: 2})


def test_every_role_has_its_own(meters: dict[RoleName, Meter]) -> None:
    metered(engine_of(CountingPipeline), meters).correlate(3).step(records(0, 5))
    assert [meters[name].records for name in RoleName] == [0, 0, 5]
