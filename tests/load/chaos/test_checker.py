"""The checker agrees with an undisturbed run, and finds each kind of harm: a checker that can't fail proves nothing."""

from dataclasses import replace

import orjson
import pytest

from load.chaos.checker import check, rows_of
from load.chaos.telemetry import Telemetry
from load.chaos.topics import Reject, Topics
from load.chaos.world import PARTITIONS, settings_of
from load.verify.compare import KINDS, Prediction
from streams.blocks import SampleBlock, decode_record, encode_block
from streams.checkpoint import NOTHING_FOUND, CheckpointBook, Writer, find
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.settings.model import Settings

SETTINGS = Settings.model_validate(settings_of("127.0.0.1:1", "t", 1))
ROUNDS = 40
SOURCE = SETTINGS.sources[0].topic


def left_by(again: bool = False) -> Topics:
    """What workers leave that nobody disturbed; with `again`, one whose ingest began anew after the half."""
    topics, telemetry, ingest = Topics(), Telemetry(1, 8, PARTITIONS), Ingest(SETTINGS)
    for _ in range(ROUNDS):
        for partition, _key, value in telemetry.round():
            log = topics.sources[SOURCE, partition]
            log.append(InputRecord(len(log), value))
    said: list[OutputRecord] = []
    for (topic, partition), log in topics.sources.items():
        for part in [log[:60], log[10:]] if again else [log]:
            said += ingest.step(topic, partition, part)
    for record in said:
        if record.topic == SETTINGS.topics.samples:
            assert record.partition is not None
            samples = topics.samples[record.partition]
            samples.append(InputRecord(len(samples), record.value))
    for partition, samples in topics.samples.items():
        said += worked(topics, partition, samples)
    topics.predictions = [prediction for record in said if (prediction := prediction_of(record)).kind in KINDS]
    rejects = [record for record in said if record.topic == SETTINGS.topics.rejects]
    topics.rejects = {Reject(record.key.decode(), (record.value or b"").decode()) for record in rejects}
    return topics


def worked(topics: Topics, partition: int, samples: list[InputRecord]) -> list[OutputRecord]:
    """What a forecast role says, and leaves on the changelog."""
    pipeline = PartitionPipeline(PipelineConfig.from_settings(SETTINGS), partition)
    said = pipeline.step(samples)
    topics.changelog[partition] = changelog_of(pipeline.dump(), pipeline.next_offset)
    return said


def changelog_of(sections: dict[str, bytes], next_offset: int) -> dict[bytes, bytes]:
    plan = CheckpointBook(NOTHING_FOUND, Writer(1, "a")).plan(sections, next_offset)
    assert plan is not None
    return {write.key: write.value or b"" for write in [*plan.sections, plan.manifest]}


def prediction_of(record: OutputRecord) -> Prediction:
    headers = tuple([(name, value.decode()) for name, value in record.headers])
    value = None if record.value is None else record.value.decode()
    return Prediction(record.topic.rpartition(".")[2], record.key.decode(), value, headers)


def first_with_rows(topics: Topics, partition: int) -> int:
    """The first record of a samples partition that is no tick alone."""
    return next(place for place, record in enumerate(topics.samples[partition]) if list(rows_of([record])))


def changed(topics: Topics, partition: int, **head: int) -> None:
    """Rewrite a partition's durable state with other counts in its head."""
    pipeline = PartitionPipeline(PipelineConfig.from_settings(SETTINGS), partition)
    pipeline.step(topics.samples[partition])
    sections = pipeline.dump()
    sections["head"] = orjson.dumps(orjson.loads(sections["head"]) | head)
    topics.changelog[partition] = changelog_of(sections, pipeline.next_offset)


def test_an_undisturbed_run_agrees() -> None:
    verdict = check(SETTINGS, left_by())
    assert verdict.agrees, verdict.lines()
    assert (verdict.samples, verdict.again, verdict.again_published) == (ROUNDS * 8 * 4 + 1, 0, 0)
    assert verdict.predictions > 50
    assert "lost 0, doubled 0" in verdict.lines()[0]


def test_rows_that_ingest_sent_twice_are_counted_and_no_harm() -> None:
    verdict = check(SETTINGS, left_by(again=True))
    assert verdict.agrees, verdict.lines()
    assert verdict.again > 100


def test_a_record_of_samples_that_is_missing_is_a_loss() -> None:
    topics = left_by()
    topics.samples[1].pop(first_with_rows(topics, 1))
    assert check(SETTINGS, topics).lost > 0


def test_a_row_that_comes_behind_later_ones_is_a_loss() -> None:
    """A pipeline passes over it, as it does over what comes twice."""
    topics = left_by()
    place = first_with_rows(topics, 1)
    block = decode_record(topics.samples[1][place].value or b"")
    assert isinstance(block, SampleBlock)
    columns = {name: getattr(block, name) for name in ("index", "offset", "row", "timestamp_ms", "value")}
    rest = replace(block, watermark_ms=None, **{name: column[5:] for name, column in columns.items()})
    head = replace(block, **{name: column[:5] for name, column in columns.items()})
    values = [record.value for record in topics.samples[1]]
    values[place : place + 1] = [encode_block(rest), encode_block(head)]
    topics.samples[1] = [InputRecord(offset, value) for offset, value in enumerate(values)]
    verdict = check(SETTINGS, topics)
    assert verdict.lost >= 5
    assert any("behind a later one" in difference for difference in verdict.differences)


@pytest.mark.parametrize(("surplus", "lost", "doubled"), [(3, 0, 3), (-2, 2, 0)])
def test_rows_that_the_state_counts_too_often_or_too_seldom(surplus: int, lost: int, doubled: int) -> None:
    topics = left_by()
    accepted = orjson.loads(find(topics.changelog[0]).sections["head"])["samples_accepted"]
    changed(topics, 0, samples_accepted=accepted + surplus)
    verdict = check(SETTINGS, topics)
    assert (verdict.lost, verdict.doubled) == (lost, doubled)
    assert any("sections head" in difference for difference in verdict.differences)


def test_a_partition_without_state_is_a_loss() -> None:
    topics = left_by()
    topics.changelog[2].clear()
    assert check(SETTINGS, topics).lost > 0


def test_predictions_that_are_missing_or_other_than_they_should_be() -> None:
    topics = left_by()
    del topics.predictions[0]
    topics.predictions[-1] = topics.predictions[-1]._replace(value="{}")
    assert len(check(SETTINGS, topics).differences) == 2


def test_a_reject_that_is_missing_or_nobody_expects() -> None:
    topics = left_by()
    topics.rejects.pop()
    topics.rejects.add(Reject("t/0/0/0", "{}"))
    assert len(check(SETTINGS, topics).differences) == 2
