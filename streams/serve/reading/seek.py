"""Samples that are no longer in memory, read from the samples topic: from a time on, one partition, within bounds.

A record is written after the samples in it were taken, so seeking by the time of writing misses none. Where a recording
is replayed all of it was written later than it says, and reading begins at the topic's beginning.
"""

import asyncio

import numpy as np
import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.blocks import BadBlockError, SampleBlock, decode_record
from streams.series import partition_of
from streams.serve.board.history import Samples, ascending
from streams.serve.context import TooManySamplesError
from streams.serve.reading.consumer import RECORDS_AT_ONCE, consumer_of
from streams.settings.model import Settings

BYTES_MAX = 256 * 2**20
SECONDS_MAX = 20.0
AT_ONCE_MAX = 2
"""Others are told to come again: each reads a partition."""

PAST_ENOUGH_MS = 3_600_000
"""So long after the time that is asked for, by the topic's own watermarks, nothing of it comes any more."""

POLL_MS = 500


class SampleSeeker:
    """Reads older samples of one series at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._under_way = 0

    async def __call__(self, series: str, entity: str, since_ms: int, before_ms: int) -> Samples:
        """See `streams.serve.context.OlderSamples`."""
        if self._under_way >= AT_ONCE_MAX:
            raise TooManySamplesError("others are reading older samples just now; ask again in a few seconds")
        self._under_way += 1
        try:
            async with asyncio.timeout(SECONDS_MAX), consumer_of(self._settings) as consumer:
                return await _read(consumer, self._place(entity), series, since_ms, before_ms)
        except TimeoutError as error:
            raise TooManySamplesError(f"reading that far back takes more than {SECONDS_MAX:g} s") from error
        except (KafkaError, OSError) as error:
            raise TooManySamplesError(f"older samples can't be read now: {type(error).__name__}") from error
        finally:
            self._under_way -= 1

    def _place(self, entity: str) -> TopicPartition:
        topics = self._settings.topics
        return TopicPartition(topics.samples, partition_of(entity, topics.partitions))


async def _read(
    consumer: AIOKafkaConsumer, place: TopicPartition, series: str, since_ms: int, before_ms: int
) -> Samples:
    consumer.assign([place])
    end = (await consumer.end_offsets([place]))[place]
    found = (await consumer.offsets_for_times({place: since_ms})).get(place)
    consumer.seek(place, end if found is None else found.offset)
    written = orjson.dumps(series)
    size, times, values = 0, [np.zeros(0, np.int64)], [np.zeros(0)]
    while await consumer.position(place) < end:
        for record in (await consumer.getmany(place, timeout_ms=POLL_MS, max_records=RECORDS_AT_ONCE)).get(place, ()):
            size += len(record.value or b"")
            if size > BYTES_MAX:
                raise TooManySamplesError(f"that far back there are more than {BYTES_MAX // 2**20} MiB to read through")
            block = _block(record.value or b"", written)
            if block is None:
                continue
            rows = block.index == block.series.index(series) if series in block.series else np.zeros(0, np.int64)
            wanted = rows.nonzero()[0]
            wanted = wanted[(block.timestamp_ms[wanted] >= since_ms) & (block.timestamp_ms[wanted] < before_ms)]
            times.append(block.timestamp_ms[wanted])
            values.append(block.value[wanted])
            if block.watermark_ms is not None and block.watermark_ms > before_ms + PAST_ENOUGH_MS:
                return ascending(np.concatenate(times), np.concatenate(values))
    return ascending(np.concatenate(times), np.concatenate(values))


def _block(value: bytes, written: bytes) -> SampleBlock | None:
    """A block that has the series; most have not, and need not be decoded to see that."""
    if written not in value:
        return None
    try:
        block = decode_record(value)
    except BadBlockError:
        return None
    return block if isinstance(block, SampleBlock) else None
