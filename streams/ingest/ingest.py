"""The ingest step: telemetry messages in, sample blocks and rejects out. Pure: no clock, no Kafka.

Messages -> gather (codec) -> believed (limits, names) -> by_partition, pieces, block_of -> records of the samples
topic. Messages of the events topic go their own way (`events`).

What it keeps between steps are caches (`Interner`) and the watermarks, none of which decides what becomes of a row: the
rows of each samples partition, in their order, and the rejects follow from the source's records alone, however these
are cut into steps. Only block boundaries and the places of ticks depend on that.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from streams.blocks import SampleBlock, encode_block
from streams.codecs.registry import Codec, codec
from streams.ingest.events import broadcast, read_events
from streams.ingest.gather import gather
from streams.ingest.interner import Interner
from streams.ingest.packing import SourceLog, block_of, by_partition, pieces
from streams.ingest.refusals import bounded
from streams.ingest.rows import Refusal, Rows
from streams.ingest.validation import believed
from streams.ingest.watermark import Watermark
from streams.outputs.envelope import headers
from streams.outputs.rejects import Coordinate, reject_record
from streams.records import InputRecord, OutputRecord
from streams.rejects import RejectReason
from streams.schema import RecordKind, event_type
from streams.settings.model import Settings
from streams.silence import SilenceRecord, encode_silence

_SAMPLES_TYPE = event_type(RecordKind.SAMPLES)
_SILENCE_TYPE = event_type(RecordKind.SILENCE)


class _Source(NamedTuple):
    """What a source topic needs: how to read it, and the series seen in it."""

    codec: Codec
    interner: Interner


class Ingest:
    """Ingest of all source topics of one process, and of the events topic.

    Attributes
    ----------
    samples
        Samples taken so far.
    counts
        Rows (or whole messages) refused so far, by reason.
    """

    def __init__(self, settings: Settings) -> None:
        self.samples = 0
        self.counts: Counter[RejectReason] = Counter()
        self._limits = settings.limits
        self._samples_topic, self._rejects_topic = settings.topics.samples, settings.topics.rejects
        self._events_topic = settings.topics.events
        self._partitions = settings.topics.partitions
        self._sources = {
            source.topic: _Source(codec(source.codec), Interner(source.entity, self._partitions, settings.limits))
            for source in settings.sources
        }
        self._watermarks: dict[SourceLog, Watermark] = {}

    def step(
        self, topic: str, partition: int, records: Sequence[InputRecord], topic_id: str = ""
    ) -> list[OutputRecord]:
        """Ingest consecutive records of one partition of a source topic, or of the events topic.

        `topic_id` is the broker's; "" where it gives none.

        Returns
        -------
        list[OutputRecord]
            Blocks or events for the samples topic, then rejects by offset and row.
        """
        if topic == self._events_topic:
            return self._take_events(topic, partition, records, topic_id)
        source, of = self._sources[topic], SourceLog(topic, partition, topic_id)
        fetch = gather(source.codec, source.interner, records, self._limits)
        rows, disbelieved = believed(fetch, source.interner, self._limits)
        watermark = self._watermarks.setdefault(of, Watermark())
        tick_ms = watermark.advance(rows.offset, rows.timestamp_ms)
        self.samples += len(rows)
        blocks = self._blocks(of, rows, source.interner, tick_ms)
        return [*blocks, *self._rejects(topic, partition, fetch.refusals + disbelieved)]

    def silence(self, topic: str, partition: int, next_offset: int, topic_id: str = "") -> list[OutputRecord]:
        """Control records for all partitions of the samples topic, of a source partition that says nothing any more."""
        key = SourceLog(topic, partition, topic_id).name
        value = encode_silence(SilenceRecord(topic, partition, next_offset, topic_id))
        return [
            OutputRecord(
                self._samples_topic,
                number,
                key.encode(),
                value,
                headers(_SILENCE_TYPE, f"{key}/{number}/{next_offset}"),
            )
            for number in range(self._partitions)
        ]

    def _take_events(
        self, topic: str, partition: int, records: Sequence[InputRecord], topic_id: str
    ) -> list[OutputRecord]:
        events = read_events((topic, partition), records, self._limits, topic_id)
        sent = broadcast(events.taken, self._samples_topic, self._partitions)
        return [*sent, *self._rejects(topic, partition, events.refused)]

    def _blocks(self, source: SourceLog, rows: Rows, interner: Interner, tick_ms: int | None) -> Iterator[OutputRecord]:
        """The rows' blocks. A tick goes to every partition, with its last block or alone."""
        rest = set(range(self._partitions)) if tick_ms is not None else set()
        for partition, mine in by_partition(rows, interner, self._partitions):
            *firsts, last = pieces(mine, interner)
            for piece in firsts:
                yield self._record(partition, block_of(piece, interner, source, None))
            yield self._record(partition, block_of(last, interner, source, tick_ms))
            rest.discard(partition)
        for partition in sorted(rest):
            yield self._record(partition, block_of(rows.take(slice(0)), interner, source, tick_ms))

    def _record(self, partition: int, block: SampleBlock) -> OutputRecord:
        key = f"{block.source_topic}/{block.source_partition}"
        source = SourceLog(block.source_topic, block.source_partition, block.source_topic_id)
        first = f"{block.offset[0]}/{block.row[0]}" if len(block.offset) else f"tick/{block.watermark_ms}"
        return OutputRecord(
            self._samples_topic,
            partition,
            key.encode(),
            encode_block(block),
            headers(_SAMPLES_TYPE, f"{source.name}/{partition}/{first}"),
        )

    def _rejects(self, topic: str, partition: int, refusals: Sequence[Refusal]) -> list[OutputRecord]:
        self.counts.update([refusal.fault.reason for refusal in refusals])
        return [self._reject(topic, partition, refusal) for refusal in bounded(refusals)]

    def _reject(self, topic: str, partition: int, refusal: Refusal) -> OutputRecord:
        return reject_record(
            self._rejects_topic,
            Coordinate(topic, partition, refusal.offset, refusal.row),
            *refusal.fault,
            rows=refusal.rows,
            series=refusal.series,
            timestamp_ms=refusal.timestamp_ms,
            value=refusal.value,
            excerpt=refusal.excerpt,
        )
