"""The witness: a few of the series, folded by a pipeline that was never written anywhere, and what it would publish."""

from collections.abc import Iterable

from load.recovery.filling import filled
from load.recovery.fleet import hosts_of, messages
from load.recovery.plan import LAST_STEP, Plan
from load.verify.compare import Prediction
from streams.ingest.ingest import Ingest
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.settings.model import Settings

HOSTS = 10
"""Of each partition; a series depends on nothing but its entity's samples, so these few stand for themselves."""


def expected(plan: Plan, settings: Settings, source: PartitionPipeline) -> list[Prediction]:
    """The forecasts of some series of every partition, made of samples since the last checkpoint."""
    found = []
    for partition, hosts in enumerate(hosts_of(plan)):
        published = _published(plan, settings, partition, hosts[:HOSTS], source) if hosts else []
        found += [_prediction(record) for record in published if record.topic == settings.topics.forecasts]
    return found


def differing(expected: Iterable[Prediction], found: Iterable[Prediction]) -> list[str]:
    """The keys of what is not there as expected, byte for byte."""
    there = set(found)
    return [each.key for each in expected if each not in there]


def _published(
    plan: Plan, settings: Settings, partition: int, hosts: list[str], source: PartitionPipeline
) -> list[OutputRecord]:
    ingest, outputs = Ingest(settings), []

    def records_of(step: int) -> list[InputRecord]:
        made = ingest.step(plan.telemetry_topic, partition, list(messages(hosts, step)))
        return [InputRecord(step, output.value) for output in made if output.partition == partition]

    pipeline = filled(source.config, partition, records_of(plan.filled_step), source)
    for step in range(plan.filled_step + 1, LAST_STEP + 1):
        published = pipeline.step(records_of(step))
        if step > plan.state_step:
            outputs += published
    return outputs


def _prediction(record: OutputRecord) -> Prediction:
    headers = tuple([(name, value.decode()) for name, value in record.headers])
    value = None if record.value is None else record.value.decode()
    return Prediction("forecasts", record.key.decode(), value, headers)
