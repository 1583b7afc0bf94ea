"""Every private part of Faust and aiokafka that we rely on, in one place.

Faust promises nothing about these, so its release is pinned, `TOUCH_POINTS` records what each one looked like, and a
test compares that with what is installed. After an upgrade: run the test, read what changed at each place it names,
check the reliance described here, then record the new digest. No other module reaches into a private name of another
object (ruff's SLF rule), but for `touchpoints_group`, which is about the consumer group; the classes in `transport`,
`state_table` and `app` override the methods listed here.
"""

# ruff: noqa: SLF001

import asyncio
import hashlib
import importlib
import inspect
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple, cast

import faust
from aiokafka.errors import ConsumerStoppedError
from faust.types import TP


class Fetched(NamedTuple):
    """A partition's records as aiokafka had them, and its position before: the offset that was asked for."""

    start_offset: int
    records: list[Any]


class TouchPoint(NamedTuple):
    """A function or class whose source we rely on.

    `place` is ``module:qualified name``, `line` its file and line in the recorded release, `relies_on` what must stay
    true of it, `digest` of its source text.
    """

    place: str
    line: str
    relies_on: str
    digest: str


RECORDED_RELEASES = {"faust-streaming": "0.15.3", "aiokafka": "0.14.0", "mode-streaming": "0.7.1"}

