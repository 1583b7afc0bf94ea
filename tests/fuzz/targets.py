"""Every decoder, what it is fuzzed with, and what must hold whatever comes.

`test_targets` runs each target a little, `run` for hours, and `guided` lets atheris choose the bytes.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import cramjam
import numpy as np
import orjson
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from streams.blocks import BadBlockError, SampleBlock, decode_record, encode_block
from streams.checkpoint import NOTHING_FOUND, CheckpointBook, Writer, restore
from streams.codecs.events import decode_event
from streams.codecs.faults import Fault
from streams.codecs.registry import codec, names
from streams.codecs.timestamps import timestamp_ms
from streams.correlate.config import CorrelateConfig
from streams.correlate.pipeline import CorrelatePipeline
from streams.events import EventRecord, encode_event
from streams.frames import CorruptCheckpointError, decode_manifest, is_manifest_key
from streams.ingest.ingest import Ingest
from streams.pipeline.config import PipelineConfig
from streams.pipeline.partition import PartitionPipeline
from streams.records import InputRecord, OutputRecord
from streams.series import parse_series, series_name
from streams.serve.remote_write.wire import Sample, write_request
from streams.settings.limits import LimitSettings
from streams.settings.model import Settings
from streams.signals import BadSignalsError, Notice, SignalRecord, Speaker, decode_signals, encode_signals
from tests.fuzz.documents import SCALARS, documents, payloads, spliced

Check = Callable[..., None]


class Target(NamedTuple):
    """What must hold, and of what."""

    check: Check
    given: Mapping[str, st.SearchStrategy[Any]]


TARGETS: dict[str, Target] = {}
UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


def fuzzed(**strategies: st.SearchStrategy[Any]) -> Callable[[Check], Check]:
    """Make a target of a check."""

    def register(check: Check) -> Check:
        TARGETS[check.__name__.replace("_", "-")] = Target(check, strategies)
        return check

    return register


def runner_of(name: str, examples: int, first: int = 0) -> Check:
    """A hypothesis test of a target, which fails when an example does; `first` is the seed."""
    target = TARGETS[name]
    return seed(first)(settings(UNHURRIED, max_examples=examples)(given(**target.given)(target.check)))


T_MS = 1_700_000_000_000
RECORD_BYTES_MAX = 1_000_000

SETTINGS = Settings.model_validate(
    {
        "topics": {"partitions": 2},
        "sources": [
            {"topic": "telemetry", "entity": ["host"]},
            {"topic": "stepped", "entity": ["host"], "step": "1m"},
            {"topic": "metered", "entity": ["host"], "step": "1m", "aggregate": "mean", "lateness_steps": 1},
        ],
        "forecast": {"horizon": 4, "emit_every": 1},
        "capacity": [{"name": "memory", "metric": "mem", "limit": {"metric": "size"}}],
        "failures": [{"name": "hot", "metric": "cpu", "above": 60, "for": "2m", "within": "1h"}],
        "limits": {"series_per_partition": 4, "rows_per_message": 20, "jump_steps": 30, "evict_after": "1h"},
    }
)
CONFIG = PipelineConfig.from_settings(SETTINGS)

SAMPLE = {"metric": "cpu", "labels": {"host": "a"}, "timestamp": T_MS, "value": 1.5}
BATCH = {"metric": ["cpu", "mem"], "labels": {"host": "a"}, "timestamp": [T_MS, T_MS + 60_000], "value": [1.5, 7e9]}
ADAPTER = {"name": "up", "labels": {"__name__": "up", "job": "a"}, "timestamp": "2024-01-01T00:00:00Z", "value": "1.5"}
TELEGRAF = {"metrics": [{"name": "cpu", "fields": {"idle": 1.5}, "tags": {"host": "a"}, "timestamp": T_MS}]}
OTLP_POINT = {"asInt": "5", "timeUnixNano": str(T_MS * 10**6), "attributes": [{"key": "k", "value": {"intValue": "1"}}]}
OTLP_SUM = {"aggregationTemporality": 2, "isMonotonic": True, "dataPoints": [OTLP_POINT]}
OTLP = {"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "requests", "sum": OTLP_SUM}]}]}]}
WRITE_REQUEST = write_request([Sample((("__name__", "up"), ("job", "a")), 1.5, T_MS)] * 2)
EVENT = {
    "v": 1,
    "id": "INC-7",
    "kind": "incident",
    "start": T_MS,
    "end": T_MS + 60_000,
    "metric": "*",
    "labels": {"host": "a"},
    "learn": False,
    "cancelled": False,
    "title": "t",
    "description": "d",
}
SILENCE_RECORD = {
    "v": 1,
    "kind": "silence",
    "source": {"topic": "telemetry", "partition": 0, "topic_id": "", "next_offset": 3},
}
EVENT_RECORD = {
    "v": 1,
    "kind": "event",
    "source": {"topic": "foreshock.events", "partition": 0, "offset": 3},
    "event": {
        "id": "INC-7",
        "kind": "incident",
        "start_ms": T_MS,
        "end_ms": None,
        "metric": "*",
        "labels": {"host": "a"},
        "learn": False,
        "cancelled": False,
        "title": "t",
        "description": "d",
    },
}


def block(topic: str, first_offset: int, rows: int = 6) -> dict[str, Any]:
    """A block of two series, minute by minute."""
    return {
        "v": 1,
        "kind": "samples",
        "source": {"topic": topic, "partition": 0},
        "watermark_ms": T_MS,
        "series": ['cpu{host="a"}', 'mem{host="a"}'],
        "entity": ['{host="a"}', '{host="a"}'],
        "index": [place % 2 for place in range(rows)],
        "offset": [first_offset + place for place in range(rows)],
        "row": [0] * rows,
        "timestamp_ms": [T_MS + 60_000 * (first_offset + place // 2) for place in range(rows)],
        "value": [1.5 * place for place in range(rows)],
    }


BLOCKS = [block(topic, first) for topic in ("telemetry", "stepped", "metered", "unknown") for first in (0, 6, 12)]
LIMITS = LimitSettings()


@fuzzed(name=st.sampled_from(names()), payload=payloads(SAMPLE, [SAMPLE, SAMPLE], BATCH, ADAPTER, TELEGRAF, OTLP))
def codecs(name: str, payload: bytes) -> None:
    """Each row of a message is taken or refused, once."""
    columns = codec(name).decode(payload, 20)
    places = columns.row + [reject.row for reject in columns.rejects]
    assert places
    assert len(places) == len(set(places))
    assert len(columns.series) == len(columns.timestamp_ms) == len(columns.value) == len(columns.row)
    assert all(-(2**63) <= each < 2**63 for each in columns.timestamp_ms)
    assert all(type(each) is float for each in columns.value)


@fuzzed(payload=st.builds(spliced, st.just(WRITE_REQUEST), st.integers(0, 200), st.binary(max_size=20)))
def remote_write(payload: bytes) -> None:
    """Whatever is within a block, each row is taken or refused, once."""
    columns = codec("remote_write").decode(bytes(cramjam.snappy.compress_raw(payload)), 20)
    places = columns.row + [reject.row for reject in columns.rejects]
    assert places
    assert len(places) == len(set(places))
    assert all(-(2**63) <= each < 2**63 for each in columns.timestamp_ms)
    assert all(type(each) is float for each in columns.value)


@fuzzed(raw=SCALARS)
def timestamps(raw: Any) -> None:
    """A moment in 64 bits, or a fault."""
    read = timestamp_ms(raw)
    assert type(read) is Fault or -(2**63) <= read < 2**63


@fuzzed(payload=payloads(EVENT))
def events(payload: bytes) -> None:
    """What is taken comes back from the samples topic as it was."""
    event = decode_event(payload, LIMITS)
    if type(event) is not Fault:
        record = EventRecord("foreshock.events", 0, 1, event)
        assert decode_record(encode_event(record)) == record


@fuzzed(payload=payloads(*BLOCKS, EVENT_RECORD, SILENCE_RECORD))
def blocks(payload: bytes) -> None:
    """A record of the samples topic is read, and then written as it was read, or told to be none."""
    try:
        record = decode_record(payload)
    except BadBlockError:
        return
    if isinstance(record, SampleBlock):
        assert encode_block(_block(encode_block(record))) == encode_block(record)


@fuzzed(
    topic=st.sampled_from(["telemetry", "stepped", "metered", "foreshock.events"]),
    messages=st.lists(st.none() | payloads(SAMPLE, [SAMPLE, SAMPLE], BATCH, ADAPTER, EVENT), max_size=5),
)
def ingest(topic: str, messages: list[bytes | None]) -> None:
    """Whatever is fetched, what is made of it can be sent and read."""
    made = Ingest(SETTINGS).step(topic, 0, [InputRecord(place, message) for place, message in enumerate(messages)])
    for record in made:
        assert record.value is not None
        assert len(record.value) < RECORD_BYTES_MAX
        if record.topic == SETTINGS.topics.samples:
            decode_record(record.value)
        else:
            orjson.loads(record.value)


@fuzzed(records=st.lists(payloads(*BLOCKS, EVENT_RECORD, SILENCE_RECORD), max_size=8))
def pipeline(records: list[bytes]) -> None:
    """Others can write to the samples topic: no record of it ends a worker, and what came of it can be saved."""
    whole, piecewise = PartitionPipeline(CONFIG), PartitionPipeline(CONFIG)
    log = [InputRecord(place, payload) for place, payload in enumerate(records)]
    said = whole.step(log)
    assert _by_key(said) == _by_key([output for record in log for output in piecewise.step([record])])
    again = PartitionPipeline(CONFIG)
    again.load(whole.dump())
    assert again.dump() == whole.dump() == piecewise.dump()


@fuzzed(documents=st.lists(documents(*BLOCKS, EVENT_RECORD).map(orjson.dumps), min_size=2, max_size=8))
def pipeline_restored(documents: list[bytes]) -> None:
    """A worker that took over in the middle says what one says that saw all."""
    whole, first, second = PartitionPipeline(CONFIG), PartitionPipeline(CONFIG), PartitionPipeline(CONFIG)
    log = [InputRecord(place, payload) for place, payload in enumerate(documents)]
    middle = len(log) // 2
    said = whole.step(log[:middle]), whole.step(log[middle:])
    early = first.step(log[:middle])
    second.load(first.dump())
    assert said == (early, second.step(log[middle:]))


def _checkpoint() -> Mapping[bytes, bytes]:
    book, records = CheckpointBook(NOTHING_FOUND, Writer(1, "a")), dict[bytes, bytes]()
    for number in (1, 2):
        plan = book.plan({"head": b"%d" % number * 9, "bank/00000": b"rows"}, number)
        assert plan is not None
        book.confirm(plan)
        records |= {write.key: write.value or b"" for write in [*plan.sections, plan.manifest]}
    return records


CHECKPOINT = _checkpoint()
[MANIFEST_KEY] = [key for key in CHECKPOINT if is_manifest_key(key)]
BARE_MANIFEST = {
    "v": 1,
    "next_offset": 2,
    "generation": 1,
    "sections": {
        name: {"writer": ref.writer, "buffer": ref.buffer, "crc32": ref.crc32, "bytes": ref.length_bytes}
        for name, ref in decode_manifest(CHECKPOINT[MANIFEST_KEY]).sections.items()
    },
}


@fuzzed(
    key=st.sampled_from(sorted(CHECKPOINT)),
    damage=st.tuples(st.integers(0), st.binary(max_size=6)) | documents(BARE_MANIFEST),
)
def checkpoint(key: bytes, damage: Any) -> None:
    """A changelog with one record damaged gives the state that was written, or says what is wrong."""
    bad = spliced(CHECKPOINT[key], *damage) if isinstance(damage, tuple) else orjson.dumps(damage)
    try:
        restored = restore({**CHECKPOINT, key: bad})
    except CorruptCheckpointError:
        return
    # The bare JSON of version 1 has no checksum: such a manifest may say something else and be whole.
    if isinstance(damage, tuple) or key != MANIFEST_KEY:
        assert restored == restore(CHECKPOINT)


SAID = SignalRecord(
    *(3, 17, 1_700_000_000_000, ["{}"], ['{host="a"}', '{host="b"}'], np.array([0, 0]), ["cpu"]),
    *(np.array([0, 1]), np.array([0, 0]), np.array([28_333_333, 28_333_334]), np.array([0, 31])),
    speaker=[Speaker(1, 'cpu{host="b"}', -13.5)],
    notices=[Notice("{}", '{host="a"}', "disk", "failure", "full", 5, 9, 0.5, "full soon", predicted=True)],
)


@fuzzed(payload=payloads(orjson.loads(encode_signals(SAID))))
def signals(payload: bytes) -> None:
    """A record of signals is refused, or read and written again as it was; a pipeline goes on behind it."""
    try:
        record = decode_signals(payload)
    except BadSignalsError:
        record = None
    if record is not None:
        assert encode_signals(decode_signals(encode_signals(record))) == encode_signals(record)
    pipeline = CorrelatePipeline(CorrelateConfig.from_settings(SETTINGS))
    pipeline.step([InputRecord(0, payload), InputRecord(1, encode_signals(SAID))])
    assert pipeline.next_offset == 2


@fuzzed(text=st.text(max_size=40) | st.from_regex(r'[a-z]*\{([a-z]*="([^"\\]|\\.)*",?)*\}'))
def series_names(text: str) -> None:
    """A name that can be read is one that is written again."""
    try:
        key = parse_series(text)
    except ValueError:
        return
    assert parse_series(series_name(key)) == key or not key.labels


def _by_key(said: list[OutputRecord]) -> list[OutputRecord]:
    """Each key's records in their order; between keys the order depends on the batches."""
    return sorted(said, key=lambda record: (record.topic, record.key))


def _block(payload: bytes) -> SampleBlock:
    record = decode_record(payload)
    assert isinstance(record, SampleBlock)
    return record
