"""The independent checker: what the workers left on the topics, against a plain fold over the input in one process.

It knows nothing of what was done to the workers, and shares nothing with them but the pure functions:

1. Ingest over the source topics says which rows there must be. Each must lie on its partition of the samples topic, as
   it is, and must come there the first time behind all earlier rows of its source partition: a pipeline's high-water
   mark would skip it otherwise.
2. A pipeline over the samples log, as it lies there, says what the durable state and the predictions must be.
3. The durable state must count each row once: accepted, refused, or waiting.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

import orjson

from load.chaos.topics import Place, Reject, Topics
from load.chaos.verdict import Verdict
from load.verify.compare import KINDS, Prediction, compare
from streams.blocks import BadBlockError, SampleBlock, decode_record
from streams.checkpoint import restore
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.rejects import RejectReason
from streams.settings.model import Settings

RECORDS_AT_ONCE = 2_000

ROW_REASONS = frozenset(
    {
        *(RejectReason.LATE, RejectReason.SAME_STEP, RejectReason.JUMP_AHEAD),
        *(RejectReason.BANK_FULL, RejectReason.BAD_NAME),
    }
)
"""Reasons that a pipeline gives for a row, so that each counts one."""


class Row(NamedTuple):
    """A row of the samples topic: where it came from, and what it says.

    `life` counts how often the source topic had been deleted and made again before.
    """

    source: Place
    life: int
    offset: int
    row: int
    series: str
    timestamp_ms: int
    value: float


class Expected(NamedTuple):
    """What ingest makes of the source: rows by partition of the samples topic, and rejects."""

    rows: dict[int, list[Row]]
    rejects: set[Reject]


def check(settings: Settings, topics: Topics) -> Verdict:
    """Compare everything."""
    expected = _ingested(settings, topics)
    verdict = Verdict(samples=sum(map(len, expected.rows.values())), records=topics.records)
    said: list[OutputRecord] = []
    for partition in range(settings.topics.partitions):
        log = topics.samples.get(partition, [])
        rows = list(rows_of(log))
        _check_rows(verdict, partition, expected.rows[partition], rows)
        pipeline = PartitionPipeline(PipelineConfig.from_settings(settings), partition)
        for part in _parts(log):
            said += pipeline.step(part)
        _check_state(verdict, partition, pipeline, topics.changelog.get(partition, {}), len(set(rows)))
    _check_predictions(verdict, said, topics.predictions)
    _check_rejects(verdict, expected.rejects | _rejects_of(settings, said), topics.rejects)
    return verdict


def rows_of(log: Iterable[InputRecord]) -> Iterator[Row]:
    """The rows of a samples partition, in their order."""
    lives: dict[str, list[str]] = defaultdict(list)
    for record in log:
        try:
            block = decode_record(record.value or b"")
        except BadBlockError:
            continue
        if isinstance(block, SampleBlock):
            ids = lives[block.source_topic]
            if block.source_topic_id not in ids:
                ids.append(block.source_topic_id)
            yield from _rows_of_block(block, ids.index(block.source_topic_id))


def _rows_of_block(block: SampleBlock, life: int) -> Iterator[Row]:
    source = block.source_topic, block.source_partition
    columns = [block.index, block.offset, block.row, block.timestamp_ms, block.value]
    for index, offset, row, timestamp_ms, value in zip(*[column.tolist() for column in columns], strict=True):
        yield Row(source, life, offset, row, block.series[index], timestamp_ms, value)


def _parts(log: Sequence[InputRecord]) -> Iterator[Sequence[InputRecord]]:
    for start in range(0, len(log), RECORDS_AT_ONCE):
        yield log[start : start + RECORDS_AT_ONCE]


def _ingested(settings: Settings, topics: Topics) -> Expected:
    ingest = Ingest(settings)
    rows: dict[int, list[Row]] = {partition: [] for partition in range(settings.topics.partitions)}
    rejects: set[Reject] = set()
    for place, life, log in _source_logs(topics):
        for part in _parts(log):
            made = ingest.step(*place, part, str(life))
            rejects |= _rejects_of(settings, made)
            for record in made:
                if record.topic == settings.topics.samples:
                    assert record.partition is not None
                    mine = rows_of([InputRecord(0, record.value)])
                    rows[record.partition] += [row._replace(life=life) for row in mine]
    return Expected(rows, rejects)


def _source_logs(topics: Topics) -> Iterator[tuple[Place, int, Sequence[InputRecord]]]:
    """All logs that the source partitions have had, with the lives of their topics."""
    lives: Counter[str] = Counter()
    for deleted in topics.deleted:
        for place, log in deleted.items():
            yield place, lives[place[0]], log
        lives.update({topic for topic, _ in deleted})
    for place, log in topics.sources.items():
        yield place, lives[place[0]], log


def _check_rows(verdict: Verdict, partition: int, expected: Sequence[Row], found: Sequence[Row]) -> None:
    """Every accepted row of the source is in the log, behind those that came before it, and no other row is."""
    wanted, have = set(expected), set(found)
    missing, alien = wanted - have, have - wanted
    skipped = _skipped(found)
    verdict.lost += len(missing) + len(skipped)
    verdict.again += len(found) - len(have)
    verdict.differences += [f"samples[{partition}] does not hold {row}" for row in sorted(missing)[:1]]
    verdict.differences += [f"samples[{partition}] holds {row}, which no source has" for row in sorted(alien)[:1]]
    verdict.differences += [f"samples[{partition}] first holds {row} behind a later one" for row in skipped[:1]]


def _skipped(rows: Iterable[Row]) -> list[Row]:
    """Rows whose first place in the log is behind a later row of their source partition."""
    seen: set[Row] = set()
    furthest: dict[tuple[Place, int], tuple[int, int]] = {}
    skipped = []
    for row in rows:
        place = row.offset, row.row
        if place <= furthest.get((row.source, row.life), (-1, -1)):
            if row not in seen:
                skipped.append(row)
        else:
            furthest[row.source, row.life] = place
        seen.add(row)
    return skipped


def _check_state(
    verdict: Verdict, partition: int, fold: PartitionPipeline, changelog: Mapping[bytes, bytes], rows: int
) -> None:
    """The durable state is that of the fold, and counts each row once."""
    restored = restore(changelog)
    if restored is None:
        if fold.next_offset:
            verdict.lost += rows
            verdict.differences.append(f"partition {partition} has no durable state")
        return
    wanted, found = fold.dump(), restored.sections
    differing = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if differing:
        reached = f"the state has reached {restored.manifest.next_offset}, the log {fold.next_offset}"
        verdict.differences.append(f"state of partition {partition}: sections {', '.join(differing)}; {reached}")
    surplus = _rows_counted(found) - rows
    verdict.doubled += max(surplus, 0)
    verdict.lost += max(-surplus, 0)
    if surplus:
        verdict.differences.append(f"state of partition {partition} has counted {surplus:+,} rows of {rows:,}")


def _rows_counted(sections: Mapping[str, bytes]) -> int:
    head: dict[str, Any] = orjson.loads(sections["head"])
    accepted: int = head["samples_accepted"]
    refused: int = sum([count for reason, count in head["rejects"].items() if reason in ROW_REASONS])
    held = [orjson.loads(text) for name, text in sections.items() if name.startswith("waiting/")]
    waiting: int = sum([len(rows) for items in held for _, rows in items])
    return accepted + refused + waiting


def _check_predictions(verdict: Verdict, said: Iterable[OutputRecord], found: Sequence[Prediction]) -> None:
    expected = [_prediction(record) for record in said if record.topic.rpartition(".")[2] in KINDS]
    comparison = compare(expected, found)
    verdict.predictions = len(expected)
    verdict.again_published = comparison.duplicates
    verdict.differences += comparison.differences


def _prediction(record: OutputRecord) -> Prediction:
    headers = tuple([(name, value.decode()) for name, value in record.headers])
    value = None if record.value is None else record.value.decode()
    return Prediction(record.topic.rpartition(".")[2], record.key.decode(), value, headers)


def _rejects_of(settings: Settings, made: Iterable[OutputRecord]) -> set[Reject]:
    rejects = [record for record in made if record.topic == settings.topics.rejects]
    return {Reject(record.key.decode(), (record.value or b"").decode()) for record in rejects}


def _check_rejects(verdict: Verdict, expected: Set[Reject], found: Set[Reject]) -> None:
    verdict.differences += [f"reject {reject.key} is missing: {reject.value}" for reject in sorted(expected - found)]
    verdict.differences += [
        f"reject {reject.key} is not expected: {reject.value}" for reject in sorted(found - expected)
    ]