TOUCH_POINTS = (
    # The batched transport (transport.py).
    TouchPoint(
        "faust.transport.consumer:ThreadDelegateConsumer._getmany",
        "faust/transport/consumer.py:1432",
        "overridden: returns the fetched records by partition; only getmany() reads what it returns",
        "f9d47aa9010b5ff2",
    ),
    TouchPoint(
        "faust.transport.consumer:Consumer.getmany",
        "faust/transport/consumer.py:693",
        "iterates over what _getmany() returned and passes each item to _to_message(), whatever its type",
        "4b168d84882a70d6",
    ),
    TouchPoint(
        "faust.transport.drivers.aiokafka:Consumer._to_message",
        "faust/transport/drivers/aiokafka.py:272",
        "overridden: makes the ConsumerMessage of one item; its positional arguments",
        "7c24f6511b2fcef7",
    ),
    TouchPoint(
        "faust.transport.consumer:Consumer._wait_next_records",
        "faust/transport/consumer.py:776",
        "overridden: sleeps a whole second when all partitions are under back-pressure",
        "6218e1969a636b3f",
    ),
    TouchPoint(
        "faust.transport.consumer:Consumer.on_buffer_full",
        "faust/transport/consumer.py:547",
        "takes a partition under back-pressure out of the active ones, and into _buffered_partitions",
        "c8961679e0bcdce5",
    ),
    TouchPoint(
        "faust.transport.consumer:Consumer._drain_messages",
        "faust/transport/consumer.py:1170",
        "drops a message whose offset is below _read_offset[tp]; we keep that mapping empty, so nothing is dropped",
        "44a2500309e83c63",
    ),
    TouchPoint(
        "faust.transport.consumer:Consumer.perform_seek",
        "faust/transport/consumer.py:565",
        "overridden: the one place that positions the source partitions, after recovery and before the flow resumes",
        "0e8c130ff4b0afd8",
    ),
    TouchPoint(
        "faust.transport.drivers.aiokafka:AIOKafkaConsumerThread._seek_wait",
        "faust/transport/drivers/aiokafka.py:1012",
        "seeks in the consumer's thread and waits for the position; writes _read_offset",
        "9d221e816d940467",
    ),
    TouchPoint(
        "faust.transport.conductor:Conductor.acks_enabled_for",
        "faust/transport/conductor.py:281",
        "topics with acks=False enter no acknowledgement or gap bookkeeping",
        "77ff8a731d3085ed",
    ),
    TouchPoint(
        "faust.serializers.schemas:Schema.compile",
        "faust/serializers/schemas.py:164",
        "overridden: makes the function that turns a message into an event; we hand the batch on as it is",
        "d46eec5ce3195b2c",
    ),
    TouchPoint(
        "mode.threads:WorkerThread",
        "mode/threads.py:48",
        "overridden: keeps the process alive and waits for ever when it is stopped",
        "e213e6b441f98671",
    ),
    TouchPoint(
        "mode.threads:ServiceThread.start",
        "mode/threads.py:162",
        "makes its thread of the class attribute Worker",
        "f11841038a033a05",
    ),
    # Offsets and sends.
    TouchPoint(
        "faust.transport.drivers.aiokafka:AIOKafkaConsumerThread._commit",
        "faust/transport/drivers/aiokafka.py:794",
        "overridden: commits for what is assigned under the group's generation; False after a rebalance, else crashes",
        "932852ce7a23f658",
    ),
    TouchPoint(
        "faust.transport.drivers.aiokafka:Producer.on_start",
        "faust/transport/drivers/aiokafka.py:1383",
        "keeps the started aiokafka producer in _producer; we send on it and override the settings it is made of",
        "219c9a7a785d77b2",
    ),
    TouchPoint(
        "faust.transport.drivers.aiokafka:Producer._new_producer",
        "faust/transport/drivers/aiokafka.py:1328",
        "merges _settings_extra() over the other settings",
        "e72355c3430ed02f",
    ),
    TouchPoint(
        "aiokafka.producer.producer:AIOKafkaProducer.send",
        "aiokafka/producer/producer.py:426",
        "returns, once the record is buffered, a future of its acknowledgement",
        "08ce81263f439838",
    ),
    TouchPoint(
        "faust.transport.drivers.aiokafka:AIOKafkaConsumerThread._fetch_records",
        "faust/transport/drivers/aiokafka.py:1088",
        "overridden: runs in the consumer's thread; what it returns goes to _getmany()",
        "39a2c6c79fc1455a",
    ),
    TouchPoint(
        "aiokafka.consumer.fetcher:Fetcher._create_fetch_waiter",
        "aiokafka/consumer/fetcher.py:463",
        "a future that is done when records have come, or failed",
        "61d840568746477e",
    ),
    TouchPoint(
        "aiokafka.consumer.fetcher:FetchResult.check_assignment",
        "aiokafka/consumer/fetcher.py:75",
        "records are only handed over if they begin at the partition's position",
        "b5340df67e3f330f",
    ),
    TouchPoint(
        "aiokafka.consumer.fetcher:Fetcher.fetched_records",
        "aiokafka/consumer/fetcher.py:1209",
        "with timeout 0 and an assignment it never awaits: takes what is there, and moves the positions past it",
        "be4348896b9b66af",
    ),
    # The state table (state_table.py).
    TouchPoint(
        "faust.tables.base:Collection._new_store",
        "faust/tables/base.py:196",
        "overridden: makes the table's store",
        "914a2bda605d38f5",
    ),
    TouchPoint(
        "faust.tables.recovery:Recovery._add",
        "faust/tables/recovery.py:228",
        "a persisted offset of -1 makes every recovery read the changelog from its beginning",
        "1584a197b11bf835",
    ),
    TouchPoint(
        "faust.tables.recovery:Recovery._slurp_changelogs",
        "faust/tables/recovery.py:772",
        "hands changelog records to Store.apply_changelog_batch in the order of the log",
        "7825c7e50f766d5a",
    ),
    TouchPoint(
        "faust.tables.recovery:Recovery.on_recovery_completed",
        "faust/tables/recovery.py:624",
        "sends on_rebalance_complete after the last changelog record and before perform_seek()",
        "6ef567acf072e46d",
    ),
    TouchPoint(
        "faust.tables.recovery:Recovery._resume_streams",
        "faust/tables/recovery.py:306",
        "the same for an app without tables",
        "d986a6710c1aca98",
    ),
    # Recovery (recovery.py).
    TouchPoint(
        "faust.tables.recovery:Recovery._wait",
        "faust/tables/recovery.py:604",
        "overridden: takes what was not done in time for a stop of the service",
        "ec7429b70176f8c6",
    ),
    TouchPoint(
        "faust.tables.recovery:Recovery._restart_recovery",
        "faust/tables/recovery.py:331",
        "waits for signal_recovery_start; goes on after RebalanceAgain, and ends for good after ServiceStopped",
        "6bd8a8558a2dffe4",
    ),
    TouchPoint(
        "faust.tables.manager:TableManager.recovery",
        "faust/tables/manager.py:119",
        "overridden: makes the recovery, once",
        "f0bf5de78b4c3d23",
    ),
    # The app (app.py).
    TouchPoint(
        "faust.app.base:App._new_transport",
        "faust/app/base.py:1932",
        "overridden: makes the consumer's transport",
        "42db531312dd776f",
    ),
    TouchPoint(
        "faust.app.base:App._new_producer_transport",
        "faust/app/base.py:1940",
        "overridden: makes the transport of the producer",
        "eb3b4aa6a8961275",
    ),
    TouchPoint(
        "faust.app.base:App._create_directories",
        "faust/app/base.py:1972",
        "overridden: makes a data directory that nothing of ours uses",
        "a9f571c3b04abec3",
    ),
    TouchPoint(
        "faust.app.base:BootStrategy._should_enable_web",
        "faust/app/base.py:380",
        "enable_web=False on the strategy keeps every web server and the cache down",
        "2b6c66a4448a58f3",
    ),
    TouchPoint(
        "faust.app.base:App._on_partitions_revoked",
        "faust/app/base.py:1790",
        "stops the flow and empties the queues, then sends on_partitions_revoked while the partitions are still ours",
        "d5c895bbe57dc73a",
    ),
    TouchPoint(
        "faust.app.base:App.on_stop",
        "faust/app/base.py:1706",
        "with stream_wait_empty=False nothing in it waits for unacknowledged messages",
        "bfe5a933defb2324",
    ),
)


