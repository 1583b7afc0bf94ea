"""Whether our topics keep what a worker counts on: samples until they are in a checkpoint, and the state for ever.

After a crash a pipeline begins at its last checkpoint, and reads again what has come since. Samples that have expired
by then are lost, and so is a section of the state that is not kept. A worker refuses to start on such topics: it would
lose data long after anybody looked.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from streams.settings.durations import HOUR_MS, SECOND_MS, format_duration
from streams.settings.errors import Problem
from streams.settings.model import Settings

REPLAY_MARGIN = 4
"""Samples are kept for so many times the age that a checkpoint may have: some are missed while the broker is away."""

RETENTION_MIN_MS = HOUR_MS
"""And for so long in any case: a worker that has crashed is not always back at once."""

PARTITION_BYTES_PER_S = 2**20
"""What a partition carries at most, compressed: it has one pipeline, and that one core."""

STATE_MESSAGE_BYTES_MIN = 2**20
"""A section of the state is one record of nearly this size."""

UNLIMITED = -1


class ReplayNeeds(NamedTuple):
    """What a topic has to keep that is replayed."""

    retention_ms: int
    retention_bytes: int


def replay_needs(checkpoint_age_max_ms: int) -> ReplayNeeds:
    """What a replay needs, where no checkpoint is older than this when the next one is begun."""
    replay_ms = REPLAY_MARGIN * checkpoint_age_max_ms
    return ReplayNeeds(max(replay_ms, RETENTION_MIN_MS), replay_ms * PARTITION_BYTES_PER_S // SECOND_MS)


def unfit(settings: Settings, configs: Mapping[str, Mapping[str, str]]) -> Iterator[Problem]:
    """What of the topics' configurations would lose data; those that the broker keeps to itself are passed over."""
    topics = settings.topics
    needs = replay_needs(settings.worker.checkpoint_interval_ms)
    for log in (topics.samples, topics.signals):
        yield from _unfit_log(log, configs.get(log, {}), needs)
    for state in (topics.state, topics.correlate_state):
        yield from _unfit_state(state, configs.get(state, {}))


def logs_and_states(settings: Settings) -> list[str]:
    """The topics that `unfit` looks at."""
    topics = settings.topics
    return [topics.samples, topics.signals, topics.state, topics.correlate_state]


def _unfit_log(topic: str, config: Mapping[str, str], needs: ReplayNeeds) -> Iterator[Problem]:
    retention_ms = int(config.get("retention.ms", UNLIMITED))
    if UNLIMITED < retention_ms < needs.retention_ms:
        yield Problem(
            topic,
            f"keeps records for {format_duration(retention_ms)} (retention.ms={retention_ms}), but the replay after a"
            f" crash needs {format_duration(needs.retention_ms)}: {REPLAY_MARGIN} times worker.checkpoint_interval, and"
            f" at least {format_duration(RETENTION_MIN_MS)}. {_mend(topic, 'retention.ms', needs.retention_ms)};"
            " topics.samples_retention is for topics that foreshock creates",
        )
    retention_bytes = int(config.get("retention.bytes", UNLIMITED))
    if UNLIMITED < retention_bytes < needs.retention_bytes:
        yield Problem(
            topic,
            f"keeps {retention_bytes} bytes of each partition (retention.bytes), but the replay after a crash may need"
            f" {needs.retention_bytes}: {REPLAY_MARGIN} times worker.checkpoint_interval, at 1 MiB a second."
            f" {_mend(topic, 'retention.bytes', UNLIMITED)}",
        )
    if "compact" in config.get("cleanup.policy", ""):
        yield Problem(
            topic,
            f"has cleanup.policy={config['cleanup.policy']}, and compaction removes what a replay needs."
            f" {_mend(topic, 'cleanup.policy', 'delete')}",
        )


def _unfit_state(topic: str, config: Mapping[str, str]) -> Iterator[Problem]:
    policy = config.get("cleanup.policy", "compact")
    if policy != "compact":
        yield Problem(
            topic,
            f"has cleanup.policy={policy}, which lets the state expire: it must be compact alone."
            f" {_mend(topic, 'cleanup.policy', 'compact')}",
        )
    message_bytes = int(config.get("max.message.bytes", STATE_MESSAGE_BYTES_MIN))
    if message_bytes < STATE_MESSAGE_BYTES_MIN:
        yield Problem(
            topic,
            f"takes messages of {message_bytes} bytes (max.message.bytes), and those of the state have up to"
            f" {STATE_MESSAGE_BYTES_MIN}. {_mend(topic, 'max.message.bytes', 2 * STATE_MESSAGE_BYTES_MIN)}",
        )


def _mend(topic: str, key: str, value: object) -> str:
    return (
        f"Mend it with kafka-configs.sh --alter --entity-type topics --entity-name {topic} --add-config {key}={value}"
    )