def installed_digest(place: str) -> str:
    """The digest of what is installed at a touch point's place."""
    module, _, qualified_name = place.partition(":")
    target: Any = importlib.import_module(module)
    for name in qualified_name.split("."):
        target = inspect.getattr_static(target, name)
    target = getattr(target, "fun", target)  # a mode.Service.task holds its function so
    target = getattr(target, "fget", target)  # a property
    return hashlib.sha256(inspect.getsource(target).encode()).hexdigest()[:16]


def is_recovered(app: faust.App) -> bool:
    """Whether recovery ended once; ``TableManager.recovery`` is in no interface (faust/tables/manager.py:116)."""
    return bool(cast(Any, app.tables).recovery.completed.is_set())


async def fetch_records(
    consumer: Any, partitions: set[TP], timeout_s: float, max_records: int | None, wanted: Callable[[], bool]
) -> dict[TP, Fetched]:
    """What aiokafka has fetched of these partitions, waiting for it at most `timeout_s`.

    Unlike ``AIOKafkaConsumerThread._fetch_records``, which it replaces, it takes nothing after waiting if the flow was
    stopped meanwhile, and it tells each partition's position before. Runs in the consumer's thread.
    """
    fetcher = consumer._fetcher
    if consumer._closed or fetcher._closed:
        raise ConsumerStoppedError
    with fetcher._subscriptions.fetch_context():
        fetched = await _take_fetched(fetcher, partitions, max_records, wanted)
        if not fetched and timeout_s:
            waiter = fetcher._create_fetch_waiter()
            with suppress(TimeoutError):
                await asyncio.wait_for(waiter, timeout_s)
            fetched = await _take_fetched(fetcher, partitions, max_records, wanted)
    return fetched


async def _take_fetched(
    fetcher: Any, partitions: set[TP], max_records: int | None, wanted: Callable[[], bool]
) -> dict[TP, Fetched]:
    subscriptions = fetcher._subscriptions
    if not wanted() or subscriptions.reassignment_in_progress:
        return {}
    assignment = subscriptions.subscription.assignment
    # From here on nothing is awaited, so no seek comes between: each position is where its records begin.
    positions = {tp: assignment.state_value(tp)._position for tp in assignment.tps}
    taken = await fetcher.fetched_records(partitions, timeout=0, max_records=max_records)
    return {tp: Fetched(positions[tp], records) for tp, records in taken.items()}


async def commit_offsets(app: faust.App, offsets: Mapping[TP, int]) -> bool:
    """Commit next offsets in the group's name.

    Skips ``Consumer._commit_offsets`` (faust/transport/consumer.py:1039): it flushes the producer first, and books an
    offset as committed even where the broker refused.

    Returns
    -------
    bool
        False if the partitions have gone to another member in the meantime.
    """
    consumer = cast(Any, app.consumer)
    ours = app.consumer.assignment()
    committable = {tp: offset for tp, offset in offsets.items() if tp in ours}
    return bool(committable) and bool(await consumer._commit(committable))


async def send_record(
    app: faust.App,
    topic: str,
    partition: int | None,
    key: bytes,
    value: bytes | None,
    headers: list[tuple[str, bytes]],
) -> Awaitable[object]:
    """Buffer one record in the aiokafka producer; the result is the future of its acknowledgement.

    Faust's own send (faust/topics.py:159) makes four objects a record, and only logs a send that failed.
    """
    producer = cast(Any, app.producer)._producer
    acknowledged: Awaitable[object] = await producer.send(topic, value, key=key, partition=partition, headers=headers)
    return acknowledged
